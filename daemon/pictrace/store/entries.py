"""What the candidate index keeps of each photo, and what changed since that index was saved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pictrace.store.connection import Connection
from pictrace.store.photos import Photos

_SAVED = "saved-candidates"


class Indexed(NamedTuple):
    """What an index needs of a photo; without local features, ``entries`` are empty."""

    photo_id: int
    phashes: bytes
    entries: bytes


class Changes(NamedTuple):
    """Photos that were put since, and the ids of those that went."""

    put: list[Indexed]
    gone: list[int]


class SavedAs(NamedTuple):
    """How the candidate index was saved last: the token it was given, and up to which change it knows all."""

    token: str
    change: int


class Entries:
    """The table of entries. A photo with perceptual hashes and no entries of the version asked for is indexed, too."""

    def __init__(self, connection: Connection, photos: Photos) -> None:
        self._connection = connection
        self._photos = photos

    def put(self, content_hash: bytes, entries: bytes, version: int) -> None:
        """Remember what the index over local features keeps of a photo.

        Raises:
            LookupError: the photo is not known.
        """
        self._connection.execute(
            "INSERT OR REPLACE INTO entries (photo, version, entries) VALUES (?, ?, ?)",
            (self._photos.require_id(content_hash), version, entries),
        )

    def version(self, content_hash: bytes) -> int | None:
        """Return of which version the entries of a photo are, None where there are none."""
        sql = "SELECT version FROM entries JOIN photos ON photos.id = entries.photo WHERE content_hash = ?"
        version: int | None = self._connection.value(sql, (content_hash,))
        return version

    def all(self, version: int) -> Iterator[Indexed]:
        """Yield every photo that has perceptual hashes, in the order of the ids.

        Args:
            version: entries of another version are left out.
        """
        sql = (
            "SELECT photos.id, phashes, entries FROM photos "
            "LEFT JOIN entries ON entries.photo = photos.id AND entries.version = :version "
            "WHERE phashes IS NOT NULL AND photos.id > :after ORDER BY photos.id LIMIT :size"
        )
        for row in self._connection.pages(sql, {"version": version}, size=10_000):
            yield Indexed(row["id"], row["phashes"], row["entries"] or b"")

    def newest_change(self) -> int:
        """Return the number of the last change; an index that was filled before knows all up to it."""
        number: int | None = self._connection.value("SELECT seq FROM sqlite_sequence WHERE name = 'entry_changes'")
        return number or 0

    def changes(self, after: int, version: int) -> Changes:
        """Return which photos an index has to put and to forget that knows all changes up to a number.

        Args:
            after: the number.
            version: entries of another version are left out.
        """
        rows = self._connection.rows(
            "SELECT changed.photo, phashes, entries FROM (SELECT DISTINCT photo FROM entry_changes WHERE id > :after) "
            "AS changed LEFT JOIN photos ON photos.id = changed.photo "
            "LEFT JOIN entries ON entries.photo = changed.photo AND entries.version = :version",
            {"version": version, "after": after},
        )
        put = [Indexed(row["photo"], row["phashes"], row["entries"] or b"") for row in rows if row["phashes"]]
        return Changes(put=put, gone=[row["photo"] for row in rows if not row["phashes"]])

    @property
    def saved_as(self) -> SavedAs | None:
        """How the candidate index was saved last; None: never, since this store was made."""
        value = self._connection.value("SELECT value FROM state WHERE name = ?", (_SAVED,))
        if value is None:
            return None
        token, change = value.split()
        return SavedAs(token, int(change))

    def set_saved_as(self, saved: SavedAs) -> None:
        """Remember how the candidate index was saved; the changes that it knows are not kept any longer."""
        with self._connection.atomic():
            self._connection.execute(
                "INSERT OR REPLACE INTO state (name, value) VALUES (?, ?)", (_SAVED, f"{saved.token} {saved.change}")
            )
            self._connection.execute("DELETE FROM entry_changes WHERE id <= ?", (saved.change,))
