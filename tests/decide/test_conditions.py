"""Each condition: when it says yes, no, and cannot tell."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pictrace.decide import Facts, RuleBook
from pictrace.model import Certainty, Direction, Role

Make = Callable[..., Any]
YES, NO, CANNOT_TELL = "yes", "no", "cannot tell"


@pytest.fixture(scope="session")
def answer(book: Callable[..., RuleBook]) -> Callable[[str, Facts], str]:
    """Return what a condition says, seen from outside: by what it and its opposite match."""

    def ask(condition: str, facts: Facts) -> str:
        every = "relation: [same-bytes, same-pixels, rendition, edited, part], certainty: suspected"
        rules = book(f"""
            - {{name: 'yes', when: {{{every}, all: [{{{condition}}}]}}, do: [notify]}}
            - {{name: 'no', when: {{{every}, not: {{{condition}}}}}, do: [notify]}}
            """)
        plan = rules.judge(facts)
        return CANNOT_TELL if plan is None else plan.rule

    return ask


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("relation: rendition", YES),
        ("relation: [same-bytes, edited]", NO),
        ("edits: {any: [cropped, resized]}", YES),
        ("edits: {any: [cropped]}", NO),
        ("edits: {all: [resized, re-encoded]}", YES),
        ("edits: {all: [resized, mirrored]}", NO),
        ("edits: {only: [resized, re-encoded, rotated]}", YES),
        ("edits: {only: [resized]}", NO),
        ("edits: {any: [resized], only: [resized]}", NO),
        ("similarity: {at-least: 0.97}", YES),
        ("similarity: {at-least: 0.98}", NO),
        ("similarity: {at-least: 0.9, at-most: 0.95}", NO),
        ("certainty: verified", YES),
        ("certainty: proved", NO),
    ],
)
def test_conditions_on_the_finding(answer: Make, facts: Make, match: Make, condition: str, expected: str) -> None:
    finding = facts(match=match("rendition", ("re-encoded", "resized")))

    assert answer(condition, finding) == expected


def test_edits_of_proved_copies_are_known_to_be_none(answer: Make, facts: Make, match: Make) -> None:
    assert answer("edits: {only: [resized]}", facts(match=match("same-bytes"))) == YES


def test_edits_that_nobody_measured_cannot_be_told(answer: Make, facts: Make, match: Make) -> None:
    assert answer("edits: {only: [resized]}", facts(match=match("rendition", ()))) == CANNOT_TELL


def test_a_similarity_that_is_no_number_cannot_be_told(answer: Make, facts: Make, match: Make) -> None:
    assert answer("similarity: {at-most: 0.9}", facts(match=match(similarity=math.nan))) == CANNOT_TELL


@pytest.mark.parametrize(
    ("direction", "expected"),
    [
        (Direction.FILE_FROM_OTHER, YES),
        (Direction.OTHER_FROM_FILE, NO),
        (Direction.UNKNOWN, CANNOT_TELL),
    ],
)
def test_direction_is_told_by_the_roles(
    answer: Make, facts: Make, match: Make, direction: Direction, expected: str
) -> None:
    finding = facts(match=match(direction=direction))  # the file has fewer pixels: it is the duplicate

    assert answer("direction: duplicate-from-keeper", finding) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("path: '**/WhatsApp*/**'", YES),
        ("path: '**/{Telegram,WhatsApp}*/**'", YES),
        ("path: ['Inbox/**', '**/*.JPG']", YES),
        ("path: '*.jpg'", NO),
        ("path: '/photos/Phone/**'", YES),
        ("path: '/elsewhere/**'", NO),
        ("path: '**/WhatsApp'", NO),
        ("name: 'img*1.JPG'", YES),
        ("name: ['*.png', '{IMG,VID}*']", YES),
        ("name: 'WhatsApp*'", NO),
        ("root: /photos", YES),
        ("root: photos", YES),
        ("root: [/other]", NO),
        ("role: [library, inbox]", YES),
        ("role: archive", NO),
        ("size: {at-least: 300kB, at-most: 0.3MB}", YES),
        ("size: {at-most: 299kB}", NO),
        ("pixels: {at-least: 3000000}", YES),
        ("pixels: {at-least: 3000001}", NO),
        ("format: [png, jpeg]", YES),
        ("format: raw", NO),
        ("camera: 'canon*'", YES),
        ("camera: ['Nikon*', 'Pixel*']", NO),
        ("captured-at: {after: 2020-05-31, before: 2020-06-01}", YES),
        ("captured-at: {after: 2020-06-01}", NO),
        ("captured-at: {before: 2020-05-31}", NO),
        ("age: {at-least: 10d}", YES),
        ("age: {at-most: 1h}", NO),
        ("has: gps", YES),
        ("has: [gps, camera, captured-at]", YES),
        ("has: [gps, caption]", NO),
        ("has: [faces, keywords]", YES),
        ("tags: pictrace/copy", YES),
        ("tags: Pictrace", YES),
        ("tags: copy", NO),
        ("tags: '**/copy'", YES),
        ("tags: 'pictrace/*'", YES),
        ("tags: '*'", YES),
        ("tags: 'pict*'", YES),
        ("tags: pict", NO),
        ("tags: {any: [nothing, 'holi*']}", YES),
        ("tags: {any: [nothing]}", NO),
        ("tags: {all: [holiday, pictrace]}", YES),
        ("tags: {all: [holiday, nothing]}", NO),
        ("tags: {none: [nothing, pict]}", YES),
        ("tags: {none: [nothing, pictrace]}", NO),
        ("tags: {any: holiday, none: pictrace}", NO),
        ("any: [{format: raw}, {has: gps}]", YES),
        ("not: {format: raw}", YES),
    ],
)
def test_conditions_on_a_side(facts: Make, side: Make, book: Make, condition: str, expected: str) -> None:
    photo = side(
        "Phone/WhatsApp Images/IMG\n1.jpg",
        is_arrival=True,
        size_bytes=300_000,
        width_pixels=2000,
        height_pixels=1500,
        camera="Canon EOS R5",
        captured_at="2020-05-31T23:59:59.5+02:00",
        has_gps=True,
        has_faces=True,
        tags=("holiday", "pictrace/copy/small"),
    )
    rules = book(
        f"""
        - {{name: 'yes', when: {{duplicate: {{{condition}}}}}, do: [notify]}}
        - {{name: 'no', when: {{not: {{duplicate: {{{condition}}}}}}}, do: [notify]}}
        """,
        roots=("/photos", "/other"),
    )

    plan = rules.judge(facts(file=photo))

    assert plan is not None
    assert plan.rule == expected


@pytest.mark.parametrize(
    "condition",
    [
        "camera: '*'",
        "captured-at: {after: 1900-01-01}",
        "age: {at-least: 0s}",
        "tags: '*'",
        "tags: {none: [a]}",
        "has: keywords",
        "has: [gps, keywords]",
    ],
)
def test_what_the_photo_does_not_say_cannot_be_told(answer: Make, facts: Make, side: Make, condition: str) -> None:
    finding = facts(file=side("new.jpg", is_arrival=True, age_days=None, width_pixels=20, has_gps=True))

    assert answer(f"duplicate: {{{condition}}}", finding) == CANNOT_TELL


@pytest.mark.parametrize(
    "condition",
    [
        "pixels: {at-least: 1}",
        "format: jpeg",
        "has: gps",
        "has: faces",
        "camera: '*'",
        "captured-at: {before: 2030-01-01}",
    ],
)
def test_nothing_is_told_of_a_picture_that_could_not_be_read(
    answer: Make, facts: Make, side: Make, match: Make, condition: str
) -> None:
    finding = facts(file=side("new.jpg", is_arrival=True, metadata=None), match=match("same-bytes"))

    assert answer(f"new: {{{condition}}}", finding) == CANNOT_TELL


@pytest.mark.parametrize(("tags", "expected"), [(("a",), YES), ((), NO), (None, YES)])
def test_keywords_are_those_in_the_file_and_in_the_sidecar(
    answer: Make, facts: Make, side: Make, tags: tuple[str, ...] | None, expected: str
) -> None:
    photo = side("new.jpg", is_arrival=True, tags=tags, keywords=("b",) if tags is None else ())

    assert answer("new: {has: keywords}", facts(file=photo)) == expected


@pytest.mark.parametrize(
    ("returned", "condition", "expected"),
    [
        (True, "returned: true", YES),
        (True, "returned: false", NO),
        (False, "returned: true", NO),
        (False, "returned: false", YES),
        (None, "returned: true", CANNOT_TELL),
        (None, "returned: false", CANNOT_TELL),
    ],
)
def test_a_photo_that_returned(answer: Make, facts: Make, returned: bool | None, condition: str, expected: str) -> None:
    assert answer(condition, facts(returned=returned)) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("group: {size: {at-least: 3}}", YES),
        ("group: {size: {at-least: 4}}", NO),
        ("group: {size: {at-most: 2}}", NO),
        ("group: {some: {path: 'Albums/**'}}", YES),
        ("group: {some: {path: 'Nowhere/**'}}", NO),
        ("group: {some: {camera: 'Leica*'}}", CANNOT_TELL),
        ("group: {every: {name: '*.jpg'}}", YES),
        ("group: {every: {path: 'Albums/**'}}", NO),
        ("group: {every: {camera: 'Canon*'}}", CANNOT_TELL),
        ("group: {every: {any: [{path: 'Albums/**'}, {not: {path: 'Albums/**'}}]}}", YES),
        ("group: {size: {at-least: 3}, some: {path: 'Nowhere/**'}}", NO),
    ],
)
def test_a_rule_sees_the_whole_group(answer: Make, facts: Make, side: Make, condition: str, expected: str) -> None:
    new, old = side("new.jpg", is_arrival=True), side("Albums/old.jpg", camera="Canon R5")
    finding = facts(file=new, other=old, group=(new, old, side("third.jpg")))

    assert answer(condition, finding) == expected


@pytest.mark.parametrize("condition", ["size: {at-least: 1}", "some: {path: '**'}", "every: {path: '**'}"])
def test_a_group_that_is_not_known_cannot_be_told(answer: Make, facts: Make, condition: str) -> None:
    assert answer(f"group: {{{condition}}}", facts()) == CANNOT_TELL


@pytest.mark.parametrize("taken", ["2020:05:31 10:00:00", "2020-02-31T10:00:00", "0000-00-00T00:00:00", ""])
def test_a_date_in_another_shape_cannot_be_told(answer: Make, facts: Make, side: Make, taken: str) -> None:
    finding = facts(file=side("new.jpg", is_arrival=True, captured_at=taken))

    assert answer("new: {captured-at: {after: 2000-01-01}}", finding) == CANNOT_TELL


@pytest.mark.parametrize(
    ("word", "name"), [("new", "in"), ("existing", "there"), ("keeper", "there"), ("duplicate", "in")]
)
def test_every_side_has_its_word(answer: Make, facts: Make, side: Make, word: str, name: str) -> None:
    finding = facts(file=side("in/a.jpg", is_arrival=True, width_pixels=10), other=side("there/b.jpg"))

    assert answer(f"{word}: {{path: '{name}/**'}}", finding) == YES


def test_a_name_that_is_no_utf8_is_matched_like_any_other(answer: Make, facts: Make, side: Make) -> None:
    finding = facts(file=side("in/\udcff.jpg", is_arrival=True))

    assert answer("new: {path: 'in/*.jpg'}", finding) == YES


def test_hidden_folders_are_matched(answer: Make, facts: Make, side: Make) -> None:
    assert answer("new: {path: '**/*.jpg'}", facts(file=side(".hidden/.a.jpg", is_arrival=True))) == YES


def test_roles_reach_the_conditions(answer: Make, facts: Make, side: Make) -> None:
    finding = facts(other=side("old.jpg", role=Role.ARCHIVE, root=Path("/archive")))

    assert answer("existing: {role: archive}", finding) == YES


def test_suspected_is_matched_where_it_is_named(answer: Make, facts: Make, match: Make) -> None:
    finding = facts(match=match(certainty=Certainty.SUSPECTED))

    assert answer("certainty: suspected", finding) == YES
    assert answer("certainty: verified", finding) == NO
