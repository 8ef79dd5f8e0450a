"""Pairs that are no copies: series, and photographs that the index takes for alike."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from judging.halves import SeriesPair
from judging.pairwise import gathered, name_of, pair_verdict
from pictrace.fingerprint import describe, hash_file, orb
from pictrace.imaging import gray, read_photo
from pictrace.match import CandidateIndex
from pictrace.model import Fingerprint

Row = dict[str, Any]
_QUERY_SIDE_PIXELS = 1280
_MIRRORED = {"file-from-other": "other-from-file", "other-from-file": "file-from-other", "unknown": "unknown"}


def judged_series(pairs: Sequence[SeriesPair], processes: int) -> list[Row]:
    """Compare all pairs of the series."""
    known = {(name_of(pair.first), name_of(pair.second)): pair for pair in pairs}
    given = [(pair.first, pair.second) for pair in pairs]
    rows = list(gathered(pair_verdict, given, processes, "series"))
    for row in rows:
        pair = known[row["file"], row["other"]]
        row |= {"group": pair.group, "kind": pair.kind}
    return sorted(rows, key=lambda row: (row["kind"], row["file"], row["other"]))


def judged_photographs(photos: Sequence[Path], nearest: int, processes: int) -> list[Row]:
    """Compare each photograph with those that the index takes for nearest, and as many pairs drawn at random."""
    asked = sorted(gathered(_asked, photos, processes, "fingerprints"), key=lambda one: one[0].name)
    pairs = _retrieved(asked, nearest)
    everything = list(itertools.combinations(sorted(photos, key=lambda photo: photo.name), 2))
    random = np.random.default_rng(11)
    picks = random.permutation(len(everything))[: min(len(pairs) // 4, len(everything))]
    pairs |= {everything[pick] for pick in picks}
    return list(gathered(pair_verdict, sorted(pairs), processes, "different photographs"))


def judged_order(pairs: Sequence[tuple[Path, Path]], processes: int) -> tuple[list[Row], list[Row]]:
    """Return the pairs whose verdict depends on their order, and those for which a second run differs."""
    turned = [(other, file) for file, other in pairs]
    runs = [
        {_key(row): row for row in gathered(pair_verdict, given, processes, what)}
        for given, what in ((pairs, "first run"), (turned, "turned around"), (pairs[::-1], "second run"))
    ]
    unequal = [row for key, row in runs[0].items() if _turned(runs[1][key[1], key[0]]) != _said(row)]
    unsteady = [row for key, row in runs[0].items() if _all_said(runs[2][key]) != _all_said(row)]
    return unequal, unsteady


def _key(row: Row) -> tuple[str, str]:
    return row["file"], row["other"]


def _said(row: Row) -> tuple[Any, ...]:
    kinds = sorted(row.get("found_edits", {}))
    return row["relation"], row.get("certainty"), row.get("similarity"), row.get("direction"), kinds


def _turned(row: Row) -> tuple[Any, ...]:
    relation, certainty, similarity, direction, kinds = _said(row)
    return relation, certainty, similarity, _MIRRORED.get(direction), kinds


def _all_said(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "seconds"}


def _asked(path: Path) -> tuple[Path, Fingerprint | None, orb.QueryFeatures | None]:
    """Return a photograph's fingerprint and what the index is asked with."""
    cv2.setNumThreads(1)
    content_hash, key = hash_file(path)
    known = describe(path, content_hash, key).fingerprint
    if known is None:
        return path, None, None
    luma = gray(read_photo(path, longest_side=_QUERY_SIDE_PIXELS).rgb)
    return path, known, orb.query_features(luma, known.keypoints, known.descriptors)


def _retrieved(
    asked: Sequence[tuple[Path, Fingerprint | None, orb.QueryFeatures | None]], nearest: int
) -> set[tuple[Path, Path]]:
    index = CandidateIndex()
    for number, (_, known, _) in enumerate(asked):
        if known is not None:
            index.add(number, known)
    pairs = set()
    for number, (path, known, features) in enumerate(asked):
        if known is None:
            continue
        for candidate in index.query(known.phashes, features, limit=nearest + 1):
            if candidate.photo_id != number:
                first, second = sorted((path, asked[candidate.photo_id][0]), key=lambda one: one.name)
                pairs.add((first, second))
    return pairs
