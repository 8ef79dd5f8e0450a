"""Looking through a root."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from pictrace.watch import IgnoreList, ScanProblem, scan


def fill(top: Path, *names: str) -> None:
    for name in names:
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_bytes(b"x")


def test_a_scan_yields_photos_sorted_and_follows_nothing(tmp_path: Path, opened) -> None:
    fill(tmp_path, "b.jpg", "a.jpg", "sub/c.png", "@eaDir/x.jpg", "note.txt", ".hidden.jpg")
    os.symlink(tmp_path / "a.jpg", tmp_path / "link.jpg")
    os.symlink(tmp_path, tmp_path / "sub/loop")
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "folder.jpg").mkdir()

    found = list(scan(opened(tmp_path), IgnoreList.load()))

    assert [path.relative_to(tmp_path).as_posix() for path, _ in found] == ["a.jpg", "b.jpg", "sub/c.png"]


def test_a_folder_with_a_stop_marker_is_left_out_and_all_below_it(tmp_path: Path, opened) -> None:
    fill(tmp_path, "stop/.nopictrace", "stop/a.jpg", "stop/deep/b.jpg", "media/.nomedia", "media/c.jpg")
    fill(tmp_path, "image/.noimage", "image/d.jpg")
    root = opened(tmp_path)

    assert [path.name for path, _ in scan(root, IgnoreList.load())] == ["d.jpg"]
    assert [path.name for path, _ in scan(root, IgnoreList.load([".noimage", "!.nomedia"]))] == ["c.jpg"]


def test_a_marker_at_the_top_of_a_root_is_told(tmp_path: Path, opened, caplog: pytest.LogCaptureFixture) -> None:
    fill(tmp_path, ".nomedia", "a.jpg")

    assert list(scan(opened(tmp_path), IgnoreList.load())) == []
    assert "nothing in this root is looked at" in caplog.text


def test_the_lists_of_a_folder_hold_in_it_and_below_it_only(tmp_path: Path, opened) -> None:
    fill(tmp_path, "x/a.jpg", "x/b.png", "x/deep/c.png", "x/deep/d.jpg", "x/skip/e.jpg", "y/f.png", "y/skip/g.jpg")
    (tmp_path / "x/.ppignore").write_text("*.png\nskip\n")
    (tmp_path / "x/deep/.ppignore").write_text("d.*\n")

    found = [path.name for path, _ in scan(opened(tmp_path), IgnoreList.load())]

    assert found == ["a.jpg", "f.png", "g.jpg"]


def test_names_that_are_no_text_are_yielded(tmp_path: Path, opened) -> None:
    name = os.fsdecode(b"caf\xe9\n.jpg")
    fill(tmp_path, name)

    [(path, _)] = scan(opened(tmp_path), IgnoreList.load())

    assert os.fsencode(path.name) == b"caf\xe9\n.jpg"


def test_a_nested_root_is_left_out(tmp_path: Path, opened) -> None:
    fill(tmp_path, "inbox/a.jpg")

    assert list(scan(opened(tmp_path), IgnoreList.load(), excluded=(tmp_path / "inbox",))) == []


def test_a_root_on_another_file_system_than_it_was_is_a_problem_not_an_empty_one(tmp_path: Path, opened) -> None:
    fill(tmp_path, "a.jpg")
    root = opened(tmp_path)

    [problem] = scan(replace(root, dev=root.dev + 1), IgnoreList.load())

    assert isinstance(problem, ScanProblem)
    assert "another file system" in str(problem)


def test_a_root_that_vanished_is_a_problem_not_an_empty_one(tmp_path: Path, opened) -> None:
    (tmp_path / "root").mkdir()
    root = opened(tmp_path / "root")
    (tmp_path / "root").rename(tmp_path / "away")

    [problem] = scan(root, IgnoreList.load())

    assert isinstance(problem, ScanProblem)


def test_a_link_that_took_the_place_of_a_folder_during_a_scan_is_not_followed(tmp_path: Path, opened) -> None:
    fill(tmp_path, "root/a.jpg", "root/sub/b.jpg", "outside/secret.jpg")
    found = scan(opened(tmp_path / "root"), IgnoreList.load())
    assert next(found)[0].name == "a.jpg"
    (tmp_path / "root/sub").rename(tmp_path / "away")
    os.symlink(tmp_path / "outside", tmp_path / "root/sub")

    assert list(found) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look into every folder")
def test_a_folder_that_cannot_be_read_is_a_problem_not_an_empty_one(tmp_path: Path, opened) -> None:
    (tmp_path / "closed").mkdir(mode=0o000)

    [problem] = scan(opened(tmp_path), IgnoreList.load())

    assert isinstance(problem, ScanProblem)


def test_what_is_mounted_below_a_root_is_left_out_whatever_disk_it_is_of(
    tmp_path: Path, opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, "a.jpg", "bound/b.jpg", "bound too/c.jpg")
    line = f"99 1 0:1 / {tmp_path}/bound\\040too rw - ext4 /dev/x rw\n98 1 0:1 / {tmp_path}/bound rw - ext4 /dev/x rw\n"
    table = tmp_path.parent / f"{tmp_path.name}-table"
    table.write_text(line)
    monkeypatch.setattr("pictrace.watch.mounts._TABLE", table)

    assert [path.name for path, _ in scan(opened(tmp_path), IgnoreList.load())] == ["a.jpg"]
