"""A row of `pictrace find`, as JSON and for people: verdict and percent together, always."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.text import Text

from pictrace.cli.show import describe_memory
from pictrace.errors import shown
from pictrace.match.wording import edit_label
from pictrace.model import Verdict
from pictrace.pipeline.events import json_path, match_json, memory_json
from pictrace.pipeline.nearest import LEAD, Near
from pictrace.pipeline.ranking import LIKE
from pictrace.pipeline.search import Row

_STYLES = {LIKE: "cyan", LEAD: "dim", "burst": "yellow", "same-scene": "yellow"}
_INDENT = " " * 12


def row_json(asked: str, row: Row, said: Verdict | None) -> dict[str, Any]:
    """Return a row as the object of the JSON contract; ``asked`` is the file or URL as it was named."""
    files = [json_path(file) for file in row.files]
    if isinstance(row, Near):
        told = {**match_json(Path(asked), row.files[0], row.match), "file": asked}
        rest = memory_json(said, row.away)
    else:
        judged = row.judged
        told = {"file": asked, "other": files[0], "method": judged.method.name, "metric": judged.metric.name}
        rest = {"value": judged.value, "unit": judged.metric.unit}
        rest["closer"] = "higher" if judged.metric.is_similarity else "lower"
        rest["cut"] = None if judged.cut is None else judged.cut.value
    return {"event": "near", **told, "files": files, "verdict": row.verdict, "percent": row.percent, **rest}


def describe_row(row: Row, said: Verdict | None) -> list[Text]:
    """Return a row as lines: what it is to the picture asked about, how alike, where it lies, and its copies."""
    lines = [
        Text.assemble(
            (f"{row.verdict:<12}", _STYLES.get(row.verdict, "green")),
            f"{likeness(row):>9}  ",
            (shown(row.files[0]), "bold"),
            (f"  {details(row)}", "dim"),
        )
    ]
    lines += [Text(f"{_INDENT}{'':>9}  and {shown(file)}", style="dim") for file in row.files[1:]]
    return lines + (describe_memory(said, row.away) if isinstance(row, Near) else [])


def likeness(row: Row) -> str:
    """Return how alike a row is, with its unit."""
    if row.percent is not None:
        return f"{row.percent:.1f} %"
    return f"{row.judged.value:.4g}"


def details(row: Row) -> str:
    """Return what else there is to say of a row: edits and certainty, or method and unit."""
    if not isinstance(row, Near):
        return f"{row.judged.method.name} {row.judged.metric.name}, {row.judged.metric.unit}"
    if row.verdict == LEAD:
        return "looks alike, related by nothing"
    edits = ", ".join(edit_label(edit) for edit in row.match.edits)
    return f"({edits})  {row.match.certainty.value}" if edits else row.match.certainty.value
