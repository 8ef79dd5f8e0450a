"""What a person said and did before speaks against carrying a plan out."""

from __future__ import annotations

import datetime

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


def kept_both(plan: Plan, finding: FileFinding) -> str | None:
    """Return that a person wants both photos left as they are, None where he said nothing of that."""
    verdict = finding.verdict
    if verdict is None or verdict.word is not Word.KEEP_BOTH:
        return None
    return said(verdict) if any(step.action != "notify" for step in plan.steps) else None


def objection(journal: Journal, plan: Plan, finding: FileFinding) -> str | None:
    """Return why a plan is not to be carried out, by what became of its photos before."""
    by_path = {file.path: file.content_hash for file in (finding.file, finding.other)}
    content_hash, keeper_hash = by_path[plan.duplicate], by_path[plan.keeper]
    if journal.brake.is_refused(duplicate=content_hash, keeper=keeper_hash, rule=plan.rule):
        return REFUSED
    kinds = {step.action for step in plan.steps}
    for change in journal.changes_of(content_hash):
        if change.state is ChangeState.UNDONE and change.kind.value in kinds:
            return f"you took this back (change {change.id})"
        # What a rule put somewhere is a copy there too: it would be moved for ever.
        is_ours = (change.kind, change.state, change.target) == (ChangeKind.MOVE, ChangeState.DONE, plan.duplicate)
        if is_ours and may_move(plan):
            return f"a rule put it there (change {change.id})"
    leaning = journal.kept_for(content_hash) if may_move(plan) and keeper_hash != content_hash else ()
    # The guard would refuse it, each time it is tried.
    return f"it is what stays of change {leaning[0].id}, which lies in quarantine" if leaning else None
