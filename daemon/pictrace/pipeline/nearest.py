"""Finds the photos nearest to a picture: those related to it first, then leads, which are related by nothing proved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pictrace.errors import UndecodableError
from pictrace.fingerprint import WorkerPool
from pictrace.match import Candidate, compare, compare_kept
from pictrace.model import Certainty, Evidence, Match, Photo, PhotoState, Relation
from pictrace.pipeline.asking import Asking, asking, likely
from pictrace.pipeline.bases import Base, Places
from pictrace.pipeline.events import SAME_BYTES, Away
from pictrace.pipeline.suspects import looking_alike, suspected, suspects

LEAD: Final = "lead"
_MOST_CANDIDATES: Final = 40
# However few votes they have.
_LOOKED_AT: Final = 10
# Perceptual hashes of unrelated pictures differ by half of their 64 bits: so much is no likeness at all.
_NO_LIKENESS_BITS: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A photo near the one asked about, with the files that hold it.

    ``away``: these lie in an archive that is away. ``asked`` and ``found``: the content hashes of both.
    """

    files: tuple[Path, ...]
    match: Match
    asked: bytes
    found: bytes
    away: Away | None = None

    @property
    def verdict(self) -> str:
        """The relation, or ``lead`` for what only looks alike: never a copy."""
        return LEAD if self.match.relation is Relation.UNRELATED else self.match.relation.value

    @property
    def percent(self) -> float:
        """How alike the two are, 0 to 100."""
        return round(100 * self.match.similarity, 1)


class Searcher:
    """Looks for pictures among photos.

    Args:
        base: the photos.
        pool: reads the pictures.
        top: how many rows at most.
        least_percent: leads below are left out.
    """

    def __init__(self, base: Base, pool: WorkerPool, *, top: int, least_percent: float) -> None:
        self._base, self._pool = base, pool
        self._top = top
        self._most_bits = int(_NO_LIKENESS_BITS * (1 - least_percent / 100))

    def nearest(self, path: Path, photo: Photo) -> list[Near]:
        """Return the photos near a picture: copies first, then other relations, then leads; one row a content.

        What lies in an archive that is away is compared with by the small picture that was kept of it.

        Raises:
            PhotoError: the picture cannot be read.
        """
        places = self._base.places(photo.content_hash, path)
        if photo.state is PhotoState.UNDECODABLE and places is None:
            raise UndecodableError(path, photo.reason or "no picture")
        rows = [] if places is None else [_near(places, SAME_BYTES, photo, photo.content_hash)]
        rows += self._related(path, photo)
        rows.sort(key=lambda row: (not row.match.relation.is_copy, -row.match.certainty.rank, -row.match.similarity))
        if len(rows) < self._top:
            rows += self._leads(path, photo, {row.found for row in rows})
        return rows[: self._top]

    def _related(self, path: Path, photo: Photo) -> Iterator[Near]:
        """Yield the other contents that are related to a picture."""
        for other in self._likely(path, photo):
            places = self._base.places(other.content_hash, path)
            if places is None or other.content_hash == photo.content_hash:
                continue
            match = self._match(path, other, places)
            if match is not None and match.relation is not Relation.UNRELATED:
                yield _near(places, match, photo, other.content_hash)

    def _match(self, path: Path, other: Photo, places: Places) -> Match | None:
        if places.away is None:
            match: Match = self._pool.submit(compare, path, places.files[0]).result()
            return match
        preview = self._base.preview(other.content_hash)
        if preview is None or other.metadata is None:
            return None
        kept: Match = self._pool.submit(compare_kept, path, places.files[0], preview, other.metadata).result()
        return kept

    def _likely(self, path: Path, photo: Photo) -> Iterator[Photo]:
        """Yield the photos worth comparing with a picture.

        Near by their hash, lying on it by their features, or alike to a network.
        """
        if photo.fingerprint is None or photo.metadata is None:
            return
        asked: Asking = self._pool.submit(asking, path, photo.fingerprint, photo.metadata, True).result()
        found = self._base.candidates.query(
            photo.fingerprint.phashes, asked.questions, limit=_MOST_CANDIDATES, vector=self._base.vector(path)
        )
        voted = suspected(found, first=_LOOKED_AT)
        ids = [candidate.photo_id for candidate in found if candidate.distance is not None]
        ids += self._pool.submit(likely, asked, suspects(self._base.photo, voted)).result()
        ids += [candidate.photo_id for candidate in looking_alike(found, _LOOKED_AT)]
        for photo_id in dict.fromkeys(ids):
            other = self._base.photo(photo_id, with_parts=False)
            if other is not None:
                yield other

    def _leads(self, path: Path, photo: Photo, but: set[bytes]) -> Iterator[Near]:
        """Yield the contents that are related by nothing, but whose hash is near; the nearest first."""
        if photo.fingerprint is None:
            return
        known = {*but, photo.content_hash}
        limit = self._top + len(known)
        for candidate in self._base.candidates.near(photo.fingerprint.phashes, self._most_bits, limit=limit):
            other = self._base.photo(candidate.photo_id, with_parts=False)
            places = None if other is None else self._base.places(other.content_hash, path)
            if other is None or places is None or other.content_hash in known:
                continue
            known.add(other.content_hash)
            yield _near(places, _lead(candidate, self._most_bits), photo, other.content_hash)


def _lead(candidate: Candidate, most_bits: int) -> Match:
    bits = _NO_LIKENESS_BITS if candidate.distance is None else candidate.distance
    return Match(
        relation=Relation.UNRELATED,
        certainty=Certainty.SUSPECTED,
        similarity=max(0.0, 1 - bits / _NO_LIKENESS_BITS),
        evidence=(Evidence(name="phash-distance", value=bits, limit=most_bits, passed=True),),
    )


def _near(places: Places, match: Match, photo: Photo, found: bytes) -> Near:
    return Near(files=places.files, match=match, asked=photo.content_hash, found=found, away=places.away)
