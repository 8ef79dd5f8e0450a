"""`scripts/torture` with few kills: the long run is the same with more."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pictrace

TORTURE = Path(__file__).resolve().parents[2] / "scripts" / "torture"


def torment(*words: str) -> subprocess.CompletedProcess[str]:
    """Run it against the PicTrace that is tested."""
    place = {**os.environ, "PYTHONPATH": str(Path(pictrace.__file__).parents[1])}
    command = [sys.executable, str(TORTURE), *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=200, env=place, check=False)


def test_killed_at_forty_moments_nothing_is_lost() -> None:
    done = torment("--kills", "40", "--seed", "11")

    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    assert "40 kills in" in done.stdout
    assert "**all**" in done.stdout


def test_without_a_second_file_system_it_says_so_loudly(tmp_path: Path) -> None:
    done = torment("--kills", "2", "--near", str(tmp_path), "--far", str(tmp_path))

    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    assert "NO SECOND FILE SYSTEM" in done.stderr
