"""Draws what was measured; with matplotlib, which is an extra."""

from __future__ import annotations

import importlib
import io
import math
from collections.abc import Sequence
from typing import Any, Final

from pictrace.bench.calibrating import Calibration
from pictrace.bench.groups import GroupsResult
from pictrace.bench.matrix import Matrix
from pictrace.bench.own import OWN
from pictrace.bench.pairs import Kind
from pictrace.bench.report import lines_of
from pictrace.bench.seeds import Seeds
from pictrace.bench.shares import Share
from pictrace.errors import UsageError

_INK, _FAINT = "#222222", "#8a8f98"
_OURS, _OTHERS, _THIRD = "#1f6f50", "#b06a3b", "#5673a8"
_DARK_ENOUGH_FOR_WHITE: Final = 0.55
_DOTS_PER_INCH: Final = 130
_COLUMNS: Final = 4
_BINS: Final = 40

Axes = Any  # matplotlib says nothing of its types


def require_matplotlib() -> Any:
    """Return matplotlib's figures.

    Raises:
        UsageError: it is not installed; says how to get it.
    """
    try:
        return importlib.import_module("matplotlib.figure")
    except ImportError as error:
        raise UsageError("--plot needs matplotlib, which is not installed: pip install 'pictrace[bench]'") from error


def of_seeds(seeds: Seeds) -> bytes:
    """Return a PNG: recall by family and method, and all of it against the time of a comparison."""
    scored = [(row, score) for row in seeds.rows for score in row.scores]
    scored.sort(key=lambda pair: -pair[1].recall["all"].value)
    names = [_name(row.method, score.metric.name, len(row.scores)) for row, score in scored]
    families = list(scored[0][1].recall)
    shares = [[score.recall[family].value for family in families] for _, score in scored]
    figure = _figure(0.7 * len(families) + 10, 0.36 * len(names) + 2.2)
    left, right = figure.subplots(1, 2, width_ratios=[1, 1])
    _heat(left, shares, names, families)
    left.set_title("Copies found at zero false positives, in percent", loc="left", color=_INK, fontsize=11)
    costs = [(1e3 * row.comparing.p50, 100 * score.recall["all"].value) for row, score in scored]
    colors = [_OURS if row.method == OWN else _OTHERS for row, _ in scored]
    _scatter(right, costs, names, colors)
    return _png(figure)


def of_groups(results: Sequence[GroupsResult]) -> bytes:
    """Return a PNG: how many true neighbors each method finds, a bar for each folder."""
    rows = results[0].rows
    numbers = {row.method: sum(one.method == row.method for one in rows) for row in rows}
    names = [_name(row.method, row.metric.name, numbers[row.method]) for row in rows]
    order = sorted(range(len(rows)), key=lambda place: -sum(one.rows[place].share.value for one in results))
    figure = _figure(9, (0.24 * len(results) + 0.18) * len(names) + 1.6)
    axes = figure.subplots()
    height = 0.8 / len(results)
    for number, (result, color) in enumerate(zip(results, (_OURS, _OTHERS, _THIRD) * len(results), strict=False)):
        values = [100 * result.rows[place].share.value for place in order]
        places = [spot + (number - (len(results) - 1) / 2) * height for spot in range(len(order))]
        axes.barh(places, values, height=height * 0.9, color=color, label=result.folder.name)
        for spot, value in zip(places, values, strict=True):
            axes.text(value + 1, spot, f"{value:.0f}", va="center", color=_INK, fontsize=8)
    _label_bars(axes, [names[place] for place in order], "True neighbors among the nearest, in percent")
    return _png(figure)


def of_matrix(matrix: Matrix) -> bytes:
    """Return a PNG: how many copies of each family are told, verified and suspected, with 95 % intervals.

    Raises:
        UsageError: there are no copies.
    """
    lines, _ = lines_of(matrix)
    if not lines:
        raise UsageError("--plot: no copies were compared, so there is nothing to draw")
    figure = _figure(9, 0.55 * len(lines) + 1.3)
    axes = figure.subplots()
    bars = (
        ("verified", _OURS, [line.verified for line in lines]),
        ("verified or suspected", _OTHERS, [line.found for line in lines]),
    )
    for (label, color, shares), shift in zip(bars, (-0.2, 0.2), strict=True):
        places = [spot + shift for spot in range(len(lines))]
        _bars_with_intervals(axes, places, shares, color, label)
    names = [f"{line.family} ({line.verified.n})" for line in lines]
    _label_bars(axes, names, "Copies told, in percent, with 95 % intervals")
    return _png(figure)


def _label_bars(axes: Axes, names: Sequence[str], title: str) -> None:
    """Name bars of percents that lie, the first on top."""
    axes.set_yticks(range(len(names)), names, color=_INK)
    axes.invert_yaxis()
    axes.set_xlim(0, 109)  # room for the number behind a full bar
    axes.set_title(title, loc="left", color=_INK, fontsize=11)
    axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
    _bare(axes)


def _bars_with_intervals(axes: Axes, places: Sequence[float], shares: Sequence[Share], color: str, label: str) -> None:
    values = [100 * share.value for share in shares]
    ends = [[100 * end for end in share.interval] for share in shares]
    # Rounding puts the end of an interval a hair on the wrong side of 0 or 1, which matplotlib refuses.
    below = [max(0.0, value - low) for value, (low, _) in zip(values, ends, strict=True)]
    above = [max(0.0, high - value) for value, (_, high) in zip(values, ends, strict=True)]
    interval = {"ecolor": _INK, "elinewidth": 1, "capsize": 2}
    axes.barh(places, values, height=0.36, color=color, label=label, xerr=[below, above], error_kw=interval)
    for place, value, (_, high) in zip(places, values, ends, strict=True):
        axes.text(max(value, high) + 1, place, f"{value:.1f}", va="center", color=_INK, fontsize=8)


def of_calibration(calibration: Calibration) -> bytes:
    """Return a PNG: the values of copies, different photos and series for each number of each method, and its cuts."""
    tallies = [one for one in calibration.tallies.tallies.values() if one.method != OWN]
    lines = math.ceil(len(tallies) / _COLUMNS)
    figure = _figure(3.4 * _COLUMNS, 2.1 * lines + 0.7)
    panels = figure.subplots(lines, _COLUMNS, squeeze=False).ravel()
    groups = ((Kind.DIFFERENT, _OTHERS), (Kind.SERIES, _THIRD), (Kind.COPY, _OURS))
    rows = {(row.method, row.metric.name): row for row in calibration.rows}
    for axes, tally in zip(panels, tallies, strict=False):
        values = [(kind, color, tally.numbers(kind)) for kind, color in groups]
        every = [number for _, _, numbers in values for number in numbers]
        low, high = min(every, default=0.0), max(every, default=0.0)
        for kind, color, numbers in values:
            if numbers:
                weights = [1 / len(numbers)] * len(numbers)
                span = (low, high if high > low else low + 1)
                axes.hist(numbers, bins=_BINS, range=span, weights=weights, color=color, alpha=0.6, label=kind.value)
        row = rows[tally.method, tally.metric.name]
        for cut, style in ((row.cut, "-"), (row.cut_with_series, ":")):
            if cut is not None:
                axes.axvline(cut, color=_INK, linestyle=style, linewidth=1)
        axes.set_title(f"{tally.method}: {tally.metric.name}", loc="left", color=_INK, fontsize=9)
        axes.set_yticks([])
        _bare(axes)
    for axes in panels[len(tallies) :]:
        axes.set_visible(False)
    told = (panel.get_legend_handles_labels() for panel in panels)
    handles, labels = max(told, key=lambda both: len(both[1]))
    title = "Values of pairs; the line is the cut, the dotted one that with series"
    figure.suptitle(title, color=_INK, fontsize=11, x=0.01, ha="left")
    figure.legend(handles, labels, frameon=False, loc="upper right", ncols=max(1, len(labels)))
    return _png(figure)


def _heat(axes: Axes, shares: Sequence[Sequence[float]], names: Sequence[str], families: Sequence[str]) -> None:
    axes.imshow(shares, cmap="YlGn", vmin=0, vmax=1.15, aspect="auto")
    for line, values in enumerate(shares):
        for place, share in enumerate(values):
            color = "white" if share > _DARK_ENOUGH_FOR_WHITE else _INK
            words = "–" if math.isnan(share) else f"{100 * share:.0f}"
            axes.text(place, line, words, ha="center", va="center", color=color, fontsize=8)
    axes.set_xticks(range(len(families)), families, rotation=40, ha="right", color=_INK)
    axes.set_yticks(range(len(names)), names, color=_INK)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def _scatter(axes: Axes, costs: Sequence[tuple[float, float]], names: Sequence[str], colors: Sequence[str]) -> None:
    """Draw points with numbers beside them that a list names: names at the points would lie on each other."""
    for number, ((x, y), color) in enumerate(zip(costs, colors, strict=True), start=1):
        axes.scatter(x, y, color=color, s=26, label=f"{number}  {names[number - 1]}")
        axes.annotate(f"{number}", (x, y), xytext=(4, 3), textcoords="offset points", color=_INK, fontsize=8)
    axes.set_xscale("log")
    axes.set_xlabel("one comparison of described pictures, µs", color=_INK)
    axes.set_ylabel("copies found, %", color=_INK)
    axes.set_ylim(0, 103)
    axes.legend(frameon=False, fontsize=8, loc="upper left", bbox_to_anchor=(1, 1), handletextpad=0.2)
    axes.set_title("and against what a comparison costs", loc="left", color=_INK, fontsize=11)
    _bare(axes)


def _name(method: str, metric: str, metrics: int) -> str:
    return method if metrics == 1 else f"{method} {metric}"


def _figure(width: float, height: float) -> Any:
    return require_matplotlib().Figure(figsize=(width, height), layout="constrained")


def _bare(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(colors=_FAINT)


def _png(figure: Any) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=_DOTS_PER_INCH)
    return buffer.getvalue()
