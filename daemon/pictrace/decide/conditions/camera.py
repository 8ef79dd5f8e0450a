"""``camera``: the camera's name, with ``*`` for any letters; upper and lower case are the same."""

from __future__ import annotations

from pictrace.config import Located
from pictrace.config.fragments import TEXT, one_or_more
from pictrace.decide.answer import Answer
from pictrace.decide.conditions.base import SideTest
from pictrace.decide.facts import SideFacts
from pictrace.decide.globs import compile_names

NAME = "camera"
SCHEMA = one_or_more(TEXT)


def parse(node: Located) -> SideTest:
    """Return the test that a rule asks for."""
    fits = compile_names(node)

    def test(side: SideFacts) -> Answer:
        camera = None if side.metadata is None else side.metadata.camera
        return Answer.CANNOT_TELL if camera is None else Answer.of(fits(camera))

    return test
