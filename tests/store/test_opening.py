from __future__ import annotations

import os
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from pictrace.errors import StoreError
from pictrace.model import Farewell, Word
from pictrace.store import Debt, Index, Journal
from pictrace.store.index import INDEX
from pictrace.store.index_schema import MIGRATIONS as INDEX_MIGRATIONS
from pictrace.store.journal_schema import MIGRATIONS as JOURNAL_MIGRATIONS
from pictrace.store.opening import open_file

_KINDS = [(Index, "index.db", INDEX_MIGRATIONS), (Journal, "journal.db", JOURNAL_MIGRATIONS)]
_HERE = Path(__file__).parent


@pytest.mark.parametrize(("kind", "name", "migrations"), _KINDS)
@pytest.mark.parametrize("way", ["open", "read"])
def test_a_newer_schema_is_refused_with_both_versions(tmp_path: Path, kind, name, migrations, way: str) -> None:
    kind.open(tmp_path).close()
    newer = len(migrations) + 4
    raw = sqlite3.connect(tmp_path / name)
    raw.execute(f"PRAGMA user_version = {newer}")
    raw.close()

    with pytest.raises(StoreError, match=rf"{name}.*schema {newer}.*up to {len(migrations)}"):
        getattr(kind, way)(tmp_path)

    assert not list(tmp_path.glob("*.broken-*"))


@pytest.mark.parametrize(("kind", "name", "migrations"), _KINDS)
def test_an_older_schema_is_not_read_beside_but_named(tmp_path: Path, kind, name, migrations) -> None:
    raw = sqlite3.connect(tmp_path / name)
    raw.execute("CREATE TABLE t (a)")
    raw.close()

    with pytest.raises(StoreError, match=r"schema 0.*pictrace scan"):
        kind.read(tmp_path)


@pytest.mark.parametrize(("kind", "name", "migrations"), _KINDS)
def test_the_files_are_nobody_elses_to_read(tmp_path: Path, kind, name, migrations) -> None:
    state = tmp_path / "a" / "state"

    with kind.open(state):
        modes = {path.name: path.stat().st_mode & 0o777 for path in state.iterdir()}

    assert modes == {name: 0o600, f"{name}-wal": 0o600, f"{name}-shm": 0o600}
    assert state.stat().st_mode & 0o777 == 0o700


def test_the_journal_waits_for_the_disk_and_the_index_does_not(tmp_path: Path) -> None:
    with Index.open(tmp_path) as index, Journal.open(tmp_path) as journal:
        settings = [
            [part._connection.value(f"PRAGMA {name}") for name in ("journal_mode", "synchronous", "foreign_keys")]
            for part in (index, journal)
        ]

    assert settings == [["wal", 1, 1], ["wal", 2, 1]]


@pytest.mark.parametrize(("kind", "name", "migrations"), _KINDS)
def test_a_new_file_that_was_cut_short_is_begun_again(tmp_path: Path, kind, name, migrations) -> None:
    (tmp_path / f"{name}.new").write_bytes(b"half")

    kind.open(tmp_path).close()

    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_what_sqlite_left_beside_a_removed_file_is_not_taken_for_the_new_ones(tmp_path: Path, values) -> None:
    index = Index.open(tmp_path)
    index.roots.put_root(values.root())
    for name in ("index.db-wal", "index.db-shm"):
        (tmp_path / f"kept-{name}").write_bytes((tmp_path / name).read_bytes())
    index.close()
    (tmp_path / "index.db").unlink()
    for name in ("index.db-wal", "index.db-shm"):
        (tmp_path / f"kept-{name}").rename(tmp_path / name)

    with Index.open(tmp_path) as anew:
        assert anew.roots.roots() == []
        anew.check()

    assert {path.name for path in tmp_path.glob("*.broken-*")} == {"index.db.broken-1-wal", "index.db.broken-1-shm"}


@pytest.mark.parametrize(("kind", "name", "migrations"), _KINDS)
def test_a_state_folder_that_cannot_be_made_is_a_store_error(tmp_path: Path, kind, name, migrations) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(StoreError, match=f"file/state/{name}.*--state"):
        kind.open(tmp_path / "file" / "state")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
@pytest.mark.parametrize(("kind", "name", "migrations"), _KINDS)
def test_a_state_folder_without_permission_is_a_store_error(tmp_path: Path, kind, name, migrations) -> None:
    kind.open(tmp_path).close()
    (tmp_path / name).chmod(0o000)

    with pytest.raises(StoreError, match=name):
        kind.open(tmp_path)


@pytest.mark.parametrize("content", [b"", b"no database" * 1000, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_index_is_moved_aside_and_begun_anew(tmp_path: Path, content: bytes, caplog) -> None:
    for number in (1, 2):
        (tmp_path / "index.db").write_bytes(content)
        with Index.open(tmp_path) as index:
            assert index.status().photos == 0
        assert (tmp_path / f"index.db.broken-{number}").read_bytes() == content

    warnings = [record for record in caplog.records if record.levelname == "WARNING"]
    assert len(warnings) == 2
    assert "index.db.broken-1" in warnings[0].getMessage()


def test_an_index_with_a_damaged_table_is_moved_aside(tmp_path: Path, values) -> None:
    with Index.open(tmp_path) as index, index.batch():
        for n in range(3000):
            index.photos.put_photo(values.photo(n.to_bytes(32, "big")))
    content = bytearray((tmp_path / "index.db").read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 200 * 4096] = b"\xaa" * 200 * 4096
    (tmp_path / "index.db").write_bytes(content)

    Index.open(tmp_path).close()

    assert (tmp_path / "index.db.broken-1").exists()


def test_a_damaged_index_is_not_moved_by_who_only_reads(tmp_path: Path) -> None:
    (tmp_path / "index.db").write_bytes(b"no database" * 1000)

    with pytest.raises(StoreError, match="moves it aside"):
        Index.read(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["index.db"]


def test_an_index_held_by_another_is_not_taken_for_damaged(tmp_path: Path) -> None:
    Index.open(tmp_path).close()
    other = sqlite3.connect(tmp_path / "index.db", isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")

    with pytest.raises(StoreError, match="another program holds it"):
        open_file(tmp_path, replace(INDEX, busy_seconds=0.05))

    other.close()
    assert not list(tmp_path.glob("*.broken-*"))


def _build(path: Path, script: str) -> None:
    raw = sqlite3.connect(path)
    raw.executescript((_HERE / script).read_text(encoding="utf-8"))
    raw.close()


def test_an_index_of_schema_1_is_taken_over(tmp_path: Path) -> None:
    _build(tmp_path / "index.db", "index_schema_1.sql")

    with Index.open(tmp_path) as index:
        files = list(index.files.files())
        photo = index.photos.photo(bytes.fromhex("aa" * 32))
        finding = index.findings.finding(bytes.fromhex("aa" * 32), bytes.fromhex("bb" * 32))
        schema = index._connection.schema

    assert schema == len(INDEX_MIGRATIONS)
    assert [os.fsencode(file.path) for file in files] == [b"/srv/Pictures/a.jpg", b"/srv/Pictures/\xff.jpg"]
    assert photo is not None
    assert photo.fingerprint is not None
    assert photo.fingerprint.versions == {"phash": 1, "orb": 1}
    assert finding is not None
    assert finding.match.edits[0].scale == 0.5


def test_an_index_of_schema_1_is_taken_over_row_by_row(tmp_path: Path) -> None:
    _build(tmp_path / "index.db", "index_schema_1.sql")
    old = _rows(tmp_path / "index.db")

    Index.open(tmp_path).close()

    new = _rows(tmp_path / "index.db")
    del old["compared"]  # nobody ever asked it, and schema 3 has it no more
    assert {name: new[name] for name in old} == old
    assert new["entries"] == []


def _rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    raw = sqlite3.connect(path)
    names = [name for (name,) in raw.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    rows = {name: raw.execute(f'SELECT * FROM "{name}" ORDER BY 1').fetchall() for name in names}
    raw.close()
    return rows


def test_photos_of_schema_1_are_indexed_by_their_hash_until_their_entries_are_there(tmp_path: Path) -> None:
    _build(tmp_path / "index.db", "index_schema_1.sql")

    with Index.open(tmp_path) as index:
        before = list(index.entries.all(1))
        index.entries.put(bytes.fromhex("aa" * 32), b"entries", 1)
        after = list(index.entries.all(1))

    assert [entries for _, _, entries in before] == [b"", b""]
    assert [entries for _, _, entries in after] == [b"entries", b""]


def test_a_journal_of_schema_1_is_taken_over(tmp_path: Path) -> None:
    _build(tmp_path / "journal.db", "journal_schema_1.sql")

    with Journal.open(tmp_path) as journal:
        (change,) = journal.quarantined()
        schema = journal._connection.schema

    assert schema == len(JOURNAL_MIGRATIONS)
    assert change.source == Path("/srv/Pictures/b.jpg")
    assert change.target == Path("/srv/Pictures/.pictrace/quarantine/2024-05/1-b.jpg")
    assert change.key is not None
    assert change.key.size_bytes == 1234
    assert change.details == {"finding_id": 1}


def test_a_journal_of_schema_2_is_taken_over(tmp_path: Path) -> None:
    _build(tmp_path / "journal.db", "journal_schema_2.sql")

    with Journal.open(tmp_path) as journal:
        (change,) = journal.quarantined()
        (held,) = journal.brake.held_plans_with(Path("/srv/Pictures/a.jpg"))
        age = journal.uptime.age(change.id, now=change.made_at + 86400)
        schema = journal._connection.schema

    assert schema == len(JOURNAL_MIGRATIONS)
    assert change.monotonic_at == 77.5
    assert (held.rule, held.held_at, held.confirmed_at) == ("Exact copies", 500.5, None)
    assert age.days == 0


@pytest.mark.parametrize("schema", [2, 3, 4])
def test_of_what_an_older_journal_holds_nobody_knows_what_exactly_was_shown(tmp_path: Path, schema: int) -> None:
    _build(tmp_path / "journal.db", f"journal_schema_{schema}.sql")

    with Journal.open(tmp_path) as journal:
        held = journal.brake.held_plans()

    assert [one.does for one in held] == [""]


def test_a_journal_of_schema_3_is_taken_over(tmp_path: Path) -> None:
    _build(tmp_path / "journal.db", "journal_schema_3.sql")

    with Journal.open(tmp_path) as journal:
        purged = journal.unsettled.owing(Debt.PURGE)
        complained = journal.unsettled.owing(Debt.LINE)
        held = journal.quarantined()
        undoings = journal.undoings_of(1)
        schema = journal._connection.schema

    assert schema == len(JOURNAL_MIGRATIONS)
    assert [change.id for change in purged] == [2]
    assert [change.id for change in complained] == [3]
    assert [change.id for change in held] == [1, 3]
    assert [change.id for change in undoings] == [4]


def test_a_journal_of_schema_4_is_taken_over(tmp_path: Path) -> None:
    _build(tmp_path / "journal.db", "journal_schema_4.sql")

    with Journal.open(tmp_path) as journal:
        verdict = journal.verdicts.of_pair(b"\xbb", b"\xaa")
        stone = journal.tombstones.of_content(b"\xcc")
        schema = journal._connection.schema

    assert schema == len(JOURNAL_MIGRATIONS)
    assert verdict is not None
    assert (verdict.word, verdict.made_at, verdict.first_name) == (Word.KEEP_BOTH, 600.5, "")
    assert stone is not None
    assert (stone.farewell, stone.keeper_hash, stone.remains.preview) == (Farewell.REFUSED, None, None)


@pytest.mark.parametrize(("kind", "name", "migrations"), _KINDS)
def test_the_first_released_schema_is_never_altered(tmp_path: Path, kind, name, migrations) -> None:
    """The kept SQL and the first migration give the same tables, so an edit of a released step is noticed."""
    _build(tmp_path / "kept.db", f"{name.removesuffix('.db')}_schema_1.sql")
    made = sqlite3.connect(":memory:", isolation_level=None)

    from pictrace.store.connection import Connection  # noqa: PLC0415 – only here

    Connection(made, tmp_path / name, if_damaged="").migrate(migrations[:1])

    kept = sqlite3.connect(tmp_path / "kept.db")
    sql = "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name"
    assert {n: " ".join(s.split()) for n, s in kept.execute(sql)} == {
        n: " ".join(s.split()) for n, s in made.execute(sql)
    }
    kept.close()
    made.close()
