"""How photos are related."""

# ruff: noqa: S608 – statements are put together from our own constants; values go in as parameters

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from functools import partial

from pictrace.model import Certainty, Direction, Edit, EditKind, Evidence, Finding, Match, Relation
from pictrace.store.connection import Connection, Row
from pictrace.store.photos import Photos
from pictrace.store.stars import Link, StarMember, Stars

_SELECT = (
    "SELECT findings.*, a.content_hash AS file_hash, b.content_hash AS other_hash FROM findings "
    "JOIN photos AS a ON a.id = findings.file JOIN photos AS b ON b.id = findings.other"
)
_PAIR = "min(file, other) = :low AND max(file, other) = :high"

_NEVER_STORED = (Relation.UNRELATED, Relation.SAME_BYTES)
_LINKS = "SELECT id, file, other, relation, certainty, similarity, edits FROM findings"


class Findings:
    """The table of findings: at most one for two photos, whichever is asked about first."""

    def __init__(self, connection: Connection, photos: Photos, *, wall_clock: Callable[[], float]) -> None:
        self._connection = connection
        self._photos = photos
        self._wall_clock = wall_clock
        self._stars = Stars(partial(self._links, "file"), partial(self._links, "other"))

    def put_finding(self, file_hash: bytes, other_hash: bytes, match: Match) -> Finding:
        """Remember how two photos are related, in place of what was known of the two.

        Args:
            file_hash: the later known of the two.
            other_hash: the earlier known.
            match: what comparing them gave.

        Raises:
            LookupError: one of the photos is not known.
            ValueError: the relation is none that is stored, or both are one photo.
        """
        if match.relation in _NEVER_STORED or file_hash == other_hash:
            raise ValueError(f"expected a relation of two photos that is stored, found {match.relation}")
        ids = self._ids(file_hash, other_hash)
        with self._connection.atomic():
            before = self._connection.row(f"SELECT id, found_at FROM findings WHERE {_PAIR}", _pair(*ids))
            values = {
                **_columns(match),
                "id": None if before is None else before["id"],
                "file": ids[0],
                "other": ids[1],
                "found_at": self._wall_clock() if before is None else before["found_at"],
            }
            finding_id = self._connection.insert(
                "INSERT OR REPLACE INTO findings (id, file, other, relation, certainty, similarity, direction, edits, "
                "evidence, matcher_version, found_at) VALUES (:id, :file, :other, :relation, :certainty, :similarity, "
                ":direction, :edits, :evidence, :matcher_version, :found_at)",
                values,
            )
        return Finding(id=finding_id, file=file_hash, other=other_hash, match=match)

    def finding(self, a: bytes, b: bytes) -> Finding | None:
        """Return what is known of two photos, in whichever order they are named."""
        first, second = self._photos.photo_id(a), self._photos.photo_id(b)
        if first is None or second is None:
            return None
        row = self._connection.row(f"{_SELECT} WHERE {_PAIR}", _pair(first, second))
        return None if row is None else _finding(row)

    def of_photo(self, content_hash: bytes) -> list[Finding]:
        """Return the findings of a photo against those known earlier; copies first, then the most similar."""
        return _ordered(self._connection.rows(f"{_SELECT} WHERE a.content_hash = ?", (content_hash,)))

    def with_photo(self, content_hash: bytes) -> list[Finding]:
        """Return all findings of a photo, against earlier and later known ones; in the order of `of_photo`."""
        sql = f"{_SELECT} WHERE a.content_hash = :hash UNION ALL {_SELECT} WHERE b.content_hash = :hash"
        return _ordered(self._connection.rows(sql, {"hash": content_hash}))

    def of_later(self, content_hash: bytes) -> list[Finding]:
        """Return the findings of later known photos against one; in the order of `of_photo`."""
        return _ordered(self._connection.rows(f"{_SELECT} WHERE b.content_hash = ?", (content_hash,)))

    def findings(self, relation: Relation | None = None) -> Iterator[Finding]:
        """Yield all findings, or those of one relation, in the order in which they were found."""
        sql = (
            "SELECT * FROM (" + _SELECT + ") WHERE id > :after AND (:relation IS NULL OR relation = :relation) "
            "ORDER BY id LIMIT :size"
        )
        return map(_finding, self._connection.pages(sql, {"relation": relation}))

    def without_evidence(self) -> Iterator[Finding]:
        """Yield all findings in the order in which they were found, without what was measured.

        Of ten thousand findings the measurements are most of what is read and decoded, and no rule looks at them.
        """
        columns = "findings.id, relation, certainty, similarity, direction, edits, '[]' AS evidence, matcher_version"
        sql = f"{_SELECT.replace('findings.*', columns)} WHERE findings.id > :after ORDER BY findings.id LIMIT :size"
        return map(_finding, self._connection.pages(sql, {}))

    @staticmethod
    def in_order(findings: Iterable[Finding]) -> list[Finding]:
        """Return findings in the order of `of_photo`: copies first, then the surest, then the most similar."""
        return sorted(findings, key=_rank)

    def hub_of(self, content_hash: bytes) -> bytes | None:
        """Return the head of the star that a photo is a member of, None where it is a member of none."""
        photo_id = self._photos.photo_id(content_hash)
        head_id = None if photo_id is None else self._stars.head_of(photo_id)
        return None if head_id is None else self._content(head_id)

    def star_of(self, head: bytes) -> list[StarMember]:
        """Return a star: its head, then all that lead up to it, the nearest first."""
        head_id = self._photos.photo_id(head)
        members = {} if head_id is None else self._stars.members_of(head_id)
        return [StarMember(self._content(photo_id), is_plain) for photo_id, is_plain in members.items()]

    def count_around(self, a: bytes, b: bytes) -> int:
        """Return how many findings two contents have, with each other and with others; two stand for more."""
        ids = "(SELECT id FROM photos WHERE content_hash IN (:a, :b))"
        sql = f"SELECT COUNT(*) FROM (SELECT 1 FROM findings WHERE file IN {ids} OR other IN {ids} LIMIT 2)"
        return int(self._connection.value(sql, {"a": a, "b": b}))

    def older(self, content_hash: bytes, version: int) -> list[Finding]:
        """Return a photo's findings against earlier ones that an older matcher made."""
        sql = f"{_SELECT} WHERE a.content_hash = ? AND matcher_version < ?"
        return _ordered(self._connection.rows(sql, (content_hash, version)))

    def drop(self, finding_id: int) -> None:
        """Forget a finding."""
        self._connection.execute("DELETE FROM findings WHERE id = ?", (finding_id,))

    def _links(self, side: str, photo_id: int) -> list[Link[int]]:
        return [_link(row) for row in self._connection.rows(f"{_LINKS} WHERE {side} = ?", (photo_id,))]

    def _content(self, photo_id: int) -> bytes:
        content_hash: bytes = self._connection.value("SELECT content_hash FROM photos WHERE id = ?", (photo_id,))
        return content_hash

    def _ids(self, a: bytes, b: bytes) -> tuple[int, int]:
        return self._photos.require_id(a), self._photos.require_id(b)


def _pair(a: int, b: int) -> dict[str, int]:
    return {"low": min(a, b), "high": max(a, b)}


def _columns(match: Match) -> dict[str, object]:
    return {
        "relation": match.relation,
        "certainty": match.certainty,
        "similarity": match.similarity,
        "direction": match.direction,
        "edits": json.dumps([{"kind": edit.kind, **edit.measures()} for edit in match.edits]),
        "evidence": json.dumps([asdict(one) for one in match.evidence]),
        "matcher_version": match.matcher_version,
    }


def _link(row: Row) -> Link[int]:
    return Link(
        id=row["id"],
        file=row["file"],
        other=row["other"],
        relation=Relation(row["relation"]),
        certainty=Certainty(row["certainty"]),
        similarity=row["similarity"],
        edits=tuple(edit["kind"] for edit in json.loads(row["edits"])),
    )


def _finding(row: Row) -> Finding:
    match = Match(
        relation=Relation(row["relation"]),
        certainty=Certainty(row["certainty"]),
        similarity=row["similarity"],
        direction=Direction(row["direction"]),
        edits=tuple(_edit(**measures) for measures in json.loads(row["edits"])),
        evidence=tuple(Evidence(**one) for one in json.loads(row["evidence"])),
        matcher_version=row["matcher_version"],
    )
    return Finding(id=row["id"], file=row["file_hash"], other=row["other_hash"], match=match)


def _edit(kind: str, **measures: object) -> Edit:
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in measures.items()}
    return Edit(kind=EditKind(kind), **values)  # type: ignore[arg-type]  # as Edit.measures gave them


def _ordered(rows: list[Row]) -> list[Finding]:
    return Findings.in_order(map(_finding, rows))


def _rank(finding: Finding) -> tuple[bool, int, float]:
    match = finding.match
    return not match.relation.is_copy, -match.certainty.rank, -match.similarity
