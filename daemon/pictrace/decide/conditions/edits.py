"""``edits``: what was done to one photo to get the other: ``any``, ``all`` or ``only`` of a list of edits."""

from __future__ import annotations

from pictrace.config import Located
from pictrace.decide.answer import Answer
from pictrace.decide.conditions.base import CaseTest, one_of
from pictrace.decide.facts import Case
from pictrace.model import EditKind

NAME = "edits"


def parse(node: Located) -> CaseTest:
    """Return the test that a rule asks for."""
    known = tuple(kind.value for kind in EditKind)
    keys = node.section("`edits`", ("any", "all", "only"))
    if not keys:
        raise node.error("expected `any`, `all` or `only` with a list of edits")
    wanted = {name: one_of(value, known, "edit") for name, value in keys.items()}

    def test(case: Case) -> Answer:
        found = {edit.kind.value for edit in case.facts.match.edits}
        return Answer.of(
            ("any" not in wanted or bool(found & wanted["any"]))
            and ("all" not in wanted or wanted["all"] <= found)
            and ("only" not in wanted or found <= wanted["only"])
        )

    return test
