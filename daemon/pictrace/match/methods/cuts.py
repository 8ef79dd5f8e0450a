"""From which value on a method calls two pictures alike: measured, shipped, and measured anew on your own photos.

A cut is the most alike value of any two different photos of a calibration: what is closer than it is called alike, so
that on those photos not one false pair is. Different are photos that have nothing to do with each other. Pictures of
one series are alike, and no cut of any of these methods tells them from copies: PicTrace's own matcher does. Who wants
cuts that no pair of a series passes has them written by ``calibrate --with-series``.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from pictrace.errors import StoreError
from pictrace.match.methods.base import Metric
from pictrace.shipped import shipped_data

log = logging.getLogger(__name__)

_VERSION: Final = 1
_FILE: Final = "cuts.json"

# A method, one of its numbers, and what it was set to.
Place = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """The most alike value of pairs that are no copies.

    ``pairs``: how many there were. ``recall``: the share of copies that are closer than it, 0 to 1.
    ``about``: what a method was set to where that matters, such as which network. ``source`` and ``made_on``: where and
    when it was measured; empty where that is what is said of all.
    """

    method: str
    metric: str
    value: float
    pairs: int
    recall: float
    about: str = ""
    source: str = ""
    made_on: str = ""

    @property
    def place(self) -> Place:
        """What there is one cut of."""
        return self.method, self.metric, self.about


@dataclass(frozen=True, slots=True, kw_only=True)
class Cuts:
    """The cuts in force; ``source`` says where they were measured, ``made_on`` on which day (ISO)."""

    source: str
    made_on: str
    cuts: tuple[Cut, ...]

    def of(self, method: str, metric: str, about: str = "") -> Cut | None:
        """Return the cut of a method's metric, None where none was measured."""
        return next((cut for cut in self.cuts if cut.place == (method, metric, about)), None)

    def beside(self, before: Cuts, measured: Collection[Place]) -> Cuts:
        """Return these cuts with those of before that were not measured anew; each says where it comes from.

        Args:
            before: what was in force.
            measured: what was measured now, also where that came to no cut.
        """
        kept = [
            replace(cut, source=cut.source or before.source, made_on=cut.made_on or before.made_on)
            for cut in before.cuts
            if cut.place not in measured
        ]
        if not kept:
            return self
        own = [replace(cut, source=self.source, made_on=self.made_on) for cut in self.cuts]
        return replace(self, source=f"{self.source}; {len(kept)} cuts of before", cuts=(*own, *kept))


def is_like(metric: Metric, value: float, cut: Cut) -> bool | None:
    """Return whether a value is closer than every pair of the calibration that was no copy.

    None where no value can be: different photos gave what equal ones do, so that not even those would be alike.
    """
    return metric.is_closer(value, cut.value) if can_tell(metric, cut.value) else None


def can_tell(metric: Metric, cut: float) -> bool:
    """Return whether any value is closer than a cut: none is where different photos gave the perfect one."""
    return metric.is_closer(metric.perfect, cut)


def cuts_in_force(state: Path | None) -> Cuts:
    """Return the cuts measured on a person's own photos where there are some, else those that are shipped.

    Args:
        state: the state folder; None: the shipped ones.

    Raises:
        StoreError: the file in the state folder is not what `pictrace calibrate` writes.
    """
    if state is not None and cuts_path(state).is_file():
        return _read(cuts_path(state))
    return _read(shipped_data(_FILE))


def written(cuts: Cuts) -> str:
    """Return cuts as the text that `cuts_in_force` reads."""
    return json.dumps({"version": _VERSION, **asdict(cuts)}, indent=1) + "\n"


def add_cuts(state: Path, cuts: Cuts, measured: Collection[Place]) -> int:
    """Keep cuts in the state folder, beside those in force that were not measured anew; return how many these are.

    Args:
        state: the state folder.
        cuts: of what was measured.
        measured: what that was, also where it came to no cut.

    Raises:
        StoreError: they cannot be written there.
    """
    try:
        before = cuts_in_force(state)
    except StoreError as problem:  # which says to calibrate again
        log.warning("of the cuts of before only those that are shipped are kept: %s", problem)
        before = cuts_in_force(None)
    together = cuts.beside(before, measured)
    save_cuts(state, together)
    return len(together.cuts) - len(cuts.cuts)


def save_cuts(state: Path, cuts: Cuts) -> None:
    """Keep cuts in the state folder, whole or not at all; they take the place of all that were there.

    Raises:
        StoreError: they cannot be written there.
    """
    path = cuts_path(state)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        state.mkdir(parents=True, exist_ok=True)
        temporary.write_text(written(cuts), encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):  # where it could not be written, it may be impossible to remove
            temporary.unlink()
        raise StoreError(f"{path}: expected to write the cuts there, found: {error.strerror}") from error


def cuts_path(state: Path) -> Path:
    """Return where the cuts of a person's own photos lie."""
    return state / _FILE


def _read(path: Path) -> Cuts:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told["version"] != _VERSION:
            raise ValueError(f"version {told['version']}")
        return Cuts(source=str(told["source"]), made_on=str(told["made_on"]), cuts=tuple(_cuts(told["cuts"])))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(
            f"{path}: expected the cuts that `pictrace calibrate` writes, found {error!r}; remove it or calibrate again"
        ) from error


def _cuts(rows: Iterable[Mapping[str, Any]]) -> Iterable[Cut]:
    for row in rows:
        yield Cut(
            method=str(row["method"]),
            metric=str(row["metric"]),
            value=float(row["value"]),
            pairs=int(row["pairs"]),
            recall=float(row["recall"]),
            about=str(row["about"]),
            source=str(row.get("source", "")),
            made_on=str(row.get("made_on", "")),
        )
