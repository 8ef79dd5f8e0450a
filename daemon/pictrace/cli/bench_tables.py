"""What the benchmarks of methods came to, as tables."""

from __future__ import annotations

import math
from collections.abc import Sequence

from pictrace.bench.calibrating import CalibratedMetric, Calibration
from pictrace.bench.groups import GroupsResult
from pictrace.bench.peers import Peers
from pictrace.bench.seeds import Row, Seeds
from pictrace.bench.shares import Share
from pictrace.cli.method_table import NO_CUT
from pictrace.cli.sheet import Sheet
from pictrace.match.methods.cuts import can_tell


def seeds_sheet(seeds: Seeds) -> Sheet:
    """Return recall at zero false positives, by family, with what each method costs."""
    families = list(seeds.rows[0].scores[0].recall)
    costs = ("describe ms", "compare µs p50", "p95")
    head = ("method", "metric", *families, "cut", "negatives", "false", "equal", *costs)
    lines = [line for row in seeds.rows for line in _seed_lines(row)]
    return Sheet(head=head, rows=tuple(lines), words=2)


def _seed_lines(row: Row) -> list[tuple[str, ...]]:
    lines = []
    for number, score in enumerate(row.scores):
        costs = (
            f"{row.describing.p50:.1f}",
            f"{1e3 * row.comparing.p50:.0f}" if row.comparing.p50 > 0.1 else f"{1e3 * row.comparing.p50:.1f}",
            f"{1e3 * row.comparing.p95:.0f}",
        )
        line = (
            row.method if number == 0 else "",
            score.metric.name,
            *map(percent, score.recall.values()),
            number_words(score.cut),
            f"{score.negatives}",
            f"{score.false_positives}",
            "perfect" if score.is_perfect_for_equal else number_words(score.equal),
            *(costs if number == 0 else ("", "", "")),
        )
        lines.append(line)
    return lines


def groups_sheet(results: Sequence[GroupsResult]) -> Sheet:
    """Return accuracy for each folder, and seconds a pair."""
    head = ("method", "metric", *(f"{result.folder.name} %" for result in results), "s a pair")
    lines = []
    for several in zip(*(result.rows for result in results), strict=True):
        first = several[0]
        shares = (percent(one.share) for one in several)
        lines.append((first.method, first.metric.name, *shares, number_words(first.seconds_a_pair)))
    return Sheet(head=head, rows=tuple(lines), words=2)


def calibration_sheet(calibration: Calibration) -> Sheet:
    """Return both cuts of each method, and what it finds of copies at each."""
    head = ("method", "metric", "cut", "recall", "series beyond", "cut with series", "recall then", "written")
    lines = [
        (
            one.method,
            one.metric.name,
            number_words(one.cut),
            percent(one.recall),
            f"{one.series_beyond} of {one.series}",
            number_words(one.cut_with_series),
            percent(one.recall_with_series),
            _written(one, with_series=calibration.with_series),
        )
        for one in calibration.rows
    ]
    return Sheet(head=head, rows=tuple(lines), words=2)


def _written(one: CalibratedMetric, *, with_series: bool) -> str:
    cut = one.written_cut(with_series=with_series)
    return number_words(cut) if cut is None or can_tell(one.metric, cut) else NO_CUT


def peers_sheet(peers: Peers) -> Sheet:
    """Return what each tool found of the copies, and what it joined wrongly."""
    head = ("tool", *peers.rows[0].found, "false pairs", "CPU s")
    lines = [
        (
            row.tool,
            *map(percent, row.found.values()),
            f"{row.different.hits} of {row.different.n}",
            "–" if row.cpu_seconds is None else f"{row.cpu_seconds:.1f}",
        )
        for row in peers.rows
    ]
    return Sheet(head=head, rows=tuple(lines))


def percent(share: Share) -> str:
    """Return a share in percent, ``98.5``; a dash where there is nothing."""
    return f"{100 * share.value:.1f}".removesuffix(".0") if share.n else "–"


def number_words(value: float | None) -> str:
    """Return a number with four digits that count, a dash where there is none."""
    return "–" if value is None or math.isnan(value) else f"{value:.4g}"
