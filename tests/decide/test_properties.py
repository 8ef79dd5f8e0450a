"""What cannot be told never acts, whatever the rule; every condition and every variable is asked."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from pictrace.decide import Facts, SideFacts
from pictrace.decide.conditions import ALL, ALL_OF_GROUPS, ALL_OF_ROOTS, ALL_SIDES
from pictrace.decide.fields import FIELDS
from pictrace.decide.variables import VARIABLES
from pictrace.model import Direction, Edit, EditKind, Match, Metadata

Make = Callable[..., Any]

# Name → what it may say of a finding; those of a photo stand under a side below.
_OF_FINDINGS = {
    "relation": ["relation: rendition", "relation: [same-bytes, edited]"],
    "edits": ["edits: {any: [resized]}", "edits: {all: [resized, mirrored]}", "edits: {only: [re-encoded, resized]}"],
    "similarity": ["similarity: {at-least: 0.9}", "similarity: {at-most: 0.9}"],
    "certainty": ["certainty: verified", "certainty: proved"],
    "direction": ["direction: duplicate-from-keeper", "direction: keeper-from-duplicate"],
    "returned": ["returned: true", "returned: false"],
}
_OF_GROUPS = {
    "group": [
        *("group: {size: {at-least: 3}}", "group: {size: {at-most: 2}}", "group: {some: {has: faces}}"),
        *("group: {every: {camera: 'Canon*'}}", "group: {some: {not: {tags: a}}, size: {at-least: 2}}"),
    ]
}
_OF_PHOTOS = {
    "path": ["path: 'new*'"],
    "name": ["name: '*.png'", "name: 'new*'"],
    "root": ["root: photos"],
    "role": ["role: library", "role: archive"],
    "size": ["size: {at-least: 1kB}"],
    "pixels": ["pixels: {at-least: 100}", "pixels: {at-most: 100}"],
    "format": ["format: jpeg", "format: [raw, png]"],
    "camera": ["camera: 'Canon*'", "camera: '*'"],
    "captured-at": ["captured-at: {after: 2020-01-01}", "captured-at: {before: 2020-01-01}"],
    "age": ["age: {at-least: 30d}", "age: {at-most: 30d}"],
    "has": [f"has: {field}" for field in FIELDS] + ["has: [gps, keywords]"],
    "tags": ["tags: a", "tags: {any: [a, b]}", "tags: {all: ['a/*', b]}", "tags: {none: [b]}"],
}
# What can be told of every finding and every photo: all else has to know that it does not know.
_ALWAYS_TOLD = {"relation", "certainty", "path", "name", "root", "role", "size"}

# What a photo does not say, it does not have: these two are known where `camera` and `captured-at` are not.
_KNOWN_TO_BE_UNSAID = {"has: camera", "has: captured-at"}

_PHOTO = st.sampled_from([text for texts in _OF_PHOTOS.values() for text in texts if text not in _KNOWN_TO_BE_UNSAID])
_LEAF = st.one_of(
    st.sampled_from([text for texts in {**_OF_FINDINGS, **_OF_GROUPS}.values() for text in texts]),
    st.tuples(st.sampled_from(["new", "existing", "duplicate", "keeper"]), _PHOTO).map(
        lambda two: f"{two[0]}: {{{two[1]}}}"
    ),
)
_CONDITIONS = st.recursive(
    _LEAF,
    lambda inner: st.one_of(
        inner.map(lambda one: f"not: {{{one}}}"),
        st.lists(inner, min_size=1, max_size=3).map(lambda some: f"all: [{', '.join(f'{{{x}}}' for x in some)}]"),
        st.lists(inner, min_size=1, max_size=3).map(lambda some: f"any: [{', '.join(f'{{{x}}}' for x in some)}]"),
    ),
    max_leaves=6,
)


def _metadata(draw: st.DrawFn, *, is_told: bool) -> Metadata:
    """Return what a photo says of itself; where not all is told, it may be silent about its camera and its time."""
    silent = () if is_told else (None,)
    return Metadata(
        width_pixels=draw(st.sampled_from([5, 50])),
        height_pixels=5,
        format=draw(st.sampled_from(["jpeg", "png"])),
        camera=draw(st.sampled_from([*silent, "Canon R5", "Pixel 8"])),
        captured_at=draw(st.sampled_from([*silent, "2019-01-01T00:00:00", "2021-01-01T00:00:00"])),
        has_gps=draw(st.booleans()),
        has_faces=draw(st.booleans()),
        has_caption=draw(st.booleans()),
        rating=draw(st.sampled_from([None, 3])),
        keywords=draw(st.sampled_from([(), ("a",)])),
    )


def _draw_side(draw: st.DrawFn, make: Make, name: str, *, is_arrival: bool) -> SideFacts:
    return make(
        name,
        is_arrival=is_arrival,
        metadata=draw(st.none() | st.builds(lambda: _metadata(draw, is_told=False))),
        tags=draw(st.sampled_from([None, (), ("a",), ("a/b", "b")])),
        age_days=draw(st.sampled_from([None, 1.0, 100.0])),
    )


def _told_side(draw: st.DrawFn, side: SideFacts) -> SideFacts:
    """Return a photo with all filled in that it did not say."""
    truth = _metadata(draw, is_told=True)
    # Keywords that are known are all there are.
    metadata = truth if side.tags is None else replace(truth, keywords=())
    if side.metadata is not None:
        metadata = replace(
            side.metadata,
            camera=side.metadata.camera or truth.camera,
            captured_at=side.metadata.captured_at or truth.captured_at,
        )
    tags = side.tags
    if tags is None:
        tags = (*metadata.keywords, *draw(st.sampled_from([(), ("a",), ("a/b", "b")])))
    return replace(side, metadata=metadata, tags=tags, age_days=side.age_days or draw(st.sampled_from([1.0, 100.0])))


def _told_match(draw: st.DrawFn, match: Match) -> Match:
    kinds = [EditKind.RE_ENCODED, EditKind.RESIZED, EditKind.MIRRORED]
    some = draw(st.lists(st.sampled_from(kinds), min_size=1, unique=True))
    directions = [Direction.FILE_FROM_OTHER, Direction.OTHER_FROM_FILE]
    return replace(
        match,
        edits=match.edits or tuple(Edit(kind=kind) for kind in some),
        direction=draw(st.sampled_from(directions)) if match.direction is Direction.UNKNOWN else match.direction,
        similarity=draw(st.sampled_from([0.5, 0.95])) if math.isnan(match.similarity) else match.similarity,
    )


@st.composite
def findings(draw: st.DrawFn, make: Make, side: Make, match: Make) -> tuple[Facts, Facts]:
    """Return a finding about which something may not be known, and the same one with the truth about it."""
    new, old = _draw_side(draw, side, "new.jpg", is_arrival=True), _draw_side(draw, side, "old.png", is_arrival=False)
    third = _draw_side(draw, side, "third.jpg", is_arrival=False)
    doubtful = make(
        file=new,
        other=old,
        match=match(
            edits=draw(st.sampled_from([(), ("resized",), ("re-encoded", "resized")])),
            direction=draw(st.sampled_from(Direction)),
            similarity=draw(st.sampled_from([math.nan, 0.5, 0.95])),
        ),
        returned=draw(st.sampled_from([None, True, False])),
        group=draw(st.sampled_from([(), (new, old), (new, old, third)])),
    )
    told = {photo.path: _told_side(draw, photo) for photo in (new, old, third)}
    group = doubtful.group or draw(st.sampled_from([(new, old), (new, old, third)]))
    truth = replace(
        doubtful,
        file=told[new.path],
        other=told[old.path],
        match=_told_match(draw, doubtful.match),
        returned=draw(st.booleans()) if doubtful.returned is None else doubtful.returned,
        group=tuple(told[photo.path] for photo in group),
    )
    return doubtful, truth


def test_every_condition_is_asked_here() -> None:
    assert set(_OF_FINDINGS) == {condition.NAME for condition in ALL}
    assert set(_OF_GROUPS) == {condition.NAME for condition in ALL_OF_GROUPS}
    assert set(_OF_PHOTOS) == {condition.NAME for condition in (*ALL_SIDES, *ALL_OF_ROOTS)}


@given(condition=_CONDITIONS, data=st.data())
def test_a_rule_that_acts_would_act_whatever_the_unknown_turns_out_to_be(
    book: Make, facts: Make, side: Make, match: Make, condition: str, data: st.DataObject
) -> None:
    rules = book(f"- {{when: {{relation: rendition, all: [{{{condition}}}]}}, keep: older, do: [quarantine]}}")
    doubtful, truth = data.draw(findings(facts, side, match))

    if rules.judge(doubtful) is not None:
        assert rules.judge(truth) is not None


@given(condition=_CONDITIONS, data=st.data())
def test_a_rule_and_its_opposite_never_both_act(
    book: Make, facts: Make, side: Make, match: Make, condition: str, data: st.DataObject
) -> None:
    doubtful, _ = data.draw(findings(facts, side, match))
    rule, opposite = (
        book(f"- {{when: {{relation: rendition, all: [{{{when}}}]}}, do: [notify]}}")
        for when in (condition, f"not: {{{condition}}}")
    )

    assert rule.judge(doubtful) is None or opposite.judge(doubtful) is None


def _unknown(facts: Make, side: Make, match: Make) -> Facts:
    """Return a finding about which as little is known as can be."""
    new, old = (side(name, metadata=None, tags=None, age_days=None, is_arrival=True) for name in ("new.jpg", "old.jpg"))
    unmeasured = match("rendition", (), similarity=math.nan)
    return facts(file=new, other=old, match=unmeasured, returned=None, group=())


@pytest.mark.parametrize(
    "condition",
    [
        *(text for name, texts in {**_OF_FINDINGS, **_OF_GROUPS}.items() if name not in _ALWAYS_TOLD for text in texts),
        *(
            f"{word}: {{{text}}}"
            for name, texts in _OF_PHOTOS.items()
            if name not in _ALWAYS_TOLD
            for text in texts
            for word in ("new", "keeper")
        ),
    ],
)
@pytest.mark.parametrize(
    "form", ["{%s}", "{not: {%s}}", "{any: [{%s}]}", "{all: [{not: {%s}}]}", "{not: {any: [{%s}]}}"]
)
def test_nothing_is_done_about_what_cannot_be_told(
    book: Make, facts: Make, side: Make, match: Make, condition: str, form: str
) -> None:
    when = form % condition

    assert (
        book(f"- {{when: {{relation: rendition, all: [{when}]}}, do: [quarantine]}}").judge(
            _unknown(facts, side, match)
        )
        is None
    )


@given(names=st.lists(st.sampled_from(VARIABLES), min_size=1, max_size=4), data=st.data())
def test_a_text_that_is_filled_stays_whatever_the_unknown_turns_out_to_be(
    book: Make, facts: Make, side: Make, match: Make, names: list[str], data: st.DataObject
) -> None:
    text = "-".join(f"{{{name}}}" for name in names)
    rules = book(f"- {{when: {{relation: rendition}}, keep: older, do: [{{tag: '{text}'}}]}}")
    doubtful, truth = data.draw(findings(facts, side, match))

    plan, told = rules.judge(doubtful), rules.judge(truth)

    assert plan is not None
    assert plan.held is not None or plan == told
