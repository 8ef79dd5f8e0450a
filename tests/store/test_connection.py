from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from pictrace.errors import StoreError
from pictrace.store.connection import Connection


def connect(path: Path) -> Connection:
    raw = sqlite3.connect(path, isolation_level=None, timeout=0.05)
    return Connection(raw, path, if_damaged="do this")


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    connection = connect(tmp_path / "a.db")
    connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)")
    yield connection
    connection.close()


def seen_by_others(connection: Connection) -> int:
    other = connect(connection.path)
    count = other.value("SELECT COUNT(*) FROM t")
    other.close()
    return int(count)


def test_each_statement_is_a_commit(connection: Connection) -> None:
    connection.insert("INSERT INTO t (v) VALUES ('a')")

    assert seen_by_others(connection) == 1


def test_a_batch_is_one_commit_even_with_batches_inside(connection: Connection) -> None:
    connection.value("PRAGMA journal_mode = WAL")

    with connection.batch():
        with connection.batch():
            connection.insert("INSERT INTO t (v) VALUES ('a')")
        before = seen_by_others(connection)

    assert (before, seen_by_others(connection)) == (0, 1)


def test_an_error_in_a_batch_keeps_what_was_whole(connection: Connection) -> None:
    with pytest.raises(ZeroDivisionError), connection.batch():  # noqa: PT012 – the statement before it is the point
        connection.insert("INSERT INTO t (v) VALUES ('a')")
        raise ZeroDivisionError

    assert seen_by_others(connection) == 1


@pytest.mark.parametrize("is_batched", [False, True])
def test_an_error_in_an_atomic_step_takes_the_step_back(connection: Connection, is_batched: bool) -> None:
    def step() -> None:
        with connection.atomic():
            connection.insert("INSERT INTO t (v) VALUES ('a')")
            raise ZeroDivisionError

    if is_batched:
        with connection.batch():
            connection.insert("INSERT INTO t (v) VALUES ('whole')")
            with pytest.raises(ZeroDivisionError):
                step()
    else:
        with pytest.raises(ZeroDivisionError):
            step()

    assert [row["v"] for row in connection.rows("SELECT v FROM t")] == (["whole"] if is_batched else [])


@pytest.mark.parametrize("group", ["batch", "atomic", None])
def test_a_full_disk_is_a_store_error_and_the_file_stays_usable(connection: Connection, group: str | None) -> None:
    connection.insert("INSERT INTO t (v) VALUES ('kept')")
    pages = connection.value("PRAGMA page_count")
    connection.value(f"PRAGMA max_page_count = {pages}")
    wide = "INSERT INTO t (v) VALUES (zeroblob(1000000))"

    grouped = nullcontext() if group is None else getattr(connection, group)()
    with pytest.raises(StoreError, match=r"a\.db.*no space left"), grouped:
        connection.insert(wide)

    connection.value("PRAGMA max_page_count = 100000")
    connection.insert(wide)
    assert seen_by_others(connection) == 2


def test_a_file_held_by_another_is_a_store_error(connection: Connection) -> None:
    other = connect(connection.path)
    other.execute("BEGIN EXCLUSIVE")

    with pytest.raises(StoreError, match="another program holds it"):
        connection.insert("INSERT INTO t (v) VALUES ('a')")

    other.close()


def test_another_thread_is_refused(connection: Connection) -> None:
    errors: list[BaseException] = []

    def use() -> None:
        try:
            connection.rows("SELECT 1")
        except sqlite3.ProgrammingError as error:
            errors.append(error)

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()

    assert len(errors) == 1


def test_pages_go_on_while_rows_are_deleted(connection: Connection) -> None:
    with connection.batch():
        for _ in range(10):
            connection.insert("INSERT INTO t (v) VALUES ('a')")

    seen = []
    for row in connection.pages("SELECT id FROM t WHERE id > :after ORDER BY id LIMIT :size", {}, size=3):
        seen.append(row["id"])
        connection.execute("DELETE FROM t WHERE id <= ?", (row["id"],))

    assert seen == list(range(1, 11))


def test_migrations_run_once_each_and_in_order(connection: Connection) -> None:
    ran: list[int] = []
    steps = [lambda _, n=n: ran.append(n) for n in (1, 2)]

    connection.migrate(steps[:1])
    connection.migrate(steps)
    connection.migrate(steps)

    assert (ran, connection.schema) == ([1, 2], 2)


def test_a_migration_that_fails_leaves_the_schema_before_it(connection: Connection) -> None:
    def first(c: Connection) -> None:
        c.execute("ALTER TABLE t ADD COLUMN w TEXT")

    def second(c: Connection) -> None:
        c.execute("ALTER TABLE t DROP COLUMN v")
        c.execute("CREATE TABLE t (x)")

    with pytest.raises(StoreError, match="already exists"):
        connection.migrate([first, second])

    assert connection.schema == 1
    assert [row["name"] for row in connection.rows("PRAGMA table_info(t)")] == ["id", "v", "w"]


def test_damage_is_found(tmp_path: Path) -> None:
    path = tmp_path / "b.db"
    made = connect(path)
    made.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)")
    with made.batch():
        for n in range(2000):
            made.insert("INSERT INTO t (v) VALUES (?)", (f"{n}" * 20,))
    made.close()
    content = bytearray(path.read_bytes())
    content[8192:12288] = b"\xaa" * 4096
    path.write_bytes(content)
    damaged = connect(path)

    with pytest.raises(StoreError, match=r"b\.db: expected a sound SQLite file.*do this"):
        damaged.check(("t",))

    damaged.close()
