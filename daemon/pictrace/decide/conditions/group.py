"""``group``: the star that the finding belongs to: its ``size``, and what ``some`` or ``every`` photo of it is."""

from __future__ import annotations

from collections.abc import Callable

from pictrace.config import Located
from pictrace.config.fragments import PHOTO, bounded, section
from pictrace.decide.answer import Answer, all_of, any_of
from pictrace.decide.conditions.base import CaseTest, ReadSide, SideTest, bounds
from pictrace.decide.facts import SideFacts

NAME = "group"
_MOST_PHOTOS = 10**9
SCHEMA = section(
    {
        "size": bounded({"type": "integer", "minimum": 1, "maximum": _MOST_PHOTOS}),
        "some": PHOTO,
        "every": PHOTO,
    },
    is_any_needed=True,
)

_GroupTest = Callable[[tuple[SideFacts, ...]], Answer]


def parse(node: Located, read_side: ReadSide) -> CaseTest:
    """Return the test that a rule asks for; conditions on one photo are read by ``read_side``."""
    keys = node.section("`group`", ("size", "some", "every"))
    if not keys:
        raise node.error("expected `size`, `some` or `every`, as in `group: {size: {at-least: 3}}`")
    tests: list[_GroupTest] = []
    if "size" in keys:
        fits = bounds(keys["size"], lambda bound: bound.whole_number("a number of photos", low=1, high=_MOST_PHOTOS))
        tests.append(lambda group: fits(len(group)))
    if "some" in keys:
        tests.append(_over(any_of, read_side(keys["some"], "`some`")))
    if "every" in keys:
        tests.append(_over(all_of, read_side(keys["every"], "`every`")))

    def test(group: tuple[SideFacts, ...]) -> Answer:
        return all_of(one(group) for one in tests) if group else Answer.CANNOT_TELL

    return lambda case: test(case.facts.group)


def _over(combine: Callable[..., Answer], test: SideTest) -> _GroupTest:
    return lambda group: combine(test(side) for side in group)
