"""What a person said and did before speaks against carrying a plan out."""

from __future__ import annotations

import datetime

from pictrace.errors import shown
from pictrace.model import ChangeKind, ChangeState, Plan, Verdict, Word
from pictrace.pipeline.braking import may_move
from pictrace.pipeline.events import FileFinding
from pictrace.store import Journal

REFUSED = "you refused this"
_SAID = {
    Word.NOT_DUPLICATE: "that these are no duplicates",
    Word.SAME_BURST: "that these are of one burst",
    Word.KEEP_BOTH: "to keep both",
}


def said(verdict: Verdict) -> str:
    """Return what a person said of two photos, and when."""
    day = datetime.datetime.fromtimestamp(verdict.made_at).astimezone()
    return f"you said on {day:%Y-%m-%d} {_SAID[verdict.word]}"


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


def objection(journal: Journal, plan: Plan, finding: FileFinding) -> str | None:
    """Return why a plan is not to be carried out, by what became of its photos before."""
    by_path = {file.path: file.content_hash for file in (finding.file, finding.other)}
    content_hash, keeper_hash = by_path[plan.duplicate], by_path[plan.keeper]
    if journal.brake.is_refused(duplicate=content_hash, keeper=keeper_hash, rule=plan.rule):
        return REFUSED
    kinds = {step.action for step in plan.steps}
    at_keeper = (one for one in journal.changes_of(keeper_hash) if one.keeper_hash == content_hash)
    written = (one for one in at_keeper if one.kind.writes_sidecar)
    for change in (*journal.changes_of(content_hash), *written):
        if change.state is ChangeState.UNDONE and change.kind.value in kinds:
            return f"you took this back (change {change.id})"
        # What a rule put somewhere is a copy there too: it would be moved for ever.
        is_ours = (change.kind, change.state, change.target) == (ChangeKind.MOVE, ChangeState.DONE, plan.duplicate)
        if is_ours and may_move(plan):
            return f"a rule put it there (change {change.id})"
    leaning = journal.kept_for(content_hash) if may_move(plan) and keeper_hash != content_hash else ()
    # The guard would refuse it, each time it is tried.
    return f"it is what stays of change {leaning[0].id}, which lies in quarantine" if leaning else None
