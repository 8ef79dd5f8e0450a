"""All the bars in one go: accuracy, other tools in the same run, the index at scale, and speed, as markdown.

    python benchmarks/run_all.py [CORPUS] [--python PYTHON]

PYTHON is of an environment that has the other tools. Takes about an hour on two cores; what fails is said, and the
rest is printed all the same.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from judging.halves import corpus_folder

_HERE = Path(__file__).resolve().parent


def main() -> int:
    """Run each benchmark and print what it says; 1 where one of them failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, nargs="?")
    parser.add_argument("--python", default=sys.executable, help="of the environment that has the other tools")
    arguments = parser.parse_args()
    folder = corpus_folder(arguments.corpus)
    corpus, photos = os.fspath(folder), os.fspath(folder / "photos")
    parts = {
        "Accuracy": ("accuracy.py", corpus),
        "Other tools": ("peers.py", corpus, "--python", arguments.python),
        "Retrieval among ten thousand": ("scale.py", "recall", photos),
        "Index": ("scale.py", "speed", photos),
        "Speed": ("speed.py", photos),
        "From arrival to verdict": ("waiting.py", "arrivals", corpus),
        "Searches": ("waiting.py", "find", corpus),
    }
    failed = []
    for title, (script, *rest) in parts.items():
        print(f"## {title}\n", flush=True)
        if subprocess.run([sys.executable, os.fspath(_HERE / script), *rest], check=False).returncode:
            print(f"`{script}` failed.")
            failed.append(script)
        print(flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
