"""``tags``: the photo's keywords, in its file and its sidecar; ``any``, ``all`` or ``none`` of a list of globs."""

from __future__ import annotations

from pictrace.config import Located
from pictrace.config.fragments import TEXT, one_or_more, section
from pictrace.decide.answer import Answer
from pictrace.decide.conditions.base import SideTest
from pictrace.decide.facts import SideFacts
from pictrace.decide.globs import TagTest, compile_tag, compile_tags

NAME = "tags"
_WAYS = ("any", "all", "none")
SCHEMA = {"anyOf": [TEXT, section(dict.fromkeys(_WAYS, one_or_more(TEXT)), is_any_needed=True)]}


def parse(node: Located) -> SideTest:
    """Return the test that a rule asks for."""
    if isinstance(node.value, str):
        has_one = compile_tag(node)
        return lambda side: Answer.of(None if side.tags is None else has_one(side.tags))
    if isinstance(node.value, tuple):
        raise node.error("expected `any`, `all` or `none` before a list of tags, as in `tags: {any: [a, b]}`")
    keys = node.section("`tags`", _WAYS)
    if not keys:
        raise node.error("expected a tag, or `any`, `all` or `none` with a list of them")
    wanted = {name: compile_tags(value) for name, value in keys.items()}

    def test(side: SideFacts) -> Answer:
        return Answer.of(None if side.tags is None else _holds(wanted, side.tags))

    return test


def _holds(wanted: dict[str, tuple[TagTest, ...]], tags: tuple[str, ...]) -> bool:
    return (
        any(fits(tags) for fits in wanted.get("any", ())) is ("any" in wanted)
        and all(fits(tags) for fits in wanted.get("all", ()))
        and not any(fits(tags) for fits in wanted.get("none", ()))
    )
