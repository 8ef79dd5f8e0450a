"""Findings and changes in words a person reads."""

from __future__ import annotations

from pathlib import Path
from typing import assert_never

from rich import box
from rich.table import Table
from rich.text import Text

from pictrace.errors import shown
from pictrace.match.wording import (
    box_words,
    certainty_words,
    direction_words,
    edit_label,
    edit_words,
    limit_words,
    relation_words,
)
from pictrace.model import Change, ChangeKind, Match, Plan, Relation, Verdict
from pictrace.pipeline.events import (
    Away,
    ChangeEvent,
    Event,
    FindingEvent,
    HeldEvent,
    ReturnedEvent,
    SummaryEvent,
    UnreadableEvent,
)
from pictrace.pipeline.moments import day
from pictrace.pipeline.objections import said

_RELATION_STYLE = {
    Relation.SAME_BYTES: "green",
    Relation.SAME_PIXELS: "green",
    Relation.RENDITION: "cyan",
    Relation.EDITED: "magenta",
    Relation.PART: "magenta",
    Relation.BURST: "yellow",
    Relation.SAME_SCENE: "yellow",
    Relation.UNRELATED: "dim",
}


def describe_event(event: Event) -> list[Text]:
    """Return an event as lines for a terminal."""
    match event:
        case FindingEvent():
            return describe_finding(event)
        case ReturnedEvent():
            return [describe_returned(event)]
        case ChangeEvent():
            return [describe_change(event)]
        case HeldEvent():
            return [describe_held(event)]
        case UnreadableEvent():
            return [Text.assemble(("unreadable  ", "red"), shown(event.path), f": {event.error}")]
        case SummaryEvent():
            return [describe_summary(event)]
        case _:
            assert_never(event)


def describe_finding(event: FindingEvent) -> list[Text]:
    """Return a finding as one line, and a second one with what the rules want."""
    finding, plan = event.finding, event.plan
    lines = [describe_match(finding.file.path, finding.other.path, finding.match)]
    lines += describe_memory(finding.verdict, finding.away)
    if event.is_returned:
        lines.append(Text(f"{'':12}returned: you put it away before", style="yellow"))
    return lines if plan is None else [*lines, describe_plan(plan)]


def describe_memory(verdict: Verdict | None, away: Away | None) -> list[Text]:
    """Return what a person said of two photos, and which archive is away; a line for each there is."""
    lines = [] if verdict is None else [Text(f"{'':12}{said(verdict)}", style="yellow")]
    if away is not None:
        since = "" if away.since is None else f" since {day(away.since)}"
        lines.append(Text(f"{'':12}you have it on {shown(away.root)}, which is away{since}", style="yellow"))
    return lines


def describe_returned(event: ReturnedEvent) -> Text:
    """Return a photo that is there again without what was kept in its place, in one line."""
    stone = event.stone
    return Text.assemble(
        (f"{'returned':<12}", "yellow"),
        (shown(event.path), "bold"),
        f"  {stone.farewell.value} on {day(stone.made_at)} as {shown(stone.name)}; no kept copy",
    )


def describe_match(file: Path, other: Path, match: Match) -> Text:
    """Return how two files are related, in one line."""
    parts = [edit_label(edit) for edit in match.edits]
    edits = f"  ({', '.join(parts)})" if parts else ""
    return Text.assemble(
        (f"{match.relation.value:<12}", _RELATION_STYLE[match.relation]),
        (shown(file), "bold"),
        "  of  " if match.relation.is_copy else "  and  ",
        shown(other),
        edits,
        ("" if match.relation is Relation.UNRELATED else f"  {match.certainty.value} {match.similarity:.2f}", "dim"),
    )


def describe_plan(plan: Plan) -> Text:
    """Return what the rules want, on which file, and which line of the keeper policy decided."""
    steps = ", ".join(step.action for step in plan.steps)
    wanted = f"→ {steps} {shown(plan.duplicate.name)}" if steps else "→ left alone"
    text = Text.assemble(
        f"{'':12}{wanted}",
        (
            f"  rule: {shown(plan.rule)}{_place(plan)}; kept: {shown(plan.keeper.name)} by {shown(plan.keeper_reason)}",
            "dim",
        ),
    )
    if plan.held is not None:
        text.append(f"  held: {shown(plan.held)}", style="yellow")
    return text


def _place(plan: Plan) -> str:
    return f" ({plan.place})" if plan.place else ""


def describe_change(event: ChangeEvent) -> Text:
    """Return a change as one line."""
    change = event.change
    goes = "" if change.target is None else f" → {shown(change.target)}"
    why = "" if change.error is None else f"  ({shown(change.error)})"
    if change.kind is ChangeKind.RUN:
        goes = f" → {shown(change.details['command'][0])}{_exit_words(change)}; cannot be taken back"
    if change.details.get("is_unchanged"):
        goes = f"  ({unchanged_words(change)})"
    elif change.details.get("beside"):
        goes += "  (its old place is taken)"
    style = {"done": "green", "needs-attention": "red", "aborted": "yellow"}.get(change.state.value, "dim")
    return Text.assemble(
        f"#{change.id:<5}{change.kind.value:<11} ",
        (f"{change.state.value:<16}", style),
        shown(change.source),
        goes,
        why,
    )


def unchanged_words(change: Change) -> str:
    """Return why a change of a sidecar wrote nothing."""
    match change.kind:
        case ChangeKind.UNDO:
            return "nothing was written, so there was nothing to take back"
        case ChangeKind.MERGE_METADATA:
            return "nothing to carry"
        case _:
            return "nothing to add"


def _exit_words(change: Change) -> str:
    code = change.details.get("exit_code")
    return "" if code is None else f", exit code {code}"


def describe_held(event: HeldEvent) -> Text:
    """Return a plan that the brake holds as one line."""
    held = event.held
    return Text.assemble(
        (f"{'held' if held.confirmed_at is None else 'confirmed':<12}", "yellow"),
        f"{', '.join(held.actions)} {shown(held.duplicate)}",
        (f"  rule: {shown(held.rule)}; kept: {shown(held.keeper)}", "dim"),
    )


def describe_summary(event: SummaryEvent) -> Text:
    """Return the last line of a scan."""
    held = f"{event.held} held by the brake, " if event.held else ""
    return Text(
        f"{event.files} files, {event.photos} photos ({event.fingerprinted} fingerprinted now), "
        f"{event.findings} findings, {event.changes} changes, {held}"
        f"{event.unreadable} unreadable, {event.seconds:.1f} s"
    )


def explain_match(file: Path, other: Path, match: Match) -> list[Text]:
    """Return all that is known of how two files are related, one line each, for a person who asks why."""
    names = shown(file.name), shown(other.name)
    if names[0] == names[1]:
        names = shown(file), shown(other)
    lines = [describe_match(file, other, match), _told("", f"{relation_words(match, *names)}.")]
    lines.append(_told("certainty", certainty_words(match)))
    lines.append(_told("similarity", f"{match.similarity:.2f}, where 1 is equal"))
    lines.append(_told("direction", f"{match.direction.value}: {direction_words(match, *names)}"))
    for number, edit in enumerate(match.edits):
        words = [edit_words(edit, match.direction), box_words(edit)]
        lines.append(_told("edits" if number == 0 else "", ": ".join(filter(None, words))))
    return lines


def evidence_table(match: Match, *, is_plain: bool) -> Table:
    """Return every measurement with its limit and whether it passed; plain is without lines, for a file or a pipe."""
    table = Table("measurement", "value", "limit", "", box=None if is_plain else box.SIMPLE_HEAD)
    for one in match.evidence:
        passed = Text("passed", "green") if one.passed else Text("failed", "red")
        table.add_row(one.name, f"{one.value:.4g}", limit_words(one), passed)
    return table


def _told(name: str, words: str) -> Text:
    return Text.assemble((f"{name:<12}", "dim"), words)


def counted(count: int, noun: str) -> str:
    """Return a number with its noun: ``1 change``, ``2 changes``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def file_size(size_bytes: float) -> str:
    """Return a size for people, in powers of 1000."""
    for unit in ("B", "kB", "MB", "GB"):
        if size_bytes < 1000:
            return f"{size_bytes:.0f} {unit}" if unit == "B" else f"{size_bytes:.1f} {unit}"
        size_bytes /= 1000
    return f"{size_bytes:.1f} TB"
