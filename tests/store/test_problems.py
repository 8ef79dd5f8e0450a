from __future__ import annotations

import os
from pathlib import Path

from pictrace.model import PhotoState
from pictrace.store import Index, Problem


def test_a_problem_is_counted_and_the_newest_reason_stays(index: Index, values) -> None:
    path = values.pictures / os.fsdecode(b"\xff.jpg")

    index.problems.note(path, "first", now=1.0)
    index.problems.note(path, "second \udcff", now=2.0)

    assert index.problems.listed() == [Problem(path=path, reason="second \\udcff", count=2, first_at=1.0, last_at=2.0)]


def test_problems_are_listed_latest_first(index: Index) -> None:
    for number in range(3):
        index.problems.note(Path(f"/x/{number}.jpg"), "r", now=float(number))

    assert [problem.path.name for problem in index.problems.listed(limit=2)] == ["2.jpg", "1.jpg"]
    assert index.problems.count() == 3


def test_a_problem_follows_its_root(index: Index, values) -> None:
    index.problems.note(values.pictures / "a.jpg", "r", now=1.0)

    index.roots.put_root(values.root(path=Path("/mnt/new")))

    assert [problem.path for problem in index.problems.listed()] == [Path("/mnt/new/a.jpg")]


def test_a_problem_goes_when_the_file_can_be_read(index: Index, values, put) -> None:
    index.problems.note(values.pictures / "a.jpg", "no permission", now=1.0)
    index.photos.put_photo(values.photo(b"h1"))

    put("a.jpg", b"h1")

    assert index.problems.count() == 0


def test_a_problem_stays_while_the_photo_is_undecodable(index: Index, values, put) -> None:
    index.problems.note(values.pictures / "a.jpg", "truncated", now=1.0)
    index.photos.put_photo(
        values.photo(b"h1", state=PhotoState.UNDECODABLE, reason="truncated", metadata=None, fingerprint=None)
    )

    put("a.jpg", b"h1")

    assert index.problems.count() == 1


def test_a_problem_goes_with_its_file(index: Index, values, put) -> None:
    for name in ("forgotten.jpg", "moved.jpg", "unseen.jpg", "seen.jpg"):
        index.problems.note(values.pictures / name, "r", now=1.0)
    put("moved.jpg")
    index.problems.note(values.pictures / "moved.jpg", "r", now=1.0)

    index.files.forget(values.pictures / "forgotten.jpg")
    index.files.move_file(values.pictures / "moved.jpg", values.pictures / "new.jpg", root="aa11", key=values.key())
    seen = {b"seen.jpg"}
    index.problems.clear_names("aa11", index.problems.names_in("aa11") - seen)

    assert [problem.path.name for problem in index.problems.listed()] == ["seen.jpg"]
