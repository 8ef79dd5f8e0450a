"""What is known of each content."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, fields
from functools import cache
from typing import Any

from pictrace.model import Fingerprint, Metadata, Photo, PhotoState
from pictrace.store.connection import Connection, Row
from pictrace.store.values import text

_WITHOUT_PARTS = "SELECT photos.* FROM photos"
_WITH_PARTS = (
    "SELECT photos.*, parts.keypoints, parts.descriptors, parts.preview "
    "FROM photos LEFT JOIN parts ON parts.photo = photos.id"
)
_METADATA_FIELDS = frozenset(field.name for field in fields(Metadata))


class Photos:
    """The table of photos. A photo's id never changes; a smaller id became known earlier."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put_photo(self, photo: Photo) -> int:
        """Remember all that is known of a content, and return its id.

        A pixel hash or a preview that was set stays where the new value has none. With another fingerprint than before,
        the photo counts as not judged. Entries have to be put again.
        """
        values = _columns(photo)
        with self._connection.atomic():
            self._connection.execute(
                "INSERT INTO photos (content_hash, size_bytes, state, reason, metadata, pixel_hash, phashes, detail, "
                "versions) VALUES (:content_hash, :size_bytes, :state, :reason, :metadata, :pixel_hash, :phashes, "
                ":detail, :versions) ON CONFLICT (content_hash) DO UPDATE SET size_bytes = :size_bytes, "
                "state = :state, reason = :reason, metadata = :metadata, "
                "pixel_hash = coalesce(:pixel_hash, pixel_hash), detail = :detail, "
                "judged_version = CASE WHEN phashes IS :phashes AND versions IS :versions THEN judged_version END, "
                "phashes = :phashes, versions = :versions, orphaned_at = NULL",
                values,
            )
            photo_id = self.require_id(photo.content_hash)
            self._put_parts(photo_id, photo.fingerprint)
        return photo_id

    def photo(self, content_hash: bytes, *, with_parts: bool = True) -> Photo | None:
        """Return a photo by its content.

        Args:
            content_hash: which.
            with_parts: also read keypoints, descriptors and preview. Without, these are empty: such a value is to be
                looked at, not to be put again.
        """
        row = self._row("photos.content_hash = ?", content_hash, with_parts=with_parts)
        return None if row is None else _photo(row)

    def photo_by_id(self, photo_id: int, *, with_parts: bool = True) -> Photo | None:
        """Return a photo by its id; see `photo`."""
        row = self._row("photos.id = ?", photo_id, with_parts=with_parts)
        return None if row is None else _photo(row)

    def reader(self) -> Callable[[bytes], Photo | None]:
        """Return a function that looks a photo up by its content, without parts, in what is read now."""
        rows = {row["content_hash"]: row for row in self._connection.rows(_WITHOUT_PARTS)}

        @cache
        def look_up(content_hash: bytes) -> Photo | None:
            row = rows.get(content_hash)
            return None if row is None else _photo(row)

        return look_up

    def metadata(self, content_hash: bytes) -> Metadata | None:
        """Return what a photo says of itself; None where it is not known, or no picture."""
        sql = "SELECT metadata FROM photos WHERE content_hash = ?"
        return metadata_of_text(self._connection.value(sql, (content_hash,)))

    def with_older_metadata(self, content_hash: bytes, version: int) -> list[bytes]:
        """Return which of a photo and those it was found to come from were read by an older version."""
        sql = (
            "SELECT content_hash FROM photos WHERE (content_hash = :hash OR id IN (SELECT findings.other FROM findings "
            "JOIN photos AS asked ON asked.id = findings.file WHERE asked.content_hash = :hash)) "
            "AND coalesce(json_extract(metadata, '$.version'), 1) < :version AND metadata IS NOT NULL"
        )
        rows = self._connection.rows(sql, {"hash": content_hash, "version": version})
        return [row["content_hash"] for row in rows]

    def set_metadata(self, content_hash: bytes, metadata: Metadata) -> None:
        """Remember what a photo says of itself, read anew; all else that is known of it stays."""
        values = (json.dumps(asdict(metadata)), content_hash)
        self._connection.execute("UPDATE photos SET metadata = ? WHERE content_hash = ?", values)

    def photo_id(self, content_hash: bytes) -> int | None:
        """Return the id of a content, None where it is not known."""
        found: int | None = self._connection.value("SELECT id FROM photos WHERE content_hash = ?", (content_hash,))
        return found

    def require_id(self, content_hash: bytes) -> int:
        """Return the id of a content.

        Raises:
            LookupError: it is not known.
        """
        photo_id = self.photo_id(content_hash)
        if photo_id is None:
            raise LookupError(f"no photo has the content hash {content_hash.hex()}")
        return photo_id

    def judged_version(self, content_hash: bytes) -> int | None:
        """Return which version of the matcher compared a photo with all those known before it."""
        sql = "SELECT judged_version FROM photos WHERE content_hash = ?"
        version: int | None = self._connection.value(sql, (content_hash,))
        return version

    def set_judged(self, content_hash: bytes, version: int) -> None:
        """Remember that a photo was compared with all those known before it."""
        self._connection.execute("UPDATE photos SET judged_version = ? WHERE content_hash = ?", (version, content_hash))

    def preview(self, content_hash: bytes) -> bytes | None:
        """Return the small upright picture that is kept of a photo, None where there is none."""
        sql = "SELECT preview FROM parts JOIN photos ON photos.id = parts.photo WHERE content_hash = ?"
        found: bytes | None = self._connection.value(sql, (content_hash,))
        return found

    def lacks_preview(self, content_hash: bytes) -> bool:
        """Return whether a photo was decoded and no preview is kept of it."""
        # `typeof` looks at the row's head alone, and not at twenty thousand bytes of features before it.
        sql = "SELECT typeof(preview) = 'null' FROM parts JOIN photos ON photos.id = parts.photo WHERE content_hash = ?"
        return bool(self._connection.value(sql, (content_hash,)))

    def set_preview(self, content_hash: bytes, preview: bytes) -> None:
        """Keep a small upright picture of a photo that was described; see `Fingerprint`."""
        sql = "UPDATE parts SET preview = ? WHERE photo = (SELECT id FROM photos WHERE content_hash = ?)"
        self._connection.execute(sql, (preview, content_hash))

    def _put_parts(self, photo_id: int, fingerprint: Fingerprint | None) -> None:
        # They were computed from the features that are replaced.
        self._connection.execute("DELETE FROM entries WHERE photo = ?", (photo_id,))
        if fingerprint is None:
            self._connection.execute("DELETE FROM parts WHERE photo = ?", (photo_id,))
            return
        self._connection.execute(
            "INSERT INTO parts (photo, keypoints, descriptors, preview) VALUES (?, ?, ?, ?) ON CONFLICT (photo) "
            "DO UPDATE SET keypoints = excluded.keypoints, descriptors = excluded.descriptors, "
            "preview = coalesce(excluded.preview, preview)",
            (photo_id, fingerprint.keypoints, fingerprint.descriptors, fingerprint.preview),
        )

    def _row(self, condition: str, value: bytes | int, *, with_parts: bool) -> Row | None:
        select = _WITH_PARTS if with_parts else _WITHOUT_PARTS
        return self._connection.row(f"{select} WHERE {condition}", (value,))


def _columns(photo: Photo) -> dict[str, object]:
    fingerprint = photo.fingerprint
    return {
        "content_hash": photo.content_hash,
        "size_bytes": photo.size_bytes,
        "state": photo.state,
        "reason": text(photo.reason),
        "metadata": None if photo.metadata is None else json.dumps(asdict(photo.metadata)),
        "pixel_hash": photo.pixel_hash,
        "phashes": None if fingerprint is None else fingerprint.phashes,
        "detail": None if fingerprint is None else fingerprint.detail,
        "versions": None if fingerprint is None else json.dumps(fingerprint.versions),
    }


def _photo(row: Row) -> Photo:
    return Photo(
        content_hash=row["content_hash"],
        size_bytes=row["size_bytes"],
        state=PhotoState(row["state"]),
        reason=row["reason"],
        metadata=metadata_of_text(row["metadata"]),
        fingerprint=None if row["phashes"] is None else _fingerprint(row),
        pixel_hash=row["pixel_hash"],
    )


def metadata_of_text(stored: str | None) -> Metadata | None:
    """Return metadata as it was stored; a field that this version does not have is passed over."""
    if stored is None:
        return None
    known: dict[str, Any] = {  # Any: fields of every type
        name: value for name, value in json.loads(stored).items() if name in _METADATA_FIELDS
    }
    for name, value in known.items():
        if isinstance(value, list):  # JSON knows no tuples
            known[name] = tuple(value)
    return Metadata(**known)


def _fingerprint(row: Row) -> Fingerprint:
    has_parts = "keypoints" in row.keys()  # noqa: SIM118 – `in` on a row looks at its values
    return Fingerprint(
        phashes=row["phashes"],
        keypoints=row["keypoints"] if has_parts else b"",
        descriptors=row["descriptors"] if has_parts else b"",
        detail=row["detail"],
        versions=json.loads(row["versions"]),
        preview=row["preview"] if has_parts else None,
    )
