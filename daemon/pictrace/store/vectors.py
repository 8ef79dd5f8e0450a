"""What a neural network makes of each photo."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pictrace.store.connection import Connection
from pictrace.store.photos import Photos


class StoredVector(NamedTuple):
    """The vector of a photo: float32, little-endian, as the network gave it."""

    photo_id: int
    vector: bytes


class Vectors:
    """The table of vectors: one a photo, of one version of the network."""

    def __init__(self, connection: Connection, photos: Photos) -> None:
        self._connection = connection
        self._photos = photos

    def put(self, content_hash: bytes, vector: bytes, version: int) -> int:
        """Remember a photo's vector, and return its id; it counts as not judged, as with every other new part.

        Raises:
            LookupError: the photo is not known.
        """
        photo_id = self._photos.require_id(content_hash)
        with self._connection.atomic():
            self._connection.execute(
                "INSERT OR REPLACE INTO vectors (photo, version, vector) VALUES (?, ?, ?)", (photo_id, version, vector)
            )
            self._connection.execute("UPDATE photos SET judged_version = NULL WHERE id = ?", (photo_id,))
        return photo_id

    def vector(self, content_hash: bytes, version: int) -> bytes | None:
        """Return a photo's vector; None where there is none of this version."""
        found: bytes | None = self._connection.value(
            "SELECT vector FROM vectors JOIN photos ON photos.id = vectors.photo WHERE content_hash = ? "
            "AND vectors.version = ?",
            (content_hash, version),
        )
        return found

    def all(self, version: int) -> Iterator[StoredVector]:
        """Yield every vector of a version, in the order of the photos' ids."""
        sql = (
            "SELECT photo AS id, vector FROM vectors WHERE version = :version AND photo > :after "
            "ORDER BY photo LIMIT :size"
        )
        for row in self._connection.pages(sql, {"version": version}):
            yield StoredVector(row["id"], row["vector"])
