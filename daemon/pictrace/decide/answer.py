"""Yes, no, cannot tell: Kleene's strong three-valued logic. What cannot be told never acts."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Answer(Enum):
    """What a condition says of a finding."""

    NO = 0
    CANNOT_TELL = 1
    YES = 2

    @classmethod
    def of(cls, is_true: bool | None) -> Answer:
        """Return yes or no, and *cannot tell* for None."""
        return cls.CANNOT_TELL if is_true is None else cls.YES if is_true else cls.NO


def all_of(answers: Iterable[Answer]) -> Answer:
    """Return no if any is no, else *cannot tell* if any is that, else yes."""
    return min(answers, key=lambda answer: answer.value, default=Answer.YES)


def any_of(answers: Iterable[Answer]) -> Answer:
    """Return yes if any is yes, else *cannot tell* if any is that, else no."""
    return max(answers, key=lambda answer: answer.value, default=Answer.NO)


def negated(answer: Answer) -> Answer:
    """Return the opposite; what cannot be told stays so."""
    return Answer(2 - answer.value)
