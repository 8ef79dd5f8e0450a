"""Measures on anyone's own photos from where on each method calls two pictures alike, without a false pair.

Nobody says of these photos which are copies of each other and which belong to a series; PicTrace's own matcher is
asked, where it matters: of the pairs of photos that a method finds most alike, each is looked at until one is found
that has nothing to do with the other. That one's value is the cut.
"""

from __future__ import annotations

import datetime
import logging
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from pictrace.bench.own import matches
from pictrace.bench.pairs import Kind, Material, Pair, Shown, chunks_of, chunks_of_series, made
from pictrace.bench.running import Tell, Wanted, bench_pool, measured
from pictrace.bench.shares import Share
from pictrace.bench.tally import Tallies, Tally, clean
from pictrace.errors import PhotoError, UsageError, shown
from pictrace.fingerprint import WorkerPool
from pictrace.imaging import read_metadata
from pictrace.match.methods import Metric, about
from pictrace.match.methods.cuts import Cut, Cuts, Place
from pictrace.model import Metadata, Relation
from pictrace.model.names import is_photo_name

log = logging.getLogger(__name__)

Json = dict[str, Any]
FEWEST_PHOTOS: Final = 20
# Photos taken within such a time are of one series, whatever they show.
_SERIES_SECONDS: Final = 60.0
_DATE_CHARACTERS: Final = len("2021-03-04T05:06:07")


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibratedMetric:
    """The cuts of one number of a method, and the share of copies that are closer.

    ``cut``: the most alike value of different photos. ``cut_with_series``: that of different photos and of series.
    ``series_beyond``: how many pairs of series are closer than ``cut``. ``about``: what the method was set to.
    """

    method: str
    metric: Metric
    about: str
    cut: float | None
    recall: Share
    pairs: int
    series: int
    series_beyond: int
    cut_with_series: float | None
    recall_with_series: Share

    def written_cut(self, *, with_series: bool) -> float | None:
        """Return the cut that is written."""
        return self.cut_with_series if with_series else self.cut

    def to_json(self) -> Json:
        """Return the object of the JSON contract."""
        return {
            "event": "cut",
            "method": self.method,
            "metric": self.metric.name,
            "about": self.about,
            "closer": "higher" if self.metric.is_similarity else "lower",
            "cut": clean(self.cut),
            "recall": clean(round(self.recall.value, 4)),
            "pairs": self.pairs,
            "series": self.series,
            "series_beyond": self.series_beyond,
            "cut_with_series": clean(self.cut_with_series),
            "recall_with_series": clean(round(self.recall_with_series.value, 4)),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What calibrating came to.

    ``copies_left_out``: pairs of photos that are copies of each other. ``series``: pairs of photos of one series.
    ``with_series``: whether the cuts that are written let no pair of a series pass. ``tallies``: all values.
    """

    photos: int
    copies_left_out: int
    series: int
    with_series: bool
    rows: tuple[CalibratedMetric, ...]
    tallies: Tallies

    def cuts(self, source: str, day: str) -> Cuts:
        """Return the cuts to write."""
        told = [(row, row.written_cut(with_series=self.with_series)) for row in self.rows]
        cuts = tuple(_cut(row, value, self) for row, value in told if value is not None)
        return Cuts(source=source, made_on=day, cuts=cuts)

    @property
    def measured(self) -> set[Place]:
        """What was measured, also where that came to no cut."""
        return {(row.method, row.metric.name, row.about) for row in self.rows}


def photos_below(folder: Path) -> list[Path]:
    """Return the photos of a folder and of those in it, by name; what is hidden, and links, are passed over."""
    found = []
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        named = (Path(place, name) for name in sorted(files) if not name.startswith(".") and is_photo_name(name))
        found += [path for path in named if path.is_file() and not path.is_symlink()]
    return found


def calibrated(folder: Path, what: Wanted, *, limit: int, with_series: bool, tell: Tell) -> Calibration:
    """Return the cuts of methods on the photos of a folder.

    Args:
        folder: with the photos; nothing in it is altered.
        what: the methods.
        limit: photos that copies are made of: a choice, always the same; their neighbors are looked at, too.
        with_series: let no pair of a series pass the cuts that are written.
        tell: hears how far it is.

    Raises:
        UsageError: there are too few photos.
    """
    photos = photos_below(folder)
    _require(folder, len(photos), FEWEST_PHOTOS)
    pool = bench_pool()
    try:
        with tempfile.TemporaryDirectory(prefix="pictrace-calibrate-") as scratch:
            material = made(pool, photos, limit, Path(scratch), tell)
            _require(folder, len(material.originals), min(limit, FEWEST_PHOTOS))
            judge = _Judge(pool)
            material = _with_neighbors(material, photos, judge)
            tallies = Tallies.empty(what)
            chunks = [*chunks_of(material), *chunks_of_series(material)]
            for row, column, outcome in measured(pool, chunks, what, tell):
                tallies.add(row, column, outcome, material)
            _told_apart(tallies, judge)
    finally:
        pool.close()
    return _calibration(material, tallies, judge, what, with_series=with_series)


def _require(folder: Path, found: int, fewest: int) -> None:
    if found < fewest:
        raise UsageError(f"{shown(folder)}: expected at least {fewest} photos to calibrate with, found {found}")


class _Judge:
    """Says of two photos what PicTrace's own matcher makes of them, each pair once."""

    def __init__(self, pool: WorkerPool) -> None:
        self._pool = pool
        self.known: dict[Pair, Kind | None] = {}

    def kind(self, pair: Pair) -> Kind | None:
        """Return what two photos are to each other; None for copies, and where it cannot be told."""
        if pair not in self.known:
            self.known[pair] = self._asked(pair)
        return self.known[pair]

    def look_through(self, tally: Tally) -> None:
        """Look at the most alike pairs of different photos until one is found that is such a pair."""
        for value in tally.closest(Kind.DIFFERENT):
            if self.kind(value.pair) is Kind.DIFFERENT:
                return

    def _asked(self, pair: Pair) -> Kind | None:
        first, second = sorted(pair)
        try:
            (match,) = self._pool.submit(matches, ((first, second),)).result()
            times = [self._pool.submit(read_metadata, path).result() for path in (first, second)]
        except PhotoError as problem:
            log.warning("left out: %s", problem)
            return None
        if match.relation.is_copy:
            return None
        is_series = match.relation is not Relation.UNRELATED or are_near_in_time(*times)
        return Kind.SERIES if is_series else Kind.DIFFERENT


def are_near_in_time(one: Metadata, other: Metadata) -> bool:
    """Return whether two photos say that they were taken within a minute."""
    first, second = _moment(one.captured_at), _moment(other.captured_at)
    if first is None or second is None:
        return False
    return abs((first - second).total_seconds()) <= _SERIES_SECONDS


def _moment(text: str | None) -> datetime.datetime | None:
    try:
        return None if text is None else datetime.datetime.fromisoformat(text[:_DATE_CHARACTERS])
    except ValueError:
        return None


def _with_neighbors(material: Material, photos: Sequence[Path], judge: _Judge) -> Material:
    """Return the material with the photos beside the originals, by name, that belong to a series with them."""
    files, related = dict(material.files), {}
    places = {photo: place for place, photo in enumerate(photos)}
    for original in material.originals:
        for photo in photos[places[original] + 1 : places[original] + 2]:
            kind = judge.kind(frozenset((original, photo))) if photo.parent == original.parent else Kind.DIFFERENT
            if kind is not Kind.DIFFERENT:
                files.setdefault(photo, Shown(original=photo))
                related[frozenset((original, photo))] = kind
    return replace(material, files=files, related=related)


def _told_apart(tallies: Tallies, judge: _Judge) -> None:
    """Look through the most alike pairs of each number, then give every pair that was looked at its kind in all."""
    for tally in tallies.tallies.values():
        judge.look_through(tally)
    for tally in tallies.tallies.values():
        tally.values = [
            replace(one, kind=kind)
            for one in tally.values
            if (kind := judge.known.get(one.pair, one.kind) if one.kind is Kind.DIFFERENT else one.kind) is not None
        ]


def _calibration(
    material: Material, tallies: Tallies, judge: _Judge, what: Wanted, *, with_series: bool
) -> Calibration:
    kinds = list(judge.known.values())
    return Calibration(
        photos=len(material.originals),
        copies_left_out=kinds.count(None),
        series=kinds.count(Kind.SERIES),
        with_series=with_series,
        rows=tuple(row_of(tally, about(name, what.settings)) for name in what.names for tally in tallies.of(name)),
        tallies=tallies,
    )


def row_of(tally: Tally, about_it: str) -> CalibratedMetric:
    """Return the cuts that the values of one number come to; ``about_it``: what its method was set to."""
    cut, with_series = tally.cut(Kind.DIFFERENT), tally.cut(Kind.DIFFERENT, Kind.SERIES)
    return CalibratedMetric(
        method=tally.method,
        metric=tally.metric,
        about=about_it,
        cut=cut,
        recall=tally.recall(cut),
        pairs=len(tally.numbers(Kind.DIFFERENT)),
        series=len(tally.numbers(Kind.SERIES)),
        series_beyond=tally.false_positives(cut, Kind.SERIES),
        cut_with_series=with_series,
        recall_with_series=tally.recall(with_series),
    )


def _cut(row: CalibratedMetric, value: float, calibration: Calibration) -> Cut:
    is_strict = calibration.with_series
    return Cut(
        method=row.method,
        metric=row.metric.name,
        value=value,
        pairs=row.pairs + (row.series if is_strict else 0),
        recall=round((row.recall_with_series if is_strict else row.recall).value, 4),
        about=row.about,
    )
