"""`scripts/fuzz` with few files: the long run is the same with more."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import pictrace

FUZZ = Path(__file__).resolve().parents[2] / "scripts" / "fuzz"

pytestmark = pytest.mark.timeout(600)


def fuzz(*words: str) -> subprocess.CompletedProcess[bytes]:
    """Run it against the PicTrace that is tested."""
    place = {**os.environ, "PYTHONPATH": str(Path(pictrace.__file__).parents[1])}
    return subprocess.run([sys.executable, str(FUZZ), *words], capture_output=True, timeout=550, env=place, check=False)


def test_f25_five_hundred_spoilt_files_cost_only_themselves(tmp_path: Path) -> None:
    done = fuzz("--files", "460", "--daemon", "40", "--seed", "21", "--keep", str(tmp_path))

    out = done.stdout.decode()
    assert done.returncode == 0, out + done.stderr.decode()[-3000:]
    assert "| **all** | 460 |" in out
    assert "| daemon deaths in 40 files | 0 | 0 |" in out
    assert "| decoded |" in out
    assert "| broken JPEG |" in out


def test_a_file_is_made_again_by_its_number() -> None:
    first, again, another = (fuzz("--seed", "3", "--make", number).stdout for number in ("17", "17", "18"))

    assert first == again
    assert first != another
    assert first
