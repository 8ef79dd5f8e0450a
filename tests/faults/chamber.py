"""File systems of the daemon's own: a mount namespace that a test may change, and look into from outside."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from .conftest import House  # type: ignore[import-not-found]

_TOOLS = ("unshare", "nsenter", "mount", "umount")


class Chamber:
    """A mount namespace, in a user namespace of its own, held open by a process that waits."""

    def __init__(self, holder: subprocess.Popen[str]) -> None:
        self.view = Path(f"/proc/{holder.pid}/root")
        self.enter = ("nsenter", "--preserve-credentials", "-U", "-m", "-t", str(holder.pid), "--")

    def run(self, *words: str | Path) -> None:
        """Run a command in it."""
        done = subprocess.run([*self.enter, *words], capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{words}: {done.stderr}"

    def seen(self, path: Path) -> Path:
        """Return a path of the namespace as it is seen from here."""
        return self.view / path.relative_to("/")

    def mount_memory(self, path: Path, size: str = "64m") -> Path:
        """Mount a file system in memory; returns its path as it is seen from here."""
        self.seen(path).mkdir(parents=True, exist_ok=True)
        self.run("mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", path)
        return self.seen(path)


@contextmanager
def chamber() -> Iterator[Chamber]:
    """Give a namespace; it ends, with all that is mounted in it, when the test does."""
    missing = [tool for tool in _TOOLS if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"mounting without harm needs {', '.join(missing)}")
    holder = subprocess.Popen(
        ["unshare", "-Urm", "sh", "-c", "echo ready; exec cat"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stderr is not None
        if holder.stdout.readline() != "ready\n":
            pytest.skip(f"no user and mount namespaces here: {holder.stderr.read().strip()}")
        try:
            yield Chamber(holder)
        finally:
            holder.kill()


def moved_in(house: House, room: Chamber) -> House:
    """Return a house whose daemon lives in a namespace."""
    return House(
        library=room.seen(house.library),
        state=room.seen(house.state),
        config=room.seen(house.config),
        view=room.view,
        enter=room.enter,
    )


def filled_up(folder: Path) -> Path:
    """Fill a small file system to its last byte; returns the file to remove for room."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        room = os.fstatvfs(file.fileno())
        assert room.f_bavail * room.f_frsize < 128 * 1024 * 1024, f"{folder} is no small file system"
        with_block = bytes(4096)
        try:
            while True:
                file.write(with_block)
        except OSError:
            pass
    return filler


def quarantine_at(path: Path) -> str:
    """Return the line of a config that puts quarantine into a folder."""
    return f"quarantine: {json.dumps(str(path))}\n"
