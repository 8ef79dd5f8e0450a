"""Which sidecar is a photo's: ``photo.jpg.xmp``, or a ``photo.xmp`` that clearly belongs to it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

from pictrace.act.actions.base import SIDECAR_SUFFIX, sidecar_of
from pictrace.imaging.xmp import MOST_SIDECAR_BYTES, parsed_xmp

_STEM_ENDINGS: Final = (".xmp", ".XMP")
# What lies beside a photo under its stem and is no other photo.
_COMPANIONS: Final = frozenset([".xmp", ".aae", ".mov", ".mp4", ".json", ".pp3", ".dop", ".dtdata", ".thm", ".wav"])

Read = Callable[[Path], bytes | None]
Stems = Callable[[Path], Counter[str]]


def photos_by_stem(folder: Path) -> Counter[str]:
    """Return how many photos of a folder have each stem, in small letters; an unknown ending counts as a photo's.

    Raises:
        OSError: the folder cannot be read.
    """
    with os.scandir(folder) as entries:
        names = [os.path.splitext(entry.name) for entry in entries]  # noqa: PTH122 – a Path for each would be slow
    return Counter(stem.lower() for stem, ending in names if ending.lower() not in _COMPANIONS)


def existing_sidecar(photo: Path, read: Read, stems: Stems = photos_by_stem) -> Path | None:
    """Return the sidecar that a photo has; None where it has none.

    Args:
        photo: the photo.
        read: reads a sidecar.
        stems: counts the photos of its folder by their stem.

    Raises:
        OSError, ActError: what lies there cannot be looked at.
    """
    # Texts, not paths: this is asked of each photo that is judged.
    name = str(photo)
    own = f"{name}{SIDECAR_SUFFIX}"
    if os.path.lexists(own):
        return Path(own)
    stem = os.path.splitext(name)[0]  # noqa: PTH122 – see above
    for ending in _STEM_ENDINGS:
        shared = f"{stem}{ending}"
        if os.path.lexists(shared) and shared != name:
            return Path(shared) if _belongs(Path(shared), photo, read, stems) else None
    return None


def _belongs(shared: Path, photo: Path, read: Read, stems: Stems) -> bool:
    """Return whether a sidecar that is named after a stem is that photo's, by its own word or for want of another."""
    said = parsed_xmp(read(shared) or b"", most_bytes=MOST_SIDECAR_BYTES)
    if said is None:
        return False
    if said.sidecar_for is not None:
        return said.sidecar_for.lower().lstrip(".") == photo.suffix.lower().lstrip(".")
    return stems(photo.parent)[photo.stem.lower()] <= 1


def sidecar_at(photo: Path, sidecar: Path, place: Path) -> Path:
    """Return where a photo's sidecar is once the photo is at a place: named after all of its name, or after its stem.

    Args:
        photo: where the photo was.
        sidecar: where its sidecar was then.
        place: where the photo is now.
    """
    return sidecar_of(place) if sidecar == sidecar_of(photo) else place.with_suffix(sidecar.suffix)


def photo_at(photo: Path, sidecar: Path, place: Path) -> Path:
    """Return where a photo is whose sidecar is at a place; the reverse of `sidecar_at`."""
    return place.with_suffix("" if sidecar == sidecar_of(photo) else photo.suffix)
