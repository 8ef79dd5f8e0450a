"""Findings between files, read off what is known of their photos."""

from __future__ import annotations

from pictrace.model import Relation


def findings_of(line, name: str) -> list[Relation]:
    file = line.index.files.file_at(line.folder / name)
    return [one.match.relation for one in line.found.of_file(file)]


def test_empty_files_are_no_copies_of_each_other(line) -> None:
    for name in ("one.jpg", "two.jpg"):
        (line.folder / name).touch()
        line.land(name)

    assert findings_of(line, "two.jpg") == []


def test_equal_files_that_are_no_pictures_are_copies_all_the_same(line) -> None:
    for name in ("one.jpg", "two.jpg"):
        (line.folder / name).write_bytes(b"of a format that nobody here can read")
        line.land(name)

    assert findings_of(line, "two.jpg") == [Relation.SAME_BYTES]
