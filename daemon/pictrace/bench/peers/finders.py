"""What each other tool takes for copies: from a folder and pairs of file names to the pairs that it joins.

A tool that is not installed raises ModuleNotFoundError or FileNotFoundError, one that breaks any other error.
None of these files uses anything of PicTrace's, so that they run in an environment of their own.
"""

from __future__ import annotations

import contextlib
import importlib
import itertools
import subprocess
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

Pair = tuple[str, str]
Joined = Callable[[Path, Sequence[str]], Callable[[str, str], bool]]

PHASH_BITS = 10
PDQ_BITS = 31
_EIGHT = (None, 0, 1, 2, 3, 4, 5, 6)  # Pillow's transpositions


def imagehash_phash(folder: Path, names: Sequence[str]) -> Callable[[str, str], bool]:
    """Join what imagehash's pHash puts within 10 of 64 bits."""
    hashes = {name: _phashes(folder / name, (None,)) for name in names}
    return lambda one, other: _nearest(hashes[one], hashes[other]) <= PHASH_BITS


def imagehash_phash_eight(folder: Path, names: Sequence[str]) -> Callable[[str, str], bool]:
    """Join the same in any of the eight orientations."""
    hashes = {name: _phashes(folder / name, _EIGHT) for name in names}
    return lambda one, other: _nearest(hashes[one], hashes[other][:1]) <= PHASH_BITS


def pdqhash_eight(folder: Path, names: Sequence[str]) -> Callable[[str, str], bool]:
    """Join what PDQ puts within 31 of 256 bits in any of the eight orientations."""
    numpy, pdqhash = (importlib.import_module(name) for name in ("numpy", "pdqhash"))
    hashes: dict[str, Any] = {}
    for name in names:
        picture = _picture(folder / name)
        if picture is not None:
            hashes[name] = numpy.array(pdqhash.compute_dihedral(numpy.asarray(picture))[0])

    def is_joined(one: str, other: str) -> bool:
        if one not in hashes or other not in hashes:
            return False
        return bool((hashes[one] != hashes[other][0]).sum(axis=1).min() <= PDQ_BITS)

    return is_joined


def imagededup_phash(folder: Path, names: Sequence[str]) -> Callable[[str, str], bool]:
    """Join what imagededup's PHash does by itself: 10 of 64 bits."""
    methods = importlib.import_module("imagededup.methods")
    finder = methods.PHash(verbose=False)
    del names
    found = finder.find_duplicates(image_dir=str(folder), max_distance_threshold=PHASH_BITS, num_enc_workers=0)
    return lambda one, other: other in found.get(one, ()) or one in found.get(other, ())


def difpy_similar(folder: Path, names: Sequence[str]) -> Callable[[str, str], bool]:
    """Join what difPy calls similar, whatever the size, with quarter turns."""
    difpy = importlib.import_module("difPy")
    del names
    built = difpy.build(str(folder), show_progress=False, processes=1)
    found = difpy.search(
        built, similarity="similar", same_dim=False, rotate=True, show_progress=False, processes=1
    ).result
    links = [(Path(str(one)).name, Path(str(match[0])).name) for one, matches in found.items() for match in matches]
    pairs = {frozenset(link) for link in links}
    return lambda one, other: frozenset((one, other)) in pairs


def findimagedupes(folder: Path, names: Sequence[str]) -> Callable[[str, str], bool]:
    """Join what findimagedupes puts into one group at its usual 90 %."""
    del names
    command = ["findimagedupes", "-q", "-t", "90%", "-R", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode and not done.stdout:  # else it would count as one that joins nothing
        said = done.stderr.strip().splitlines() or ["and said nothing"]
        raise RuntimeError(f"findimagedupes: exit code {done.returncode}, {said[-1]}")
    return _in_one_group([[Path(word).name for word in line.split()] for line in done.stdout.splitlines()])


def czkawka_hashes(folder: Path, names: Sequence[str]) -> Callable[[str, str], bool]:
    """Join what Czkawka's hash puts within 10 of 64 bits, each pair by itself."""
    finder = importlib.import_module("czkawka").ImageSimilarity()
    hashes: dict[str, str] = {}
    for name in names:
        try:
            hashes[name] = finder.hash_image(folder / name)
        except OSError:
            continue
    return lambda one, other: (
        one in hashes and other in hashes and finder.compare_hashes(hashes[one], hashes[other]) <= PHASH_BITS
    )


def czkawka_groups(folder: Path, names: Sequence[str]) -> Callable[[str, str], bool]:
    """Join what Czkawka's own search puts into one group at similarity 10."""
    del names
    finder = importlib.import_module("czkawka").ImageSimilarity()
    finder.set_directories([folder])
    finder.set_similarity(PHASH_BITS)
    return _in_one_group([[path.name for path in group] for group in finder.find_similar()])


def _in_one_group(groups: Iterable[Sequence[str]]) -> Callable[[str, str], bool]:
    pairs = {frozenset(pair) for group in groups for pair in itertools.combinations(group, 2)}
    return lambda one, other: frozenset((one, other)) in pairs


def _phashes(path: Path, orientations: Sequence[int | None]) -> list[Any]:
    imagehash = importlib.import_module("imagehash")
    picture = _picture(path)
    if picture is None:
        return []
    small = picture.convert("L")
    return [imagehash.phash(small if how is None else small.transpose(how)) for how in orientations]


def _nearest(some: Sequence[Any], others: Sequence[Any]) -> int:
    return min((int(one - other) for one in some for other in others), default=65)


def _picture(path: Path) -> Any:
    """Return a picture as these libraries' users would open it; None where Pillow cannot."""
    image = importlib.import_module("PIL.Image")
    with contextlib.suppress(ImportError):
        importlib.import_module("pillow_heif").register_heif_opener()
    try:
        return image.open(path).convert("RGB")
    except OSError:
        return None


FINDERS: dict[str, Joined] = {
    "imagehash pHash ≤ 10": imagehash_phash,
    "imagehash pHash ≤ 10, 8 orientations": imagehash_phash_eight,
    "pdqhash ≤ 31, 8 orientations": pdqhash_eight,
    "imagededup PHash ≤ 10": imagededup_phash,
    "difPy, similar": difpy_similar,
    "findimagedupes 90 %": findimagedupes,
    "Czkawka's bindings, hashes ≤ 10": czkawka_hashes,
    "Czkawka's bindings, groups at 10": czkawka_groups,
}
