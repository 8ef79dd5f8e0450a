"""Draws what `peers.py --json` wrote: recall by family for each tool, and what each joins wrongly.

    python benchmarks/plots.py PEERS.json FOLDER

Needs matplotlib: `pip install -e '.[bench]'`.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot

mpl.use("Agg")
_INK, _FAINT = "#222222", "#8a8f98"
_OURS, _OTHERS = "#1f6f50", "#b06a3b"
_DARK_ENOUGH_FOR_WHITE = 0.55


def main() -> None:
    """Read the numbers and store both pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("numbers", type=Path)
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    tools = json.loads(arguments.numbers.read_text(encoding="utf-8"))
    arguments.folder.mkdir(parents=True, exist_ok=True)
    recall_by_family(tools, arguments.folder / "recall_by_family.png")
    recall_and_wrong(tools, arguments.folder / "recall_and_wrong.png")


def recall_by_family(tools: list[dict[str, Any]], target: Path) -> None:
    """Draw a table: tools down, families across, the share found as number and shade."""
    families = list(tools[0]["families"])
    shares = np.array([[tool["families"][family]["share"] for family in families] for tool in tools])
    figure, axes = pyplot.subplots(figsize=(0.62 * len(families) + 3.4, 0.42 * len(tools) + 1.6), layout="constrained")
    axes.imshow(shares, cmap="YlGn", vmin=0, vmax=1.15, aspect="auto")
    for (row, column), share in np.ndenumerate(shares):
        color = "white" if share > _DARK_ENOUGH_FOR_WHITE else _INK
        words = "1" if share == 1 else f"{share:.2f}".removeprefix("0")
        axes.text(column, row, words, ha="center", va="center", color=color, fontsize=9)
    axes.set_xticks(range(len(families)), families, rotation=45, ha="right", color=_INK)
    axes.set_yticks(range(len(tools)), [tool["tool"] for tool in tools], color=_INK)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_title("Copies found, by what was done to them", loc="left", color=_INK)
    figure.savefig(target, dpi=130)
    pyplot.close(figure)


def recall_and_wrong(tools: list[dict[str, Any]], target: Path) -> None:
    """Draw bars: copies found to the left, series pairs wrongly joined to the right, with 95 % intervals."""
    size = (10, 0.42 * len(tools) + 1.3)
    figure, panels = pyplot.subplots(1, 2, figsize=size, sharey=True, layout="constrained")
    titles = {"all": "copies found", "series": "pairs of a series wrongly joined"}
    colors = [_OURS if tool["tool"].startswith("PicTrace") else _OTHERS for tool in tools]
    places = range(len(tools))
    for axes, (name, title) in zip(panels, titles.items(), strict=True):
        shares = [tool[name]["share"] for tool in tools]
        reach = [[abs(tool[name]["share"] - tool[name][edge]) for tool in tools] for edge in ("low", "high")]
        axes.barh(places, shares, xerr=reach, color=colors, ecolor=_FAINT, height=0.62)
        for place, tool in enumerate(tools):
            axes.text(
                tool[name]["high"] + 0.015, place, f"{tool[name]['share']:.2f}", va="center", color=_INK, fontsize=9
            )
        axes.set_xlim(0, 1.12)
        axes.set_title(title, loc="left", color=_INK, fontsize=11)
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.tick_params(axis="y", length=0)
    panels[0].set_yticks(places, [tool["tool"] for tool in tools], color=_INK)
    panels[0].invert_yaxis()
    figure.savefig(target, dpi=130)
    pyplot.close(figure)


if __name__ == "__main__":
    main()
