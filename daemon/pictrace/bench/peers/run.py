"""Runs one other tool over a folder: which of the pairs it joins, as JSON on stdout.

python run.py NAME FOLDER PAIRS.json
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from finders import FINDERS  # type: ignore[import-not-found]  # beside this file; PicTrace may not be installed here


def main() -> None:
    """Run the tool and print, for each pair, whether it joins it; the tool's own words go to stderr."""
    name, folder, pairs_file = sys.argv[1:]
    said = os.dup(1)
    os.dup2(2, 1)
    pairs = json.loads(Path(pairs_file).read_text(encoding="utf-8"))
    try:
        is_joined = FINDERS[name](Path(folder), sorted(path.name for path in Path(folder).iterdir()))
        answer: dict[str, object] = {"joined": [bool(is_joined(one, other)) for one, other in pairs]}
    except (ModuleNotFoundError, FileNotFoundError) as problem:
        answer = {"missing": str(problem)}
    os.write(said, json.dumps(answer).encode())


if __name__ == "__main__":
    main()
