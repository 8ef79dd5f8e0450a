"""Runs a piece of Python where it may mount what it likes: in a user and mount namespace of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

_UNSHARED = ("unshare", "--user", "--map-root-user", "--mount")
_FIRST = """
import subprocess, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from conftest import Stage
folders = [Path(name) for name in sys.argv[2:]]
def mount(*words):
    subprocess.run(["mount", *words], check=True)
"""


def run_unshared(code: str, *folders: Path) -> str:
    """Return what the code prints; it has ``Stage``, ``mount(*words)`` and the ``folders``. Skips where it cannot."""
    try:
        subprocess.run([*_UNSHARED, "true"], capture_output=True, check=True, timeout=60)
    except (OSError, subprocess.CalledProcessError) as problem:
        pytest.skip(f"no user and mount namespaces here: {problem}")
    here = Path(__file__).parent
    command = [*_UNSHARED, sys.executable, "-c", _FIRST + code, here, *folders]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout
