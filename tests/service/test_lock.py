"""One writer: locks are tried from another process, because that is who they are for."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from pictrace.errors import BusyError, StoreError
from pictrace.service.lock import StateLock

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


def test_a_root_on_a_disk_of_its_own_is_locked_without_an_open_file_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.delenv("RUNTIME_DIRECTORY", raising=False)
    root = tmp_path / "disk"
    root.mkdir()

    with StateLock(tmp_path / "one", [root], mount_point=lambda path: path):
        held = {os.path.realpath(f"/proc/self/fd/{number}") for number in os.listdir("/proc/self/fd")}
        with (
            pytest.raises(BusyError, match="another state folder"),
            StateLock(tmp_path / "two", [root], mount_point=lambda path: path),
        ):
            pass
    with StateLock(tmp_path / "two", [root], mount_point=lambda path: path):
        pass

    assert not any(name.startswith(str(root)) for name in held)
    assert any(name.startswith(str(tmp_path / "pictrace")) for name in held)
