"""One keeper for a whole group: what was not verified against it is not acted on."""

from __future__ import annotations

from collections.abc import Sequence

from pictrace.decide.actions import is_moving
from pictrace.decide.facts import Case
from pictrace.decide.keep import KeepRule, chosen_keeper
from pictrace.model import Certainty, Match, Relation, Role, Step

# Of two members that were never compared with each other nothing is known but that both are copies of the head.
_MEMBERS = Match(relation=Relation.RENDITION, certainty=Certainty.VERIFIED, similarity=1.0)


def off_group(policy: tuple[KeepRule, ...], case: Case, steps: Sequence[Step]) -> str | None:
    """Return why nothing is moved, where the group that the two belong to has another keeper than theirs.

    Else each pair of a group would choose its own: one photo would go because of another one that goes, too. Equal
    files are one photo, whichever of them stays. An archive is nobody's keeper.
    """
    pair = case.keeper.content_hash, case.duplicate.content_hash
    if pair[0] == pair[1] or not any(is_moving(step) for step in steps):
        return None
    members = [case.keeper]
    members += [one for one in case.facts.rivals if one.role is not Role.ARCHIVE and one.content_hash not in pair]
    best = members[0]
    for member in sorted(members[1:], key=lambda one: (one.relative, str(one.path))):
        best = chosen_keeper(policy, best, member, _MEMBERS)[0]
    if best is case.keeper:
        return None
    return f"{best.relative} is the one to keep of this group, and {case.duplicate.relative} was not compared with it"
