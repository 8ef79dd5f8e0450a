"""Photos that went for good, in journal.db, with what it takes to recognize them."""

# ruff: noqa: S608 – statements are put together from our own constants; values go in as parameters

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Final, NamedTuple

from pictrace.model import ChangeKind, ChangeState, Farewell, Remains, Tombstone
from pictrace.store.connection import Connection, Row
from pictrace.store.photos import metadata_of_text
from pictrace.store.values import text

# With 40 KB of preview each, these take 400 MB; the previews of older ones go, their hashes stay.
MOST_PREVIEWS: Final = 10_000

# Purging is written down before the file goes. Where it did not go after all, the photo never went either.
_STANDS = "(purge IS NULL OR EXISTS (SELECT 1 FROM changes WHERE changes.id = purge AND changes.purged_at IS NOT NULL))"
# It counts no more once a person took the photo back out of quarantine.
_COUNTS = (
    f"({_STANDS} AND NOT EXISTS (SELECT 1 FROM changes WHERE changes.content_hash = tombstones.content_hash "
    f"AND changes.kind = '{ChangeKind.QUARANTINE}' AND changes.state = '{ChangeState.UNDONE}' "
    "AND changes.id > tombstones.after_change))"
)
# How a photo went. The first word of that holds: what landed since did return, whatever is said once more.
_FIRST_WORD = ", ".join(
    f"{name} = CASE WHEN {_COUNTS} THEN tombstones.{name} ELSE excluded.{name} END"
    for name in ("reason", "made_at", "purge")
)
_LAST_WORD = ", ".join(
    f"{name} = excluded.{name}"
    for name in ("pixel_hash", "phashes", "name", "keeper_hash", "after_change", "metadata", "preview")
)


class Hashes(NamedTuple):
    """What may be recognized by its picture; ``upright`` holds the first eight bytes of the perceptual hashes of each.

    Also what does not count: whether it does is told by `Tombstones.of_content`.
    """

    contents: tuple[bytes, ...]
    upright: bytes


class Tombstones:
    """A part of the journal: one tombstone for a content."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._written = 0
        self._hashes: tuple[tuple[int, int], Hashes] | None = None

    def put(self, stone: Tombstone) -> None:
        """Remember a photo that went. Of one that went before, when and why it first did stays, and what showed it.

        An ``after_change`` of 0 becomes the newest change.
        """
        remains = stone.remains
        self._written += 1
        self._connection.execute(
            "INSERT INTO tombstones (content_hash, reason, made_at, pixel_hash, phashes, name, "
            "keeper_hash, after_change, purge, metadata, preview) VALUES (:hash, :reason, :made_at, :pixel_hash, "
            ":phashes, :name, :keeper_hash, coalesce(:after_change, (SELECT MAX(id) FROM changes), 0), :purge, "
            f":metadata, :preview) ON CONFLICT (content_hash) DO UPDATE SET {_FIRST_WORD}, {_LAST_WORD}",
            {
                "hash": stone.content_hash,
                "reason": stone.farewell,
                "made_at": stone.made_at,
                "pixel_hash": remains.pixel_hash,
                "phashes": remains.phashes,
                "name": text(stone.name),
                "keeper_hash": stone.keeper_hash,
                "after_change": stone.after_change or None,
                "purge": stone.purge,
                "metadata": None if remains.metadata is None else json.dumps(asdict(remains.metadata)),
                "preview": remains.preview,
            },
        )

    def drop_old_previews(self) -> None:
        """Keep the previews of the ``MOST_PREVIEWS`` that went last, and the hashes alone of those before."""
        self._connection.execute(
            "UPDATE tombstones SET preview = NULL WHERE preview IS NOT NULL AND rowid NOT IN "
            "(SELECT rowid FROM tombstones WHERE preview IS NOT NULL ORDER BY made_at DESC, rowid DESC LIMIT ?)",
            (MOST_PREVIEWS,),
        )

    def forget(self, content_hash: bytes) -> bool:
        """Forget that a photo went; returns False where nothing was known of that."""
        self._written += 1
        return bool(self._connection.execute("DELETE FROM tombstones WHERE content_hash = ?", (content_hash,)))

    def of_content(self, content_hash: bytes) -> Tombstone | None:
        """Return the tombstone of exactly this content."""
        row = self._connection.row(f"SELECT * FROM tombstones WHERE content_hash = ? AND {_STANDS}", (content_hash,))
        return None if row is None else _stone(row)

    def shown_by(self, content_hash: bytes) -> list[Tombstone]:
        """Return the tombstones of what a content shows, as `note_return` was told; the oldest first."""
        rows = self._connection.rows(
            "SELECT tombstones.* FROM returned_as JOIN tombstones ON tombstones.content_hash = returned_as.tombstone "
            f"WHERE returned_as.content_hash = ? AND {_STANDS} ORDER BY made_at",
            (content_hash,),
        )
        return [_stone(row) for row in rows]

    def note_return(self, content_hash: bytes, stone: Tombstone) -> None:
        """Remember that a content shows what went: its pixels are equal, or it is a verified rendition."""
        self._connection.execute(
            "INSERT OR IGNORE INTO returned_as (content_hash, tombstone) VALUES (?, ?)",
            (content_hash, stone.content_hash),
        )

    def hashes(self) -> Hashes:
        """Return the perceptual hashes of all that went; the same object while nothing was written to the file.

        With ten thousand of them, reading them took 20 ms and more for each photo that landed.
        """
        version = self._connection.value("PRAGMA data_version"), self._written
        if self._hashes is None or self._hashes[0] != version:
            rows = self._connection.rows(
                "SELECT content_hash, substr(phashes, 1, 8) AS upright FROM tombstones WHERE phashes IS NOT NULL"
            )
            contents = tuple(row["content_hash"] for row in rows)
            self._hashes = version, Hashes(contents, b"".join(row["upright"] for row in rows))
        return self._hashes[1]

    def listed(self) -> list[Tombstone]:
        """Return all tombstones, the oldest first."""
        rows = self._connection.rows(f"SELECT * FROM tombstones WHERE {_STANDS} ORDER BY made_at, content_hash")
        return [_stone(row) for row in rows]

    def is_empty(self) -> bool:
        """Return whether nothing ever went."""
        return self._connection.row("SELECT 1 FROM tombstones LIMIT 1") is None


def _stone(row: Row) -> Tombstone:
    return Tombstone(
        content_hash=row["content_hash"],
        farewell=Farewell(row["reason"]),
        made_at=row["made_at"],
        name=row["name"],
        keeper_hash=row["keeper_hash"],
        remains=Remains(
            phashes=row["phashes"],
            pixel_hash=row["pixel_hash"],
            preview=row["preview"],
            metadata=metadata_of_text(row["metadata"]),
        ),
        after_change=row["after_change"],
        purge=row["purge"],
    )
