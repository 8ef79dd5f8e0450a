"""``edits``: what was done to one photo to get the other: ``any``, ``all`` or ``only`` of a list of edits."""

from __future__ import annotations

from pictrace.config import Located
from pictrace.config.fragments import one_or_more, section, words
from pictrace.decide.answer import Answer
from pictrace.decide.conditions.base import CaseTest, one_of
from pictrace.decide.facts import Case
from pictrace.model import EditKind, Relation

NAME = "edits"
_KNOWN = tuple(kind.value for kind in EditKind)
_WAYS = ("any", "all", "only")
SCHEMA = section(dict.fromkeys(_WAYS, one_or_more(words(_KNOWN))), is_any_needed=True)
_UNEDITED = (Relation.SAME_BYTES, Relation.SAME_PIXELS)


def parse(node: Located) -> CaseTest:
    """Return the test that a rule asks for."""
    keys = node.section("`edits`", _WAYS)
    if not keys:
        raise node.error("expected `any`, `all` or `only` with a list of edits")
    wanted = {name: one_of(value, _KNOWN, "edit") for name, value in keys.items()}

    def test(case: Case) -> Answer:
        if not case.facts.match.edits and case.facts.match.relation not in _UNEDITED:
            return Answer.CANNOT_TELL  # something was done to one of them, and it is not known what
        found = {edit.kind.value for edit in case.facts.match.edits}
        return Answer.of(
            ("any" not in wanted or bool(found & wanted["any"]))
            and ("all" not in wanted or wanted["all"] <= found)
            and ("only" not in wanted or found <= wanted["only"])
        )

    return test
