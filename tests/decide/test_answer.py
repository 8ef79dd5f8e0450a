"""Kleene's laws."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis import given

from pictrace.decide.answer import Answer, all_of, any_of, negated

answers = st.sampled_from(Answer)
many = st.lists(answers, max_size=5)


@given(many)
def test_de_morgan_holds(given_answers: list[Answer]) -> None:
    assert negated(all_of(given_answers)) is any_of(map(negated, given_answers))
    assert negated(any_of(given_answers)) is all_of(map(negated, given_answers))


@given(answers)
def test_two_negations_cancel(answer: Answer) -> None:
    assert negated(negated(answer)) is answer


@given(answers, answers, answers)
def test_all_and_any_commute_associate_and_distribute(a: Answer, b: Answer, c: Answer) -> None:
    for first, second in ((all_of, any_of), (any_of, all_of)):
        assert first([a, b]) is first([b, a])
        assert first([a, first([b, c])]) is first([first([a, b]), c]) is first([a, b, c])
        assert first([a, second([b, c])]) is second([first([a, b]), first([a, c])])
        assert first([a, second([a, b])]) is a


@given(many, st.integers(0, 5))
def test_an_answer_with_doubt_in_it_holds_whatever_the_doubt_turns_out_to_be(
    given_answers: list[Answer], place: int
) -> None:
    for combine in (all_of, any_of):
        doubtful = combine([*given_answers[:place], Answer.CANNOT_TELL, *given_answers[place:]])

        if doubtful is not Answer.CANNOT_TELL:
            for sure in (Answer.YES, Answer.NO):
                assert combine([*given_answers[:place], sure, *given_answers[place:]]) is doubtful


def test_what_cannot_be_told_stays_so_under_not() -> None:
    assert negated(Answer.CANNOT_TELL) is Answer.CANNOT_TELL


def test_of_reads_none_as_cannot_tell() -> None:
    assert [Answer.of(value) for value in (True, False, None)] == [Answer.YES, Answer.NO, Answer.CANNOT_TELL]
