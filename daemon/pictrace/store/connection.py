"""One SQLite connection whose errors say what to do, and which groups commits."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from pictrace.errors import StoreError, shown

log = logging.getLogger(__name__)

Row = sqlite3.Row
Params = Sequence[Any] | dict[str, Any]  # Any: whatever SQLite can hold
Migration = Callable[["Connection"], None]

_CODE_MASK = 0xFF  # the low byte of an extended SQLite code is its primary code

_REMEDIES = {
    sqlite3.SQLITE_FULL: "no space left: make room on that disk, then start again",
    sqlite3.SQLITE_READONLY: "it cannot be written: check who owns the state folder and how it is mounted",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened: check who owns the state folder and how it is mounted",
    sqlite3.SQLITE_PERM: "it cannot be opened: check who owns the state folder",
    sqlite3.SQLITE_IOERR: "the disk gave an error: check the system's log, then start again",
    sqlite3.SQLITE_BUSY: "another program holds it: end that program, then start again",
    sqlite3.SQLITE_LOCKED: "another program holds it: end that program, then start again",
}


class DamagedError(StoreError):
    """The file is no SQLite database, or its pages contradict each other."""


class Connection:
    """A SQLite file, used from one thread only.

    Every statement outside `batch` and `atomic` is its own commit.

    Args:
        raw: an open connection with ``isolation_level=None``.
        path: the file, for messages.
        if_damaged: what a person should do when the file turns out to be damaged.
    """

    def __init__(self, raw: sqlite3.Connection, path: Path, *, if_damaged: str) -> None:
        raw.row_factory = sqlite3.Row
        self._raw = raw
        # No plugins: what happens to be installed must not run inside the journal.
        self._database = Database(raw, recursive_triggers=False, execute_plugins=False)
        self._if_damaged = if_damaged
        self.path = path
        self._identity = _identity(path)

    def execute(self, sql: str, params: Params = ()) -> int:
        """Run a statement that gives no rows; returns how many rows it touched."""
        with self._telling():
            return self._database.execute(sql, params).rowcount

    def insert(self, sql: str, params: Params = ()) -> int:
        """Run an INSERT; returns the id of the new row."""
        with self._telling():
            new_id = self._database.execute(sql, params).lastrowid
        if new_id is None:
            raise LookupError(f"no row was inserted by {sql}")
        return new_id

    def rows(self, sql: str, params: Params = ()) -> list[Row]:
        """Return all rows of a query; fetched at once, so that no open read stands in the way of a write."""
        with self._telling():
            return self._database.execute(sql, params).fetchall()

    def row(self, sql: str, params: Params = ()) -> Row | None:
        """Return the first row of a query, None where there is none."""
        rows = self.rows(sql, params)
        return rows[0] if rows else None

    def value(self, sql: str, params: Params = ()) -> Any:  # Any: the column's type is the query's affair
        """Return the first column of the first row, None where there is none."""
        row = self.row(sql, params)
        return None if row is None else row[0]

    def pages(self, sql: str, params: dict[str, Any], *, size: int = 1000) -> Iterator[Row]:
        """Yield the rows of a query in the order of their ids; writes in between are allowed.

        Args:
            sql: selects ``id`` among others, has ``id > :after`` in its condition, and ends in
                ``ORDER BY id LIMIT :size``.
            params: the other parameters.
            size: rows fetched at once.
        """
        after = 0
        while rows := self.rows(sql, {**params, "after": after, "size": size}):
            yield from rows
            after = rows[-1]["id"]

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Group all that is written inside into one commit; nested ones join the outermost.

        An error inside does not take back what was whole before it: this saves commits and nothing else.
        """
        if self._raw.in_transaction:
            yield
            return
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            self._commit()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Have all that is read inside be of one moment, whatever others write meanwhile."""
        if self._raw.in_transaction:
            yield
            return
        self.execute("BEGIN")
        try:
            yield
        finally:
            self._roll_back()

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """Have all that is written inside happen, or nothing of it."""
        self.execute("SAVEPOINT step")
        try:
            yield
        except BaseException:
            # A full disk makes SQLite take the whole transaction back by itself.
            if self._raw.in_transaction:
                self.execute("ROLLBACK TO step")
                self.execute("RELEASE step")
            raise
        try:
            self.execute("RELEASE step")
        except StoreError:
            self._roll_back()
            raise

    def migrate(self, migrations: Sequence[Migration]) -> None:
        """Bring the schema up to date, each step in a transaction of its own.

        Args:
            migrations: number n (counted from 1) leads from schema n-1 to schema n.

        Raises:
            StoreError: the file was written by a newer PicTrace.
        """
        self.refuse_newer(len(migrations))
        for number, migration in enumerate(migrations, start=1):
            if number > self.schema:
                with self.atomic():
                    migration(self)
                    self.execute(f"PRAGMA user_version = {number}")
                log.debug("%s: schema %d", shown(self.path), number)

    @property
    def changes(self) -> int:
        """How many rows were written through this connection since it was opened."""
        return self._raw.total_changes

    @property
    def schema(self) -> int:
        """The number of the file's schema."""
        return int(self.value("PRAGMA user_version"))

    def refuse_newer(self, newest: int) -> None:
        """Refuse a file whose schema is newer than the newest one this code knows.

        Raises:
            StoreError: names both versions.
        """
        if self.schema > newest:
            raise StoreError(
                f"{shown(self.path)}: written by a newer PicTrace: it has schema {self.schema}, this PicTrace knows "
                f"schemas up to {newest}; install the newer PicTrace again, or point --state to another folder"
            )

    def check(self, tables: Sequence[str] = ()) -> None:
        """Look for damage in the named tables, in the whole file where none is named.

        Raises:
            DamagedError: some was found.
        """
        for table in tables or (None,):
            # A table's name is one of our own: a pragma takes no parameters.
            answer = self.value("PRAGMA quick_check(1)" if table is None else f"PRAGMA quick_check({table})")
            if answer != "ok":
                raise self._damaged(str(answer))

    def require_in_place(self) -> None:
        """Look whether the file is still the one at its path: what goes into a deleted one is lost.

        Raises:
            StoreError: it is not.
        """
        if _identity(self.path) != self._identity:
            raise StoreError(
                f"{shown(self.path)}: was removed or replaced while PicTrace used it; start it again, and stop it "
                "before you touch its files"
            )

    def close(self) -> None:
        """Close the file; what is not committed is taken back."""
        self._database.close()

    def _commit(self) -> None:
        if not self._raw.in_transaction:
            return
        try:
            self.execute("COMMIT")
        except StoreError:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        if self._raw.in_transaction:
            self.execute("ROLLBACK")

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Turn errors of SQLite into ours; a use from another thread or a wrong statement stays what it is."""
        try:
            yield
        except sqlite3.ProgrammingError:
            raise
        except sqlite3.DatabaseError as error:
            code = getattr(error, "sqlite_errorcode", 0) & _CODE_MASK
            if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
                raise self._damaged(str(error)) from error
            if isinstance(error, sqlite3.IntegrityError):
                raise
            remedy = _REMEDIES.get(code, "start again; if it comes back, report it")
            raise StoreError(f"{shown(self.path)}: {error}: {remedy}") from error

    def _damaged(self, found: str) -> DamagedError:
        return DamagedError(f"{shown(self.path)}: expected a sound SQLite file, found: {found}; {self._if_damaged}")


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from another one under its name; None where there is none, as in memory."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
