"""What methods give for a pair, as a table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rich import box
from rich.table import Table
from rich.text import Text

from pictrace.errors import shown
from pictrace.pipeline.methods import Judged

NO_CUT: Final = "no cut"
# What is no cut: not even equal pictures are closer.
BLIND_CUT: Final = "no cut: different photos give the same"


def method_table(rows: Iterable[Judged], *, is_plain: bool) -> Table:
    """Return every number of every method with its cut; plain is without lines, for a file or a pipe."""
    table = Table(
        "method", "metric", "value", "unit", "closer is", "cut", "", "ms", box=None if is_plain else box.SIMPLE_HEAD
    )
    for row in rows:
        metric = row.metric
        table.add_row(
            row.method.name,
            metric.name,
            "–" if row.value is None else f"{row.value:.5g}",
            metric.unit,
            "higher" if metric.is_similarity else "lower",
            "–" if row.cut is None else f"{row.cut.value:.4g}",
            _verdict(row),
            f"{row.milliseconds:.1f}",
        )
        if row.outcome.reading is not None and metric is row.method.metrics[0]:
            for name, value in row.outcome.reading.details.items():
                table.add_row("", Text(name, "dim"), Text(f"{value:.5g}", "dim"))
    return table


def _verdict(row: Judged) -> Text:
    if row.error is not None:
        return Text(f"cannot tell: {shown(row.error)}", "yellow")
    if row.method.is_record_only:
        return Text("record only, never decides", "dim")
    if row.is_like is None:
        return Text(NO_CUT if row.cut is None else BLIND_CUT, "dim")
    return Text("like", "green") if row.is_like else Text("unlike", "dim")
