"""Which files of a folder belong to a photo, told by their names alone; docs/companions.md has the table.

The conventions are those of darktable, Lightroom, RawTherapee, DxO, Apple Photos, Google Takeout and exiftool.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

from pictrace.model.names import EDITED_WORDS, RAW_SUFFIXES, is_photo_name

_JPEG = frozenset(("jpg", "jpeg", "jpe", "jfif"))
_HEIC = frozenset(("heic", "heif", "hif"))
_SIDECARS = (".xmp", ".pp3", ".dop", ".dtdata")
VIDEO_SUFFIXES = (".mov", ".mp4", ".m4v", ".mp")
_TAKEOUT = "supplemental-metadata"
_EDITED = tuple(f"-{word}" for word in EDITED_WORDS)
# Google cuts a name to 46 letters before it adds `.json`.
_TAKEOUT_LETTERS = 46
_NUMBERED = re.compile(r"(.*)(\(\d+\))")
_VERSION = re.compile(r"(.*)_\d{2,}(\.[^.]+)")  # darktable: photo_01.jpg.xmp
_APPLE = re.compile(r"([A-Za-z]{3}_)([EO]?)(\d.*)")


class Belonging(StrEnum):
    """How a file belongs to a photo."""

    SIDECAR = "sidecar"
    EDIT = "edit"  # Apple's .aae: what was done to the photo on the phone
    TAKEOUT = "takeout"  # Google's JSON
    ORIGINAL = "original"  # exiftool's copy from before it wrote into the photo
    LIVE_VIDEO = "live-video"
    PAIR = "pair"  # another photo of the same exposure: RAW and JPEG, HEIC and JPEG


@dataclass(frozen=True, slots=True, kw_only=True)
class Companion:
    """A file beside a photo that belongs to it; ``others`` are further photos there that it belongs to as well."""

    name: str
    belonging: Belonging
    others: tuple[str, ...] = ()


def companions_of(photo: PurePath, names: Iterable[str]) -> list[Companion]:
    """Return what belongs to a photo, by the names of the files in its folder; content is not looked at.

    Args:
        photo: its path, or only its name.
        names: of the files in its folder, in any order.
    """
    near = _near(names, photo.stem)
    photos = Photos(near)
    found = [Companion(name=name, belonging=Belonging.PAIR) for name in near if is_pair(photo.name, name)]
    for name in near:
        if is_photo_name(name):
            continue
        belonging, owners = _owners(name, photos)
        if belonging is not None and photo.name in owners:
            others = tuple(owner for owner in owners if owner != photo.name)
            found.append(Companion(name=name, belonging=belonging, others=others))
    return found


def owners_of(name: str, photos: Photos) -> list[str]:
    """Return the photos of a folder that a file in it belongs to by its name; none for a photo."""
    return [] if is_photo_name(name) else _owners(name, photos)[1]


def of_ending(owners: Iterable[str], ending: str | None) -> list[str]:
    """Return those of a sidecar's owners that it means itself; all where it says nothing.

    Args:
        owners: the photos that it belongs to by its name.
        ending: what `photoshop:SidecarForExtension` says in it: ``CR2``, some write ``.cr2``.
    """
    wanted = (ending or "").lower().lstrip(".")
    return [name for name in owners if not wanted or PurePath(name).suffix[1:].lower() == wanted]


def is_pair(one: str, other: str) -> bool:
    """Return whether two names in one folder are those of one exposure: RAW and JPEG, RAW and HEIC, HEIC and JPEG."""
    (stem, _, first), (other_stem, _, second) = one.rpartition("."), other.rpartition(".")
    sorts = {_sort(first), _sort(second)}
    return stem == other_stem != "" and len(sorts) == 2 and None not in sorts


def renamed(companion: str, photo: str, new_photo: str) -> str:
    """Return the name of a companion after its photo was given another name: it still belongs to it then."""
    if photo == new_photo:
        return companion
    stem, new_stem = PurePath(photo).stem, PurePath(new_photo).stem
    if companion.startswith(photo):
        return new_photo + companion[len(photo) :]
    if companion.startswith(stem):
        return new_stem + companion[len(stem) :]
    if companion.lower().endswith(".json"):  # a name that was cut, or has its number elsewhere
        core = _NUMBERED.fullmatch(companion[: -len(".json")])
        word = (core[1] if core else companion[: -len(".json")]).rpartition(".")[2]
        return f"{new_photo}.{word}.json" if word and _TAKEOUT.startswith(word) else f"{new_photo}.json"
    apple, own = _APPLE.fullmatch(PurePath(companion).stem), _APPLE.fullmatch(stem)
    if apple and own and own[3] in new_stem:
        before, _, after = new_stem.rpartition(own[3])
        return f"{before.removesuffix(own[2])}{apple[2]}{own[3]}{after}{PurePath(companion).suffix}"
    return f"{new_stem}.{companion}"


class Photos:
    """The photos among the names of a folder, to be asked for by name and by stem."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = {name for name in names if is_photo_name(name)}
        self._stems: dict[str, list[str]] = {}
        for name in sorted(self._names):
            # A Path for each of 100,000 names would be slow.
            self._stems.setdefault(name.rpartition(".")[0], []).append(name)

    def named(self, *names: str) -> list[str]:
        """Return those of some names that are photos here, each once."""
        return [name for name in dict.fromkeys(names) if name in self._names]

    def of_stem(self, stem: str) -> list[str]:
        """Return the photos of a stem."""
        return self._stems.get(stem, [])

    def beginning_with(self, text: str) -> list[str]:
        """Return the photos whose names begin with a text."""
        return sorted(name for name in self._names if name.startswith(text))


def _near(names: Iterable[str], stem: str) -> list[str]:
    """Return the names that may have to do with a photo: the rest of a large folder is not looked at closely."""
    apple = _APPLE.fullmatch(stem)
    prefix, part = _original_stem(stem)[:_TAKEOUT_LETTERS], ""
    if apple:
        prefix, number = apple[1], apple[3].partition("(")[0].partition("-")[0]
        part = number[: _TAKEOUT_LETTERS - len(prefix)]
    return sorted(name for name in names if name.startswith(prefix) and part in name)


def _original_stem(stem: str) -> str:
    """Return a stem without number and without Google's word for an edited photo."""
    for _ in range(2):
        numbered = _NUMBERED.fullmatch(stem)
        stem = numbered[1] if numbered else stem
        stem = next((stem.removesuffix(word) for word in _EDITED if stem.endswith(word)), stem)
    return stem


def _sort(suffix: str) -> str | None:
    suffix = suffix.lower()
    if suffix in RAW_SUFFIXES:
        return "raw"
    return "jpeg" if suffix in _JPEG else "heic" if suffix in _HEIC else None


def _owners(name: str, photos: Photos) -> tuple[Belonging | None, list[str]]:
    """Return how a file belongs to photos, and to which: the first convention that fits any of them."""
    lowered = name.lower()
    if lowered.endswith("_original"):
        return Belonging.ORIGINAL, photos.named(name[: -len("_original")])
    suffix = PurePath(lowered).suffix
    rest = name[: len(name) - len(suffix)]
    if suffix in _SIDECARS:
        return Belonging.SIDECAR, _first(_of_sidecar(rest, suffix, photos))
    if suffix == ".aae":
        return Belonging.EDIT, _first(_of_apple(rest, photos))
    if suffix == ".json":
        return Belonging.TAKEOUT, _first(_of_takeout(rest, photos))
    if suffix in VIDEO_SUFFIXES:
        return Belonging.LIVE_VIDEO, _first(_of_video(name, rest, photos))
    return None, []


def _first(tiers: Iterator[list[str]]) -> list[str]:
    return next((owners for owners in tiers if owners), [])


def _of_sidecar(rest: str, suffix: str, photos: Photos) -> Iterator[list[str]]:
    yield photos.named(rest)
    version = _VERSION.fullmatch(rest)
    if version:
        yield photos.named(version[1] + version[2])
    if suffix == ".xmp":
        yield photos.of_stem(rest)


def _of_apple(rest: str, photos: Photos) -> Iterator[list[str]]:
    yield photos.of_stem(rest)
    apple = _APPLE.fullmatch(rest)
    if apple:
        yield photos.of_stem(f"{apple[1]}{apple[3]}")
        yield photos.of_stem(f"{apple[1]}E{apple[3]}")


def _of_takeout(rest: str, photos: Photos) -> Iterator[list[str]]:
    numbered = _NUMBERED.fullmatch(rest)
    core, number = (numbered[1], numbered[2]) if numbered else (rest, "")
    title, dot, word = core.rpartition(".")
    titles = [core, title] if dot and _TAKEOUT.startswith(word) else [core]
    paths = [PurePath(one) for one in titles if one]
    yield photos.named(*(f"{path.stem}{number}{path.suffix}" for path in paths))
    for word in _EDITED:
        orders = (f"{number}{word}", f"{word}{number}")
        yield photos.named(*(f"{path.stem}{order}{path.suffix}" for path in paths for order in orders))
    if len(core) == _TAKEOUT_LETTERS:
        yield photos.beginning_with(core)


def _of_video(name: str, rest: str, photos: Photos) -> Iterator[list[str]]:
    yield photos.of_stem(name)  # Google: PXL_1.MP beside PXL_1.MP.jpg
    yield photos.named(rest)
    yield from _of_apple(rest, photos)
