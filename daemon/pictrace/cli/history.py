"""What was done to a photo, in words, and how to take it back."""

from __future__ import annotations

from pictrace.cli.show import unchanged_words
from pictrace.errors import shown
from pictrace.model import Change, ChangeKind, ChangeState
from pictrace.pipeline.events import ChangeEvent, Json
from pictrace.pipeline.moments import moment
from pictrace.pipeline.past import Past

_DONE = {
    ChangeKind.QUARANTINE: "quarantined",
    ChangeKind.MOVE: "moved",
    ChangeKind.TRASH: "put in the trash",
    ChangeKind.HARDLINK: "made one with its keeper (hardlink)",
    ChangeKind.REFLINK: "made to share the data of its keeper (reflink)",
    ChangeKind.COPY: "copied",
    ChangeKind.TAG: "tagged",
    ChangeKind.MERGE_METADATA: "metadata merged into its sidecar",
    ChangeKind.NOTIFY: "told",
    ChangeKind.RUN: "a program was run",
}
_ENDINGS = {
    ChangeState.UNDONE: "taken back",
    ChangeState.ABORTED: "not done",
    ChangeState.NEEDS_ATTENTION: "needs you",
}


def past_words(past: Past) -> str:
    """Return one line: what was done when, by which rule, and the command that takes it back."""
    change = past.change
    place = f" ({shown(past.rule_place)})" if past.rule_place else ""
    rule = "" if change.rule is None else f" by the rule '{shown(change.rule)}'{place}"
    done = _DONE.get(change.kind, change.kind.value)
    if change.details.get("is_unchanged"):
        done = f"{change.kind.value}, {unchanged_words(change)},"
    what = f"{done} {moment(change.made_at)} as change {change.id}{rule}"
    return f"{shown(change.source)}: {what}{_goes(change)}{_kept(past)}{_ending(past)}"


def past_json(past: Past) -> Json:
    """Return it as `log` gives it in JSON."""
    event = ChangeEvent(change=past.change)
    why = {"keeper_reason": past.keeper_reason, "rule_place": past.rule_place}
    return {**event.to_json(), "at": past.change.made_at, "purged_at": past.purged_at, **why}


def _goes(change: Change) -> str:
    is_nowhere = change.target is None or change.details.get("is_unchanged")
    return "" if is_nowhere else f" → {shown(change.target or '')}"


def _kept(past: Past) -> str:
    """Return which photo stays, and by which line of the keeper policy; nothing where that was not written down."""
    found = past.kept
    return "" if found is None else f"; kept: {shown(found.name)} by {shown(past.keeper_reason or '')}"


def _ending(past: Past) -> str:
    change = past.change
    if past.purged_at is not None:
        return f"; thrown away for good {moment(past.purged_at)}"
    if change.state is ChangeState.DONE:
        can_undo = change.kind.is_reversible and not change.details.get("is_unchanged")
        return f"; `pictrace undo {change.id}` takes it back" if can_undo else ""
    words = _ENDINGS.get(change.state, "not ended yet")
    return f"; {words}: {shown(change.error)}" if change.error else f"; {words}"
