"""Findings and changes in words a person reads."""

from __future__ import annotations

from pathlib import Path
from typing import assert_never

from rich.text import Text

from pictrace.errors import shown
from pictrace.model import Edit, EditKind, Match, Plan, Relation
from pictrace.pipeline.events import ChangeEvent, Event, FindingEvent, SummaryEvent, UnreadableEvent

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
        case ChangeEvent():
            return [describe_change(event)]
        case UnreadableEvent():
            return [Text.assemble(("unreadable  ", "red"), shown(event.path), f": {event.error}")]
        case SummaryEvent():
            return [describe_summary(event)]
        case _:
            assert_never(event)


def describe_finding(event: FindingEvent) -> list[Text]:
    """Return a finding as one line, and a second one with what the rules want."""
    finding, plan = event.finding, event.plan
    line = describe_match(finding.file.path, finding.other.path, finding.match)
    return [line] if plan is None else [line, describe_plan(plan)]


def describe_match(file: Path, other: Path, match: Match) -> Text:
    """Return how two files are related, in one line."""
    parts = [edit_words(edit) for edit in match.edits]
    edits = f"  ({', '.join(parts)})" if parts else ""
    return Text.assemble(
        (f"{match.relation.value:<12}", _RELATION_STYLE[match.relation]),
        (shown(file), "bold"),
        "  of  " if match.relation.is_copy else "  and  ",
        shown(other),
        edits,
        (f"  {match.certainty.value} {match.similarity:.2f}", "dim"),
    )


def describe_plan(plan: Plan) -> Text:
    """Return what the rules want, on which file, and which line of the keeper policy decided."""
    steps = ", ".join(step.action for step in plan.steps)
    wanted = f"→ {steps} {shown(plan.duplicate.name)}" if steps else "→ left alone"
    text = Text.assemble(
        f"{'':12}{wanted}",
        (f"  rule: {shown(plan.rule)}; kept: {shown(plan.keeper.name)} by {shown(plan.keeper_reason)}", "dim"),
    )
    if plan.held is not None:
        text.append(f"  held: {shown(plan.held)}", style="yellow")
    return text


def describe_change(event: ChangeEvent) -> Text:
    """Return a change as one line."""
    change = event.change
    goes = "" if change.target is None else f" → {shown(change.target)}"
    why = "" if change.error is None else f"  ({shown(change.error)})"
    style = {"done": "green", "needs-attention": "red", "aborted": "yellow"}.get(change.state.value, "dim")
    return Text.assemble(
        f"#{change.id:<5}{change.kind.value:<11} ",
        (f"{change.state.value:<16}", style),
        shown(change.source),
        goes,
        why,
    )


def describe_summary(event: SummaryEvent) -> Text:
    """Return the last line of a scan."""
    return Text(
        f"{event.files} files, {event.photos} photos ({event.fingerprinted} fingerprinted now), "
        f"{event.findings} findings, {event.changes} changes, {event.unreadable} unreadable, {event.seconds:.1f} s"
    )


def edit_words(edit: Edit) -> str:
    """Return an edit with its measures, as in ``resized ×0.50``."""
    words: list[str] = [edit.kind.value]
    if edit.scale is not None:
        words.append(f"×{edit.scale:.2f}")
    if edit.degrees is not None:
        words.append(f"{edit.degrees:g}°")
    if edit.axis is not None:
        words.append("left-right" if edit.axis == "horizontal" else "top-bottom")
    if edit.kept is not None:
        words.append(f"{edit.kept:.0%} kept")
    if edit.share is not None:
        words.append(f"{edit.share:.0%} of the area")
    if edit.sides is not None:
        words.append("/".join(edit.sides))
    if edit.kind is EditKind.COLLAGE_TILE and edit.box is not None:
        words.append("at " + ", ".join(f"{value:.2f}" for value in edit.box))
    return " ".join(words)


def file_size(size_bytes: float) -> str:
    """Return a size for people, in powers of 1000."""
    for unit in ("B", "kB", "MB", "GB"):
        if size_bytes < 1000:
            return f"{size_bytes:.0f} {unit}" if unit == "B" else f"{size_bytes:.1f} {unit}"
        size_bytes /= 1000
    return f"{size_bytes:.1f} TB"
