"""What becomes of each file in a folder of formats: a table of what was decoded, and of what was not and why.

python benchmarks/formats.py CORPUS/formats CORPUS/broken
"""

from __future__ import annotations

import argparse
import resource
from pathlib import Path

from pictrace.errors import PhotoError
from pictrace.fingerprint import WorkerPool, describe, hash_file


def main() -> None:
    """Describe every file in a worker process, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    pool = WorkerPool(1)
    decoded: list[str] = []
    refused: list[str] = []
    files = [path for folder in parser.parse_args().folders for path in sorted(folder.rglob("*")) if path.is_file()]
    for path in files:
        try:
            content_hash, key = pool.submit(hash_file, path).result()
            photo = pool.submit(describe, path, content_hash, key).result()
        except PhotoError as problem:
            refused.append(f"| {path.name} | {problem.reason} |")
            continue
        known = photo.metadata
        if known is None:
            refused.append(f"| {path.name} | {photo.reason} |")
        else:
            decoded.append(f"| {path.name} | {known.format} | {known.width_pixels} × {known.height_pixels} |")
    pool.close()
    print("| file | read as | pixels, upright |\n| --- | --- | --- |", *decoded, sep="\n")
    print("\n| file | reason |\n| --- | --- |", *refused, sep="\n")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"\nPeak memory of a worker: {peak:.0f} MiB")


if __name__ == "__main__":
    main()
