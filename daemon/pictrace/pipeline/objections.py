"""What a person said and did before speaks against carrying a plan out."""

from __future__ import annotations

from pictrace.act import leaning_on, place_of
from pictrace.errors import shown
from pictrace.model import Change, ChangeKind, ChangeState, Plan, Verdict, Word
from pictrace.pipeline.braking import may_move
from pictrace.pipeline.claims import Claims
from pictrace.pipeline.events import FileFinding
from pictrace.pipeline.moments import day
from pictrace.store import Journal

REFUSED = "you refused this"
_SAID = {
    Word.NOT_DUPLICATE: "that these are no duplicates",
    Word.SAME_BURST: "that these are of one burst",
    Word.KEEP_BOTH: "to keep both",
}


def said(verdict: Verdict) -> str:
    """Return what a person said of two photos, and when."""
    return f"you said on {day(verdict.made_at)} {_SAID[verdict.word]}"


class Objections:
    """Says what speaks against a plan: a person, the past, or another program.

    Args:
        journal: what was said and done.
        claims: what other programs say.
    """

    def __init__(self, journal: Journal, claims: Claims) -> None:
        self._journal = journal
        self._claims = claims

    def to(self, plan: Plan, finding: FileFinding) -> str | None:
        """Return why a plan is not to be carried out, None where nothing speaks against it."""
        return only_told(plan, finding) or self._of_the_past(plan, finding) or self._claimed(plan)

    def _of_the_past(self, plan: Plan, finding: FileFinding) -> str | None:
        return _objection(self._journal, plan, finding)

    def _claimed(self, plan: Plan) -> str | None:
        return self._claims.of_plan(plan)


def only_told(plan: Plan, finding: FileFinding) -> str | None:
    """Return why a finding is told and not acted on: a person keeps both, or the other file is away; None for neither.

    A keyword on the photo that is there says where else it is, and so it may be set.
    """
    wanted = {step.action for step in plan.steps} - {"notify"}
    if finding.verdict is not None and finding.verdict.word is Word.KEEP_BOTH and wanted:
        return said(finding.verdict)
    if finding.away is not None and wanted - {"tag"}:
        return f"{shown(finding.away.root)} is away: nothing is done because of what lies there"
    return None


def _objection(journal: Journal, plan: Plan, finding: FileFinding) -> str | None:
    """Return why a plan is not to be carried out, by what became of its photos before."""
    content_hash, keeper_hash = (finding.side_at(path).content_hash for path in (plan.duplicate, plan.keeper))
    if journal.brake.is_refused(duplicate=content_hash, keeper=keeper_hash, rule=plan.rule):
        return REFUSED
    kinds = {step.action for step in plan.steps}
    at_keeper = (one for one in journal.changes_of(keeper_hash) if one.keeper_hash == content_hash)
    written = (one for one in at_keeper if one.kind.writes_sidecar)
    for change in (*journal.changes_of(content_hash), *written):
        if change.state is ChangeState.UNDONE and change.kind.value in kinds:
            return f"you took this back (change {change.id})"
        words = _own_work(change, plan) if change.state is ChangeState.DONE else None
        if words is not None:
            return f"{words} (change {change.id})"
    leaning = leaning_on(content_hash, journal) if may_move(plan) and keeper_hash != content_hash else ()
    # The guard would refuse it, each time it is tried.
    return f"it is what stays of change {leaning[0].id}, which lies in {place_of(leaning[0])}" if leaning else None


def _own_work(change: Change, plan: Plan) -> str | None:
    """Return what speaks against a plan in what a rule did: what it put somewhere is a copy there too, for ever."""
    match change.kind:
        case ChangeKind.MOVE if change.target == plan.duplicate and may_move(plan):
            return "a rule put it there"
        case ChangeKind.COPY if change.target == plan.duplicate:
            return "a rule put it there"
        case ChangeKind.COPY if change.target == plan.keeper and may_move(plan):
            return "the one that would stay is a copy that a rule made"
        case _ if change.kind.is_link and change.source == plan.duplicate and may_move(plan):
            return "it shares the data of its keeper"
    return None
