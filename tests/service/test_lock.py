"""One writer: locks are tried from another process, because that is who they are for."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pictrace.errors import BusyError, StoreError
from pictrace.service.lock import StateLock
from pictrace.service.root_lock import RootLocks, lock_places, on_system_disk

_TRY = """
import sys
from pathlib import Path
from pictrace.errors import StopError
from pictrace.service.lock import StateLock
state, *roots = map(Path, sys.argv[1:])
try:
    with StateLock(state, roots):
        print("free")
except StopError as problem:
    print(problem)
    sys.exit(problem.exit_code)
"""


def try_elsewhere(state: Path, *roots: Path) -> tuple[int, str]:
    """Return exit code and words of another process that wants the lock."""
    done = subprocess.run(
        [sys.executable, "-c", _TRY, state, *roots], capture_output=True, text=True, check=False, timeout=60
    )
    return done.returncode, done.stdout.strip() or done.stderr


def test_a_second_process_is_told_which_one_is_in_the_way(tmp_path: Path) -> None:
    with StateLock(tmp_path / "state"):
        code, words = try_elsewhere(tmp_path / "state")

    assert code == 75
    assert f"process {os.getpid()}" in words
    assert str(tmp_path / "state") in words


def test_the_lock_is_free_after_the_block(tmp_path: Path) -> None:
    with StateLock(tmp_path / "state"):
        pass

    assert try_elsewhere(tmp_path / "state") == (0, "free")


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    hold = "import sys, time; from pathlib import Path; from pictrace.service.lock import StateLock\n"
    hold += "with StateLock(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", hold, tmp_path], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(BusyError, match=str(holder.pid)), StateLock(tmp_path):
            pass
        holder.kill()

    with StateLock(tmp_path):
        assert (tmp_path / "lock").read_text() == f"{os.getpid()}\n"


def test_a_root_is_locked_across_state_folders_and_nothing_is_written_into_it(tmp_path: Path) -> None:
    root = tmp_path / "Pictures"
    root.mkdir()
    with StateLock(tmp_path / "one", [root]):
        code, words = try_elsewhere(tmp_path / "two", root)

    assert code == 75
    assert str(root) in words
    assert list(root.iterdir()) == []


def test_a_busy_root_leaves_no_lock_behind(tmp_path: Path) -> None:
    root = tmp_path / "Pictures"
    root.mkdir()
    with StateLock(tmp_path / "one", [root]):
        second = StateLock(tmp_path / "two", [root])
        with pytest.raises(BusyError):
            second.__enter__()

        assert try_elsewhere(tmp_path / "two") == (0, "free")


def test_a_root_by_two_names_does_not_lock_itself_out(tmp_path: Path) -> None:
    root = tmp_path / "Pictures"
    root.mkdir()
    (tmp_path / "link").symlink_to(root)

    with StateLock(tmp_path / "state", [root, tmp_path / "link", root]):
        code, _ = try_elsewhere(tmp_path / "other", root)

    assert code == 75


def test_a_root_that_is_away_is_passed_over(tmp_path: Path) -> None:
    with StateLock(tmp_path / "state", [tmp_path / "unplugged"]):
        assert not (tmp_path / "unplugged").exists()


def test_the_state_folder_is_private(tmp_path: Path) -> None:
    with StateLock(tmp_path / "deep" / "state"):
        assert stat.S_IMODE((tmp_path / "deep" / "state").stat().st_mode) == 0o700
        assert stat.S_IMODE((tmp_path / "deep" / "state" / "lock").stat().st_mode) == 0o600


def test_a_state_folder_that_cannot_be_made_names_itself(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(StoreError, match=r"file/state.*: Not a directory"), StateLock(tmp_path / "file" / "state"):
        pass


def test_a_link_in_the_place_of_the_lock_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("kept")
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "lock").symlink_to(tmp_path / "precious")

    with pytest.raises(StoreError), StateLock(tmp_path / "state"):
        pass

    assert (tmp_path / "precious").read_text() == "kept"


def _by_name(place: Path) -> RootLocks:
    """Return locks for roots that all lie on disks of their own."""
    return RootLocks([place], may_be_open=lambda _: False)


def _by_folder(_: Path) -> RootLocks:
    """Return locks for roots on the system's disk, seen from where no place is shared."""
    return RootLocks([], may_be_open=lambda _: True)


def _is_refused(second: StateLock) -> bool:
    try:
        with second:
            return False
    except BusyError:
        return True


def test_a_root_on_a_disk_of_its_own_is_locked_without_an_open_file_on_it(tmp_path: Path) -> None:
    root, place = tmp_path / "disk", tmp_path / "place"
    root.mkdir()

    with StateLock(tmp_path / "one", [root], root_locks=_by_name(place)):
        held = {os.path.realpath(f"/proc/self/fd/{number}") for number in os.listdir("/proc/self/fd")}
        with (
            pytest.raises(BusyError, match="another state folder"),
            StateLock(tmp_path / "two", [root], root_locks=_by_name(place)),
        ):
            pass
    with StateLock(tmp_path / "two", [root], root_locks=_by_name(place)):
        pass

    assert not any(name.startswith(str(root)) for name in held)
    assert any(name.startswith(str(place)) for name in held)


@pytest.mark.parametrize("locks", [_by_name, _by_folder])
@pytest.mark.parametrize(
    ("first", "second", "is_refused"),
    [
        (["photos"], ["photos/2024/may"], True),
        (["photos/2024/may"], ["photos"], True),
        (["photos", "photos/2024/may"], ["photos/2024"], True),
        (["photos/2023", "photos/2024/may"], ["photos/2024/june"], False),
        (["photos/2024/may", "photos"], ["other"], False),
    ],
)
def test_a_root_inside_another_ones_root_is_refused_and_a_neighbour_is_not(
    tmp_path: Path, locks: Callable[[Path], RootLocks], first: list[str], second: list[str], is_refused: bool
) -> None:
    for name in (*first, *second):
        (tmp_path / name).mkdir(parents=True, exist_ok=True)

    with StateLock(tmp_path / "one", [tmp_path / name for name in first], root_locks=locks(tmp_path / "place")):
        later = StateLock(tmp_path / "two", [tmp_path / name for name in second], root_locks=locks(tmp_path / "place"))
        assert _is_refused(later) == is_refused


def test_a_nested_root_is_refused_to_another_process(tmp_path: Path) -> None:
    (tmp_path / "photos" / "inner").mkdir(parents=True)

    with StateLock(tmp_path / "one", [tmp_path / "photos"]):
        code, words = try_elsewhere(tmp_path / "two", tmp_path / "photos" / "inner")

    assert code == 75
    assert f"works on all of {tmp_path / 'photos'}" in words


def test_a_service_that_sees_a_root_as_a_mount_of_its_own_meets_who_sees_it_as_a_folder(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    in_service = RootLocks([tmp_path / "place"], may_be_open=lambda _: False)
    outside = RootLocks([tmp_path / "elsewhere", tmp_path / "place"], may_be_open=lambda _: True)

    with StateLock(tmp_path / "one", [tmp_path / "photos"], root_locks=in_service):
        assert _is_refused(StateLock(tmp_path / "two", [tmp_path / "photos"], root_locks=outside))


@pytest.mark.parametrize("variable", ["RUNTIME_DIRECTORY", "XDG_RUNTIME_DIR"])
def test_where_a_user_meets_himself_does_not_depend_on_what_started_him(
    tmp_path: Path, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = lock_places()
    monkeypatch.setenv(variable, str(tmp_path))

    assert lock_places() == before
    assert before[-1] == Path(f"/tmp/pictrace-{os.geteuid()}")


def test_a_place_that_is_somebody_elses_is_told_and_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    place = tmp_path / "place"
    place.mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)

    with StateLock(tmp_path / "state", [tmp_path], root_locks=_by_name(place)):
        pass

    assert f"{place} is somebody else's" in caplog.text
    assert "cannot be told" in caplog.text
    assert list(place.iterdir()) == []


def test_a_place_that_cannot_be_made_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").touch()

    with StateLock(tmp_path / "state", [tmp_path], root_locks=_by_name(tmp_path / "file")):
        pass

    assert f"{tmp_path / 'file'} is no place for locks: File exists" in caplog.text


def test_a_service_whose_unit_makes_a_root_a_mount_of_its_own_meets_another_users_outside(tmp_path: Path) -> None:
    root = tmp_path / "photos"
    root.mkdir()
    if not on_system_disk(root):
        pytest.skip(f"{tmp_path} is not on the file system of /: no folder is locked there")
    enter = ("unshare", "-Urm", "sh", "-c", 'mount --bind "$0" "$0" && exec "$@"', os.fspath(root))
    try:
        tried = subprocess.run([*enter, "true"], capture_output=True, text=True, check=False, timeout=60)
    except FileNotFoundError:
        pytest.skip("no unshare here: a mount namespace is not tried")
    if tried.returncode:
        pytest.skip(f"no mount namespace here: {tried.stderr.strip()}")

    with StateLock(tmp_path / "one", [root], root_locks=_by_folder(tmp_path)):
        inside = subprocess.run(
            [*enter, sys.executable, "-c", _TRY, tmp_path / "two", root],
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip

    assert (inside.returncode, "another state folder" in inside.stdout) == (75, True), inside.stderr
