"""A real inotify observer, fed in the ways photos land."""

from __future__ import annotations

import itertools
import logging
import os
import shutil
import time
import warnings
from pathlib import Path

import pytest

from pictrace.watch import Hint


def test_a_copied_file_is_new(listening, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"x")
    shutil.copy(tmp_path / "a.jpg", listening.root / "a.jpg")

    listening.wait_for("a.jpg", is_new=True)


def test_a_file_moved_in_is_new(listening, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"x")
    os.rename(tmp_path / "a.jpg", listening.root / "b.jpg")

    listening.wait_for("b.jpg", is_new=True)


def test_a_hard_link_is_new(listening, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"x")
    os.link(tmp_path / "a.jpg", listening.root / "b.jpg")

    listening.wait_for("b.jpg", is_new=True)


def test_the_target_of_a_rename_is_new(listening) -> None:
    (listening.root / ".a.jpg.XyZ").write_bytes(b"x")
    os.rename(listening.root / ".a.jpg.XyZ", listening.root / "a.jpg")

    listening.wait_for("a.jpg", is_new=True)


def test_an_atomic_save_over_a_photo_is_a_hint_at_its_name(listening) -> None:
    (listening.root / "a.jpg").write_bytes(b"x")
    listening.wait_for("a.jpg")
    (listening.root / "a.jpg.tmp").write_bytes(b"yy")
    listening.wait_for("a.jpg.tmp")
    os.replace(listening.root / "a.jpg.tmp", listening.root / "a.jpg")

    listening.wait_for("a.jpg", is_new=True)


def test_a_change_in_place_is_a_hint_and_not_new(listening) -> None:
    (listening.root / "a.jpg").write_bytes(b"x")
    listening.wait_for("a.jpg", is_new=True)
    with (listening.root / "a.jpg").open("ab") as file:
        file.write(b"more")

    listening.wait_for("a.jpg", is_new=False)


def test_files_in_fresh_folders_are_found(listening) -> None:
    deep = listening.root / "x/y/z"
    deep.mkdir(parents=True)
    (deep / "a.jpg").write_bytes(b"x")

    listening.wait_for("x/y/z/a.jpg", is_new=True)


def test_warnings_of_watchdog_are_silent_and_those_of_others_are_not(listening) -> None:
    """As an error, which is what pytest makes of a warning, one in its reading thread would end all listening."""
    warnings.warn_explicit("exists already", RuntimeWarning, "a.py", 1, module="watchdog.observers.inotify")

    with pytest.raises(RuntimeWarning):
        warnings.warn_explicit("exists already", RuntimeWarning, "a.py", 1, module="watchdogs")


def test_a_copy_of_many_nested_folders_is_found_whole(listening, tmp_path: Path) -> None:
    names = [f"t/{n % 10}/{n}/p{n}.jpg" for n in range(100)]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_bytes(b"x")
    shutil.copytree(tmp_path / "t", listening.root / "t")

    listening.wait_for(*names, is_new=True)
    assert listening.observer.is_alive()


def test_every_file_of_a_tree_that_is_moved_in_is_new(listening, tmp_path: Path) -> None:
    names = [f"t/{n}/p{n}.jpg" for n in range(20)]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_bytes(b"x")
    os.rename(tmp_path / "t", listening.root / "t")

    listening.wait_for(*names, is_new=True)


def test_every_file_of_a_tree_that_is_renamed_is_new(listening) -> None:
    (listening.root / "t/deep").mkdir(parents=True)
    (listening.root / "t/deep/a.jpg").write_bytes(b"x")
    listening.wait_for("t/deep/a.jpg")
    os.rename(listening.root / "t", listening.root / "u")

    listening.wait_for("u/deep/a.jpg", is_new=True)


def test_a_renamed_tree_is_listened_to_under_its_new_name(listening, waits_until) -> None:
    """watchdog gives the watches their new names one after the other: what lands in between is left to the scan."""
    (listening.root / "t/deep").mkdir(parents=True)
    (listening.root / "t/deep/a.jpg").write_bytes(b"x")
    listening.wait_for("t/deep/a.jpg")
    os.rename(listening.root / "t", listening.root / "u")
    listening.wait_for("u/deep/a.jpg", is_new=True)
    landed = (listening.root / f"u/deep/{n}.jpg" for n in itertools.count())

    def is_heard() -> bool:
        photo = next(landed)
        photo.write_bytes(b"x")
        hint = listening.next(time.monotonic() + 0.5)
        return isinstance(hint, Hint) and hint.path.parent == photo.parent

    assert waits_until(is_heard)


def test_names_that_are_no_text_come_through_whole(listening) -> None:
    names = [os.fsdecode(b"caf\xe9.jpg"), "two\nlines.jpg", "-rf.jpg"]
    for name in names:
        (listening.root / name).write_bytes(b"x")

    listening.wait_for(*names, is_new=True)


def test_a_passed_over_folder_is_not_looked_into(listening, tmp_path: Path) -> None:
    for name in ("@eaDir/a.jpg", "stopped/.nopictrace", "stopped/b.jpg"):
        (tmp_path / "t" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "t" / name).write_bytes(b"x")
    os.rename(tmp_path / "t", listening.root / "t")
    (listening.root / "last.jpg").write_bytes(b"x")

    heard = {hint.path.name for hint in listening.wait_for("last.jpg")}
    assert heard.isdisjoint({"a.jpg", "b.jpg"})


def test_lost_events_ask_for_a_rescan(listening) -> None:
    logging.getLogger("watchdog.observers.inotify_c").warning("Inotify queue overflowed; events were lost")
    logging.getLogger("watchdog.observers.inotify").warning("Inotify queue overflowed; reconciling recursive watches")

    said = listening.wait_for_rescan()
    assert said.root == "id-1"
    assert "overflowed" in said.cause
    [problem] = listening.observer.problems()
    assert (problem.kind, problem.count) == ("events lost", 1)


def test_watches_that_could_not_be_renewed_ask_for_a_rescan(listening) -> None:
    try:
        raise OSError(28, "inotify watch limit reached")
    except OSError:
        logging.getLogger("watchdog.observers.inotify").exception("Unable to rebuild recursive inotify watches")

    assert "Unable to rebuild" in listening.wait_for_rescan().cause


def test_a_root_that_is_removed_and_made_again_is_listened_on_and_looked_through(listening, waits_until) -> None:
    shutil.rmtree(listening.root)
    assert waits_until(lambda: [one.kind for one in listening.observer.problems()] == ["root vanished"])
    listening.root.mkdir()

    assert listening.wait_for_rescan().root == "id-1"
    assert listening.observer.problems() == []
    (listening.root / "a.jpg").write_bytes(b"x")
    listening.wait_for("a.jpg", is_new=True)
    assert listening.observer.is_alive()


def test_folders_that_cannot_be_listened_on_are_counted_until_they_are(listen, tmp_path: Path, waits_until) -> None:
    (tmp_path / "root/a/b").mkdir(parents=True)
    armed = [2]
    one = listen(armed=lambda: armed[0])

    assert waits_until(lambda: len(one.observer.problems()) == 1)
    # root, .pictrace, a, b
    [problem] = one.observer.problems()
    assert (problem.kind, problem.count) == ("too few watches", 2)
    assert "2 of 4 folders" in problem.cause

    armed[0] = 5
    (tmp_path / "root/c").mkdir()
    assert waits_until(lambda: one.observer.problems() == [])


def test_a_root_that_was_left_is_silent(listening, waits_until) -> None:
    (listening.root / "a.jpg").write_bytes(b"x")
    listening.wait_for("a.jpg")
    listening.observer.remove_root(listening.info)
    while not listening.said.empty():
        listening.said.get()
    (listening.root / "b.jpg").write_bytes(b"x")
    listening.observer.add_root(listening.info)
    (listening.root / "c.jpg").write_bytes(b"x")

    heard = {hint.path.name for hint in listening.wait_for("c.jpg")}
    assert "b.jpg" not in heard


def test_an_observer_that_was_stopped_does_not_count_as_alive(listening) -> None:
    assert listening.observer.is_alive()

    listening.observer.stop()

    assert not listening.observer.is_alive()
