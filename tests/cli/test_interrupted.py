"""Ctrl-C while the program is still being loaded."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pictrace


def test_ctrl_c_while_the_command_line_is_loaded_is_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "typer.py").write_text("raise KeyboardInterrupt\n")  # what an import meets when it comes then
    source = Path(pictrace.__file__).parent.parent
    environ = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{source}"}

    ran = subprocess.run(
        [sys.executable, "-m", "pictrace", "--version"],
        env=environ,
        cwd=tmp_path,
        capture_output=True,
        check=False,
        timeout=60,
    )

    assert (ran.returncode, ran.stdout, ran.stderr) == (130, b"", b"")
