"""The durable record of every change to a watched folder: journal.db, never thrown away."""

# ruff: noqa: S608 – statements are put together from our own constants; values go in as parameters

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypedDict, Unpack

from pictrace.errors import StoreError
from pictrace.model import CLOCK, Change, ChangeKind, ChangeState, Clock, RootInfo, StatKey
from pictrace.store.acting_lock import ActingLock
from pictrace.store.brake import BrakeRecords
from pictrace.store.change_rows import all_columns, change_of, columns
from pictrace.store.connection import Connection
from pictrace.store.journal_schema import MIGRATIONS
from pictrace.store.opening import Kind, open_file, read_file
from pictrace.store.paths import RootPaths, require_identity
from pictrace.store.tombstones import Tombstones
from pictrace.store.unsettled import Debt, Unsettled
from pictrace.store.uptime import Uptime
from pictrace.store.verdicts import Verdicts

FINAL_STATES = (ChangeState.DONE, ChangeState.ABORTED, ChangeState.UNDONE, ChangeState.NEEDS_ATTENTION)

JOURNAL = Kind(
    name="journal.db",
    synchronous="FULL",
    migrations=MIGRATIONS,
    if_damaged=(
        "PicTrace never replaces it, because it says what was moved where: put it back from a backup; without one, "
        "move it away by hand, and what lies in quarantine is known by the manifest.jsonl there"
    ),
)

_LOCK = "acting.lock"
# What puts a file into quarantine, where it stays until it is taken back or purged.
_HOLDING = ", ".join(f"'{kind}'" for kind in (ChangeKind.QUARANTINE, ChangeKind.HARDLINK, ChangeKind.REFLINK))
_HOLDS = "state = ? AND purged_at IS NULL"


class ChangeFields(TypedDict, total=False):
    """What may be learnt of a change while it is carried out."""

    source: Path
    target: Path | None
    temporary: Path | None
    key: StatKey | None
    before: bytes | None
    error: str | None
    details: dict[str, Any]  # Any: plain JSON values, as in Change


class Journal:
    """journal.db: what is planned, under way, done and taken back.

    `brake` is what the brake has to remember, `uptime` how old a change is, `unsettled` what to look at again,
    `verdicts` what a person decided, `tombstones` what went for good.

    Used from one thread only. A method that writes returns when the row is durable.
    """

    def __init__(self, connection: Connection, *, clock: Clock = CLOCK) -> None:
        self._connection = connection
        self.uptime = Uptime(connection, clock=clock.boottime)
        self._wall_clock = clock.wall
        self._acting = ActingLock(connection.path.with_name(_LOCK))
        self._paths = RootPaths()
        self.brake = BrakeRecords(connection, self._paths, wall_clock=clock.wall)
        self.unsettled = Unsettled(connection, self._select)
        self.verdicts, self.tombstones = Verdicts(connection), Tombstones(connection)
        self._read_roots()

    @classmethod
    def open(cls, state: Path, *, clock: Clock = CLOCK) -> Self:
        """Open the journal of a state folder to be read and written; made where it is missing.

        Raises:
            StoreError: it cannot be used now, is damaged, or was written by a newer PicTrace.
        """
        journal = cls(open_file(state, JOURNAL), clock=clock)
        with contextlib.suppress(StoreError):  # a full disk: less is counted, and the first change says so
            journal.uptime.note()
        return journal

    @classmethod
    def read(cls, state: Path) -> Self:
        """Open the journal to be read only, beside a running daemon; one that does not exist reads as empty.

        Raises:
            StoreError: as for `open`.
        """
        return cls(read_file(state, JOURNAL))

    def __enter__(self) -> Self:
        """Return the journal; leaving closes it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the journal."""
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def require_in_place(self) -> None:
        """Look whether the file is still at its place.

        Raises:
            StoreError: it was removed or replaced.
        """
        self._connection.require_in_place()

    def check(self) -> None:
        """Look for damage.

        Raises:
            DamagedError: some was found.
        """
        self._connection.check()

    def together(self) -> contextlib.AbstractContextManager[None]:
        """Group what is written inside into one commit; nothing of it is durable before the end."""
        return self._connection.batch()

    def acting(self) -> contextlib.AbstractContextManager[None]:
        """Keep other programs from making changes by this journal for as long; waits a little until none does.

        The daemon and `undo` run side by side: neither may take what the other is about to do for left open.

        Raises:
            BusyError: another one goes on making a change.
        """
        return self._acting.held()

    def put_root(self, root: RootInfo) -> None:
        """Note where a root is now: paths in it are kept relative to it, and follow it when it turns up elsewhere."""
        require_identity(root.identity)
        path = bytes(root.path)
        known = self._connection.row("SELECT path, is_current FROM roots WHERE identity = ?", (root.identity,))
        if known is not None and known["path"] == path and known["is_current"]:
            return
        with self._connection.atomic():
            self._connection.execute("UPDATE roots SET is_current = 0 WHERE path = ?", (path,))
            self._connection.execute(
                "INSERT INTO roots (identity, path, is_current) VALUES (?, ?, 1) "
                "ON CONFLICT (identity) DO UPDATE SET path = excluded.path, is_current = 1",
                (root.identity, path),
            )
        self._read_roots()

    def plan(self, changes: Sequence[Change]) -> list[Change]:
        """Write changes down before the first of them has an effect; all of them or none.

        Args:
            changes: their ``id`` is not looked at; a ``made_at`` of 0 becomes now.

        Returns:
            The same changes with their ids, durable.
        """
        with self._connection.atomic():
            counted = self.uptime.note() if changes else 0.0
            return [self._insert(change, counted) for change in changes]

    def advance(self, change_id: int, state: ChangeState, **learnt: Unpack[ChangeFields]) -> Change:
        """Write down how far a change has come, and what was learnt of it; returns it as it stands now.

        Raises:
            LookupError: there is no such change.
        """
        values = {"state": state.value, **columns(learnt, self._paths)}
        sets = ", ".join(f"{name} = :{name}" for name in values)
        sql = f"UPDATE changes SET {sets} WHERE id = :id"
        self._connection.execute(sql, {**values, "id": change_id})
        change = self.change(change_id)
        if change is None:
            raise LookupError(f"no change has the id {change_id}")
        return change

    def set_purged(self, change_id: int, *, is_purged: bool = True) -> Change:
        """Write down that what a quarantine held is thrown away for good, or was not after all; returns the change.

        That the file is gone is told by `unsettled` afterwards.

        Raises:
            LookupError: there is no such change.
        """
        at, debt = (self._wall_clock(), Debt.PURGE) if is_purged else (None, None)
        self._connection.execute("UPDATE changes SET purged_at = ?, debt = ? WHERE id = ?", (at, debt, change_id))
        change = self.change(change_id)
        if change is None:
            raise LookupError(f"no change has the id {change_id}")
        return change

    def purged_at(self, change_id: int) -> float | None:
        """Return when the file of a change was thrown away for good, wall-clock seconds; None where it was not."""
        at: float | None = self._connection.value("SELECT purged_at FROM changes WHERE id = ?", (change_id,))
        return at

    def is_purged(self, change_id: int) -> bool:
        """Return whether what a change had put away was thrown away for good."""
        return self.purged_at(change_id) is not None

    def change(self, change_id: int) -> Change | None:
        """Return one change."""
        return next(iter(self._select("WHERE id = ?", (change_id,))), None)

    def changes(
        self, *, limit: int | None = None, kind: ChangeKind | None = None, state: ChangeState | None = None
    ) -> list[Change]:
        """Return changes, the newest first; of one kind or in one state where that is asked for."""
        wanted = {name: value for name, value in (("kind", kind), ("state", state)) if value is not None}
        where = " AND ".join(f"{name} = :{name}" for name in wanted) or "TRUE"
        return self._select(
            f"WHERE {where} ORDER BY id DESC LIMIT :limit", {**wanted, "limit": -1 if limit is None else limit}
        )

    def open_changes(self) -> list[Change]:
        """Return the changes that were begun and not ended, the oldest first: what recovery has to look at."""
        begun = ", ".join(f"'{state.value}'" for state in ChangeState if state not in FINAL_STATES)
        return self._select(f"WHERE state IN ({begun}) ORDER BY id")

    def batch(self, batch: str) -> list[Change]:
        """Return the changes of one plan, the oldest first."""
        return self._select("WHERE batch = ? ORDER BY id", (batch,))

    def changes_of(self, content_hash: bytes) -> list[Change]:
        """Return the changes made to one content, the newest first."""
        return self._select("WHERE content_hash = ? ORDER BY id DESC", (content_hash,))

    def changes_at(self, path: Path) -> list[Change]:
        """Return the changes that took something from a path or put it there, the newest first."""
        return self._select(
            "WHERE source = :path OR target = :path ORDER BY id DESC", {"path": self._paths.encode(path)}
        )

    def undoings_of(self, change_id: int) -> list[Change]:
        """Return the changes that take one back, or tried to, the newest first."""
        return self._select("WHERE undoes = ? ORDER BY id DESC", (change_id,))

    def quarantined(self) -> list[Change]:
        """Return what put a file into quarantine that still lies there, the oldest first: not taken back or purged."""
        return self._select(f"WHERE kind IN ({_HOLDING}) AND {_HOLDS} ORDER BY id", (ChangeState.DONE,))

    def purged(self) -> list[Change]:
        """Return the changes whose file was thrown away for good, the oldest first."""
        return self._select("WHERE purged_at IS NOT NULL ORDER BY id")

    def kept_for(self, keeper_hash: bytes) -> list[Change]:
        """Return what put something into quarantine or the trash, and relies on this content as the one that stays.

        What the trash held may have been thrown away since: the journal is not told.
        """
        return self._select(
            f"WHERE keeper_hash = ? AND kind IN ({_HOLDING}, '{ChangeKind.TRASH}') AND {_HOLDS} ORDER BY id",
            (keeper_hash, ChangeState.DONE),
        )

    def _insert(self, change: Change, counted: float) -> Change:
        change = replace(change, made_at=change.made_at or self._wall_clock())
        values = all_columns(change, self._paths) | {"counted_at": counted}
        names = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        new_id = self._connection.insert(f"INSERT INTO changes ({names}) VALUES ({marks})", values)
        return replace(change, id=new_id)

    def _select(self, rest: str, params: Any = ()) -> list[Change]:  # Any: positional or named
        return [change_of(row, self._paths) for row in self._connection.rows(f"SELECT * FROM changes {rest}", params)]

    def _read_roots(self) -> None:
        rows = self._connection.rows("SELECT identity, path, is_current FROM roots")
        self._paths.set_roots(
            (row["identity"], Path(os.fsdecode(row["path"])), bool(row["is_current"])) for row in rows
        )
