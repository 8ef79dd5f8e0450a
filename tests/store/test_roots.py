from __future__ import annotations

import os
from pathlib import Path

import pytest

from pictrace.model import Role
from pictrace.store import Index


def test_a_root_is_read_back_as_it_was(index: Index, values) -> None:
    root = values.root(
        "cc33", path=Path(os.fsdecode(b"/mnt/\xff\n")), role=Role.ARCHIVE, ino=2**64 - 1, is_indexed=True
    )

    index.roots.put_root(root)

    assert index.roots.root("cc33") == root
    assert index.roots.roots() == [values.root(), root]


def test_an_unknown_root_is_none(index: Index) -> None:
    assert index.roots.root("nobody") is None


def test_a_root_that_turns_up_elsewhere_keeps_its_files(index: Index, values, put) -> None:
    before = put("a/b.jpg")

    index.roots.put_root(values.root(path=Path("/mnt/new")))

    (after,) = index.files.files()
    assert (after.id, after.path) == (before.id, Path("/mnt/new/a/b.jpg"))
    assert index.files.file_at(Path("/mnt/new/a/b.jpg")) == after
    assert index.files.file_at(values.pictures / "a/b.jpg") is None


def test_another_disk_at_the_same_place_hides_the_first_until_that_is_back(index: Index, values, put) -> None:
    first = put("a.jpg", b"h1")

    index.roots.put_root(values.root("bb22"))
    second = put("a.jpg", b"h2", root="bb22")

    assert [file.id for file in index.files.files()] == [second.id]
    assert index.files.files_of(b"h1") == []
    assert [root.identity for root in index.roots.roots()] == ["bb22"]
    index.roots.put_root(values.root("aa11"))
    assert index.files.file_at(values.pictures / "a.jpg") == first


def test_a_folder_that_becomes_a_root_takes_its_files_over(index: Index, values, put, look_through) -> None:
    inside, outside = put("Inbox/x/a.jpg"), put("Inbox0.jpg")

    index.roots.put_root(values.root("bb22", path=values.pictures / "Inbox", role=Role.INBOX))

    taken = index.files.file_at(values.pictures / "Inbox/x/a.jpg")
    assert (taken.id, taken.root, taken.path) == (inside.id, "bb22", inside.path)
    assert index.files.file_at(outside.path) == outside
    assert look_through(index, {outside.path}, now=0) == []


def test_an_identity_that_reads_like_a_path_is_refused(index: Index, values) -> None:
    with pytest.raises(ValueError, match="identity"):
        index.roots.put_root(values.root("../etc"))


def test_files_of_a_root_that_was_never_put_are_refused(put) -> None:
    with pytest.raises(LookupError, match="not known"):
        put("a.jpg", root="nobody")
