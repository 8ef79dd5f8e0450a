"""``name``: globs, one of which fits the name of the file, without its folder; upper and lower case are the same."""

from __future__ import annotations

from pictrace.config import Located
from pictrace.config.fragments import TEXT, one_or_more
from pictrace.decide.answer import Answer
from pictrace.decide.conditions.base import SideTest
from pictrace.decide.globs import compile_names

NAME = "name"
SCHEMA = one_or_more(TEXT)


def parse(node: Located) -> SideTest:
    """Return the test that a rule asks for."""
    for entry in node.one_or_more('a name such as "IMG-*-WA*"'):
        if isinstance(entry.value, str) and "/" in entry.value:
            raise entry.error(f"{entry.found()} names a folder, and no file name holds a `/`: that is `path`")
    fits = compile_names(node)
    return lambda side: Answer.of(fits(side.path.name))
