"""Opens the two SQLite files of the state folder."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pictrace.errors import StoreError, shown
from pictrace.store.connection import Connection, DamagedError, Migration

_OLDEST_SQLITE = (3, 37, 0)  # STRICT tables
_COMPANIONS = ("", "-wal", "-shm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What makes one of the files what it is.

    Attributes:
        name: the file's name in the state folder.
        synchronous: ``NORMAL`` loses the last commits in a power cut, ``FULL`` none.
        migrations: every step of its schema.
        if_damaged: what a person should do then.
        checked: the tables looked through at each start; none for all.
        busy_seconds: how long to wait for another program to let go of the file.
    """

    name: str
    synchronous: str
    migrations: Sequence[Migration]
    if_damaged: str
    checked: tuple[str, ...] = ()
    busy_seconds: float = 5.0


def open_file(state: Path, kind: Kind) -> Connection:
    """Open a file to be read and written; it is made where it is missing, and migrated where it is old.

    Raises:
        DamagedError: it is no sound database; nothing was changed.
        StoreError: it cannot be used now, or was written by a newer PicTrace.
    """
    _require_sqlite()
    path = state / kind.name
    try:
        if not path.exists():
            state.mkdir(parents=True, exist_ok=True, mode=0o700)
            if any(path.with_name(path.name + ending).exists() for ending in _COMPANIONS):
                # What is left of a file that somebody removed: SQLite would write it into the new one.
                move_aside(path)
            _create(path, kind)
        is_empty = path.stat().st_size == 0
    except OSError as error:
        raise StoreError(
            f"{shown(path)}: expected a file that can be written, found: {error.strerror}; "
            "check who owns the state folder, or name another one with --state"
        ) from error
    if is_empty:
        # We never leave one, and SQLite would take it for a new database without a word.
        raise DamagedError(f"{shown(path)}: expected a SQLite file, found an empty one; {kind.if_damaged}")
    connection = _connection(path, kind, mode="rw")
    with _closed_on_error(connection):
        connection.refuse_newer(len(kind.migrations))
        connection.value("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {kind.synchronous}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.migrate(kind.migrations)
        connection.check(kind.checked)
    return connection


def read_file(state: Path, kind: Kind) -> Connection:
    """Open a file to be read only, beside whoever writes it; one that does not exist yet reads as empty.

    Raises:
        StoreError: it cannot be read, is damaged, or has another schema than this code.
    """
    _require_sqlite()
    path = state / kind.name
    if not path.exists():
        empty = Connection(_connect(path, ":memory:"), path, if_damaged=kind.if_damaged)
        empty.migrate(kind.migrations)
        return empty
    connection = _connection(path, kind, mode="ro")
    with _closed_on_error(connection):
        connection.refuse_newer(len(kind.migrations))
        if connection.schema < len(kind.migrations):
            raise StoreError(
                f"{shown(path)}: it has schema {connection.schema}, this PicTrace works with schema "
                f"{len(kind.migrations)}; `pictrace watch` or `pictrace scan` brings it up to date"
            )
    return connection


def move_aside(path: Path) -> Path:
    """Rename a damaged file, with what SQLite keeps beside it, to the first free ``NAME.broken-N``; returns that."""
    number = 1
    while (target := path.with_name(f"{path.name}.broken-{number}")).exists():
        number += 1
    try:
        for ending in _COMPANIONS:
            companion = path.with_name(path.name + ending)
            if companion.exists():
                companion.rename(target.with_name(target.name + ending))
    except OSError as error:
        raise StoreError(f"{shown(path)}: damaged, and cannot be moved aside: {error.strerror}") from error
    return target


def size_on_disk(path: Path) -> int:
    """Return the bytes that a database file takes, with what SQLite keeps beside it."""
    size_bytes = 0
    for ending in _COMPANIONS:
        try:
            size_bytes += path.with_name(path.name + ending).stat().st_size
        except OSError:
            continue
    return size_bytes


def _create(path: Path, kind: Kind) -> None:
    """Make a new file under another name first: at its own name it is either whole or not there."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    # The names and hashes of photos are nobody else's to read; SQLite gives -wal and -shm the same mode.
    os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600))
    connection = _connection(fresh, kind, mode="rw")
    try:
        connection.migrate(kind.migrations)
    finally:
        connection.close()
    fresh.rename(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def _closed_on_error(connection: Connection) -> Iterator[None]:
    try:
        yield
    except BaseException:
        connection.close()
        raise


def _connection(path: Path, kind: Kind, *, mode: str) -> Connection:
    raw = _connect(path, f"{path.absolute().as_uri()}?mode={mode}", busy_seconds=kind.busy_seconds)
    return Connection(raw, path, if_damaged=kind.if_damaged)


def _connect(path: Path, uri: str, *, busy_seconds: float = 0.0) -> sqlite3.Connection:
    try:
        return sqlite3.connect(uri, uri=uri != ":memory:", isolation_level=None, timeout=busy_seconds)
    except sqlite3.Error as error:
        raise StoreError(f"{shown(path)}: {error}: check who owns the state folder and how it is mounted") from error


def _require_sqlite() -> None:
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise StoreError(f"SQLite {sqlite3.sqlite_version} is too old: PicTrace needs 3.37 or newer")
