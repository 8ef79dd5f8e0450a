from __future__ import annotations

import os
from pathlib import Path

import pytest

from pictrace.model import FileState
from pictrace.store import Index

HOUR = 3600.0


def test_a_file_is_read_back_as_it_was(index: Index, values, put) -> None:
    key = values.key(ino=2**64 - 1, mtime_ns=2**63, ctime_ns=-1)
    name = os.fsdecode(b"a\xff\n b.jpg")

    file = put(name, b"h1", key=key, first_seen=3.5, is_arrival=True)

    assert index.files.file_at(values.pictures / name) == file
    assert (file.key, file.first_seen, file.is_arrival, file.state) == (key, 3.5, True, FileState.PRESENT)


def test_the_same_content_at_the_same_path_keeps_its_row(index: Index, values, put) -> None:
    first = put("a.jpg", b"h1", first_seen=1.0, is_arrival=False)
    index.files.set_decided(first.id)

    second = put("a.jpg", b"h1", key=values.key(ino=8), first_seen=2.0, is_arrival=True)

    assert (second.id, second.first_seen, second.is_arrival) == (first.id, 1.0, False)
    assert second.key == values.key(ino=8)
    assert list(index.files.undecided()) == []


def test_another_content_at_the_same_path_is_another_file(index: Index, put) -> None:
    first = put("a.jpg", b"h1")
    index.files.set_decided(first.id)

    second = put("a.jpg", b"h2", first_seen=2.0, is_arrival=True)

    assert second.id > first.id
    assert list(index.files.files()) == [second]
    assert list(index.files.undecided()) == [second]


@pytest.mark.parametrize("state", [FileState.MISSING, FileState.QUARANTINED])
def test_a_file_that_was_away_and_lands_again_is_another_file(index: Index, put, state: FileState) -> None:
    first = put("a.jpg", b"h1")
    index.files.set_decided(first.id)
    index.files.mark(first.path, state)

    second = put("a.jpg", b"h1", first_seen=9.0, is_arrival=True)

    assert second.id > first.id
    assert (second.first_seen, second.is_arrival) == (9.0, True)
    assert list(index.files.undecided()) == [second]


def test_files_of_a_content_come_in_the_order_they_became_known(index: Index, put) -> None:
    first, second, third = put("c.jpg"), put("a.jpg"), put("b.jpg")
    put("other.jpg", b"h2")
    index.files.mark(second.path, FileState.MISSING)

    assert index.files.files_of(b"h1") == [first, third]


def test_a_file_is_found_by_its_whole_key(index: Index, values, put) -> None:
    file = put("a.jpg", key=values.key())
    put("b.jpg", key=values.key(ctime_ns=21))
    put("c.jpg", key=values.key(size_bytes=101))

    assert index.files.files_with_key(values.key()) == [file]


def test_a_move_keeps_all_but_path_and_key(index: Index, values, put) -> None:
    file = put("a.jpg", first_seen=3.0)
    index.files.set_decided(file.id)
    put("b.jpg", b"h2")
    new = values.pictures / "b.jpg"

    moved = index.files.move_file(file.path, new, root="aa11", key=values.key(ino=9))

    assert (moved.id, moved.path, moved.first_seen, moved.key) == (file.id, new, 3.0, values.key(ino=9))
    assert index.files.file_at(file.path) is None
    assert list(index.files.files()) == [moved]
    assert list(index.files.undecided()) == []


def test_a_move_into_another_root_changes_the_root(index: Index, values, put) -> None:
    file = put("a.jpg")
    index.roots.put_root(values.root("bb22", path=Path("/mnt/disk")))

    moved = index.files.move_file(file.path, Path("/mnt/disk/a.jpg"), root="bb22", key=values.key())

    assert (moved.root, moved.path) == ("bb22", Path("/mnt/disk/a.jpg"))
    assert list(index.files.files("aa11")) == []
    assert list(index.files.files("bb22")) == [moved]


def test_a_move_of_an_unknown_file_changes_nothing(index: Index, values, put) -> None:
    file = put("b.jpg")

    with pytest.raises(LookupError, match=r"a\.jpg"):
        index.files.move_file(values.pictures / "a.jpg", file.path, root="aa11", key=values.key())

    assert list(index.files.files()) == [file]


def test_a_path_outside_its_root_is_refused(index: Index, values) -> None:
    with pytest.raises(LookupError, match="lies not in"):
        index.files.put_file(
            root="aa11",
            path=Path("/elsewhere/a.jpg"),
            key=values.key(),
            content_hash=b"h",
            first_seen=0.0,
            is_arrival=False,
        )


def test_a_forgotten_file_is_gone(index: Index, put) -> None:
    file = put("a.jpg")

    index.files.forget(file.path)
    index.files.forget(file.path)

    assert index.files.file_at(file.path) is None


def test_a_path_in_no_root_is_not_known(index: Index) -> None:
    assert index.files.file_at(Path("/elsewhere/a.jpg")) is None


def test_one_scan_that_does_not_see_a_file_changes_nothing(index: Index, put, look_through) -> None:
    file = put("a.jpg")

    assert look_through(index, set(), now=0) == []
    assert index.files.file_at(file.path) == file


def test_a_file_is_missing_after_two_scans_ten_minutes_apart(index: Index, put, look_through) -> None:
    kept, gone = put("kept.jpg"), put("gone.jpg")

    told = [look_through(index, {kept.path}, now=now) for now in (0, 599, 600, HOUR)]

    assert [[file.path for file in files] for files in told] == [[], [], [gone.path], []]
    assert told[2][0].state is FileState.MISSING
    assert list(index.files.files()) == [kept]


def test_a_file_seen_in_between_is_not_missing(index: Index, put, look_through) -> None:
    file = put("a.jpg")

    for now, seen in [(0, set()), (HOUR, {file.path}), (2 * HOUR, set())]:
        assert look_through(index, seen, now=now) == []

    assert index.files.file_at(file.path) == file


def test_a_clock_that_is_set_back_does_not_shorten_the_wait(index: Index, put, look_through) -> None:
    put("a.jpg")

    told = [look_through(index, set(), now=now) for now in (HOUR, 0, 500, 601)]

    assert [len(files) for files in told] == [0, 0, 0, 1]


@pytest.mark.parametrize("is_marked", [False, True])
def test_a_missing_file_that_a_scan_sees_is_present_again(index: Index, put, is_marked: bool, look_through) -> None:
    file = put("a.jpg")
    if is_marked:
        index.files.mark(file.path, FileState.MISSING)
    else:
        for now in (0, HOUR):
            look_through(index, set(), now=now)

    look_through(index, {file.path}, now=2 * HOUR)

    assert index.files.file_at(file.path) == file


def test_a_scan_of_one_root_says_nothing_of_another(index: Index, values, put, look_through) -> None:
    index.roots.put_root(values.root("bb22", path=values.pictures / "inner"))
    file = put("inner/a.jpg", root="bb22")

    for now in (0, HOUR):
        assert look_through(index, set(), now=now) == []

    assert index.files.file_at(file.path) == file


def test_a_quarantined_file_does_not_become_missing(index: Index, put, look_through) -> None:
    file = put("a.jpg")
    index.files.mark(file.path, FileState.QUARANTINED)

    for now in (0, HOUR):
        assert look_through(index, set(), now=now) == []

    assert index.files.file_at(file.path).state is FileState.QUARANTINED


def test_files_can_be_forgotten_while_they_are_listed(index: Index, values, put) -> None:
    with index.batch():
        for number in range(1500):
            put(f"{number}.jpg", key=values.key(ino=number))

    listed = []
    for file in index.files.files():
        listed.append(file.path)
        index.files.forget(file.path)

    assert len(listed) == 1500
    assert list(index.files.files()) == []


def test_what_is_known_comes_in_the_order_of_the_names_bytes(index: Index, values, put) -> None:
    for number, name in enumerate(("a/b.jpg", "a.jpg", "a0.jpg", "B.jpg", "é.jpg", "a/b/c.jpg")):
        put(name, b"h%d" % number)
    put("away.jpg", b"away")
    index.files.mark(values.pictures / "away.jpg", FileState.QUARANTINED)

    names = [row.name for row in index.files.in_order("aa11")]

    assert names == sorted(names)
    assert [name.decode() for name in names] == ["B.jpg", "a.jpg", "a/b.jpg", "a/b/c.jpg", "a0.jpg", "é.jpg"]


def test_more_rows_than_are_read_at_once_are_all_told(index: Index, put, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pictrace.store.files._ROWS_AT_ONCE", 2)
    for number in range(5):
        put(f"{number}.jpg", b"h%d" % number)

    assert [row.name for row in index.files.in_order("aa11")] == [b"%d.jpg" % number for number in range(5)]
