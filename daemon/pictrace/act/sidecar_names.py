"""Which sidecar is a photo's: ``photo.jpg.xmp``, or a ``photo.xmp`` that is that photo's alone."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from pictrace.act.belonging import Photos, of_ending, owners_of, renamed
from pictrace.act.guard import open_file
from pictrace.act.world import World
from pictrace.errors import ActError, shown
from pictrace.imaging.xmp import MOST_SIDECAR_BYTES, Xmp, parsed_xmp

_ENDINGS: Final = (".xmp", ".XMP")
_OTHER_ENDINGS: Final = tuple({f".{''.join(end)}" for end in itertools.product("xX", "mM", "pP")}.difference(_ENDINGS))

Says = Callable[[Path], Xmp | None]
PhotosIn = Callable[[Path], Photos]


def photos_in(folder: Path) -> Photos:
    """Return the photos of a folder.

    Raises:
        OSError: the folder cannot be read.
    """
    return Photos(os.listdir(folder))  # noqa: PTH208 – a Path for each would be slow


def existing_sidecar(photo: Path, says: Says, photos_of: PhotosIn = photos_in) -> Path | None:
    """Return the sidecar that a photo has; None where it clearly has none.

    Args:
        photo: the photo.
        says: gives what a sidecar says; None where it cannot be read.
        photos_of: gives the photos of a folder.

    Raises:
        OSError, ActError: there may be one, but it cannot be looked at, or whose it is cannot be told.
    """
    # Texts, not paths: this is asked of each photo that is judged.
    name = str(photo)
    own = next(_there(name), None)
    if own is not None:
        return own
    for shared in _there(os.path.splitext(name)[0]):  # noqa: PTH122 – see above
        photos = photos_of(photo.parent)
        owners = said_owners(owners_of(shared.name, photos), shared, says)
        if owners == [photo.name]:
            return shared
        if photo.name in owners or not photos.named(photo.name):
            raise ActError(f"{shown(shared)}: whose sidecar it is cannot be told, so it is not touched")
    return None


def said_owners(owners: Iterable[str], sidecar: Path, says: Says) -> list[str]:
    """Return whose sidecar a ``photo.xmp`` is of those that its name fits: by its own word, where it says one."""
    said = says(sidecar)
    return of_ending(owners, None if said is None else said.sidecar_for)


def said_in(world: World, sidecar: Path) -> Xmp | None:
    """Return what a sidecar says; None where it cannot be read."""
    try:
        return parsed_xmp(content_of(world, sidecar) or b"", most_bytes=MOST_SIDECAR_BYTES)
    except (ActError, OSError, LookupError):
        return None


def content_of(world: World, sidecar: Path) -> bytes | None:
    """Return what a sidecar holds, None where there is none.

    Raises:
        ActError, OSError, LookupError: it cannot be read, or is larger than any.
    """
    if not os.path.lexists(sidecar):
        return None
    with open_file(world, sidecar) as descriptor:
        if os.fstat(descriptor).st_size > MOST_SIDECAR_BYTES:
            raise ActError(f"{shown(sidecar)}: larger than any sidecar, so it is not touched")
        with os.fdopen(os.dup(descriptor), "rb") as file:
            return file.read()


def sidecar_at(photo: Path, sidecar: Path, place: Path) -> Path:
    """Return where a photo's sidecar is once the photo is at a place: named after all of its name, or after its stem.

    Args:
        photo: where the photo was.
        sidecar: where its sidecar was then.
        place: where the photo is now.
    """
    return place.with_name(renamed(sidecar.name, photo.name, place.name))


def photo_at(photo: Path, sidecar: Path, place: Path) -> Path:
    """Return where a photo is whose sidecar is at a place; the reverse of `sidecar_at`."""
    return place.with_suffix("" if sidecar.name.startswith(photo.name) else photo.suffix)


def _there(name: str) -> Iterator[Path]:
    """Yield the sidecars that are named after something, those with a usual ending first."""
    yield from (Path(path) for ending in _ENDINGS if os.path.lexists(path := name + ending))
    # `lexists` takes four times as long, which nobody has for what nobody writes.
    yield from (Path(path) for ending in _OTHER_ENDINGS if os.access(path := name + ending, os.F_OK))
