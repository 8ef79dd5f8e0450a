"""The bars: what has to be reached, what is aimed for, and what was got."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from judging import edits
from pairs.families import LEFT_OUT
from pictrace.bench.shares import Share

Row = dict[str, Any]

_TOO_SMALL_CROPS = {"crop10"}
_SPOILT = {"jpeg10", "jpeg20", "resize0.1", "stretch"}
_COLORLESS = {"gray", "sepia"}
_HARD = {"jpeg10", "noise20"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One line of the table; ``got`` is a share, or a count where ``is_count``."""

    measure: str
    must: str
    aim: str
    got: str
    n: int
    is_reached: bool
    is_aim_reached: bool

    @property
    def line(self) -> str:
        """The line in markdown."""
        word = "aim" if self.is_aim_reached else "must" if self.is_reached else "**short**"
        return f"| {self.measure} | {self.must} | {self.aim} | {self.got} | {self.n} | {word} |"


def counted(row: Row) -> bool:
    """Return whether a copy counts in the means."""
    return bool(row["family"] != LEFT_OUT)


def is_plain_geometry(row: Row) -> bool:
    """Return whether it is a crop of 20 % or more, a turn, a tilt, a mirror, a border."""
    return row["family"] in ("crop", "turn", "tilt", "mirror", "border") and row["attack"] not in _TOO_SMALL_CROPS


def is_plainly_stored(row: Row) -> bool:
    """Return whether it is stored again, resized, or changed in tone."""
    is_kind = row["family"] in ("jpeg", "format", "resize", "tone") or row["attack"] in _COLORLESS
    return is_kind and row["attack"] not in _SPOILT


def is_overlaid_or_embedded(row: Row) -> bool:
    """Return whether something lies over it, or it lies in something."""
    return row["family"] in ("overlay", "screenshot", "collage", "photo-of-photo")


def is_hard(row: Row) -> bool:
    """Return whether it is spoilt badly."""
    return row["family"] == "heavy-chain" or row["attack"] in _HARD


def copy_bars(rows: Sequence[Row]) -> list[Bar]:
    """Return the bars that copies are held against."""
    kept = [row for row in rows if counted(row)]

    def found(which: Callable[[Row], bool], name: str) -> Share:
        return Share.of(row[name] for row in kept if which(row))

    geometry = "crop ≥ 20 %, quarter turn, tilt, mirror, border"
    stored = "JPEG ≥ 30, formats, resize 0.25–2, tone, gray, sepia"
    embedded = "overlay, screenshot, collage, photo of a photo"
    hard = "JPEG 10, noise 20, heavy chains"
    doubted = ", verified or suspected"
    bars = [
        _bar("copies found, verified", 0.94, 0.97, found(counted, "is_verified")),
        _bar(f"copies found{doubted}", 0.975, 0.99, found(counted, "is_copy")),
        _bar(f"{geometry}, verified", 0.98, 1.0, found(is_plain_geometry, "is_verified")),
        _bar(f"{geometry}{doubted}", None, None, found(is_plain_geometry, "is_copy")),
        _bar(f"{stored}, verified", 0.98, 1.0, found(is_plainly_stored, "is_verified")),
        _bar(f"{stored}{doubted}", None, None, found(is_plainly_stored, "is_copy")),
        _bar(f"{embedded}{doubted}", 0.88, 0.95, found(is_overlaid_or_embedded, "is_copy")),
        _bar(f"{hard}{doubted}", 0.80, 0.92, found(is_hard, "is_copy")),
        _bar("relation right, of those found", 0.95, 0.98, Share.of(edits.outcomes(kept, edits.relation_outcome))),
    ]
    shares = {name: Share.of(edits.outcomes(kept, outcome)) for name, outcome in edits.OUTCOMES.items()}
    bars += [_bar(name, 0.95, 0.98, share) for name, share in shares.items()]
    return bars


def negative_bars(photographs: Sequence[Row], series: Sequence[Row]) -> list[Bar]:
    """Return the bars that pairs which are no copies are held against."""
    verified = sum(row["is_verified"] for row in photographs)
    suspected = sum(row["is_copy"] for row in photographs) - verified
    called = Share.of(row["is_verified"] for row in series)
    doubted = Share.of(row["is_copy"] and not row["is_verified"] for row in series)
    return [
        _count("false pairs between different photographs, verified", (0, 0), verified, len(photographs)),
        _count("the same, suspected", (None, 2), suspected, len(photographs)),
        Bar(
            measure="series pairs called a copy, verified",
            must="≤ .01",
            aim="0",
            got=str(called),
            n=called.n,
            is_reached=called.value <= 0.01,
            is_aim_reached=called.hits == 0,
        ),
        _bar("series pairs suspected to be copies", None, None, doubted),
    ]


def order_bars(unequal: int, unsteady: int, n: int) -> list[Bar]:
    """Return the bars for symmetry and repeated runs."""
    return [
        _count("`compare A B` ≠ `compare B A`", (0, 0), unequal, n),
        _count("a repeated run differs", (0, 0), unsteady, n),
    ]


def table(bars: Sequence[Bar]) -> str:
    """Return bars as markdown."""
    head = "| measure | must | aim | got (95 % interval) | n | reached |\n| --- | --- | --- | --- | --- | --- |"
    return "\n".join([head, *(bar.line for bar in bars)])


def _bar(measure: str, must: float | None, aim: float | None, got: Share) -> Bar:
    return Bar(
        measure=measure,
        must="–" if must is None else f"≥ {must:.3g}",
        aim="–" if aim is None else f"≥ {aim:.3g}",
        got=str(got),
        n=got.n,
        is_reached=must is None or got.value >= must,
        is_aim_reached=aim is None or got.value >= aim,
    )


def _count(measure: str, most: tuple[int | None, int], got: int, n: int) -> Bar:
    must, aim = most
    return Bar(
        measure=measure,
        must="–" if must is None else f"≤ {must}",
        aim=f"≤ {aim}",
        got=str(got),
        n=n,
        is_reached=must is None or got <= must,
        is_aim_reached=got <= aim,
    )
