"""Findings between files, read off what is known of their photos."""

from __future__ import annotations

import pytest

from pictrace.model import Relation
from pictrace.pipeline.findings import Findings
from pictrace.pipeline.library import Library
from pictrace.pipeline.simulating import Simulator
from pictrace.store import Journal


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


@pytest.fixture
def split(store):
    """Return a store with a photo that a sync program split, its conflict copy known first, and a smaller copy."""
    content = store.add("p1.sync-conflict-20240131-235959-ABC1234.jpg", "one")
    store.add("p1.jpg", "one")
    store.add("p1 again.jpg", "one")
    store.relate(store.add("small.jpg", "two"), content)
    store.index.roots.put_root(store.root)
    return store


def test_of_equal_files_the_one_without_the_mark_of_a_copy_stands_for_them(split) -> None:
    with Journal.open(split.state) as journal:
        findings = Findings(library=Library.known(split.index), index=split.index, journal=journal)

        found = {one.file.path.name: one.other.path.name for one in findings.among([split.root.path])}

    conflict = "p1.sync-conflict-20240131-235959-ABC1234.jpg"
    assert found == {"p1.jpg": conflict, "p1 again.jpg": "p1.jpg", "small.jpg": "p1.jpg"}


def test_a_simulation_takes_the_same_one(split) -> None:
    config = split.config()
    Journal.open(split.state).close()
    with Simulator(config, config) as simulator:
        found = {one.finding.file.path.name: one.finding.other.path.name for one in simulator.run()}

    assert (found["p1 again.jpg"], found["small.jpg"]) == ("p1.jpg", "p1.jpg")
