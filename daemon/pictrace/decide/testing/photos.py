"""One photo of an example finding, as a test describes it; what it does not say stays unknown."""

from __future__ import annotations

import datetime
import re
from pathlib import Path, PurePosixPath
from typing import Final

from pictrace.config import Located, RootConfig, units
from pictrace.decide.dates import parse_date
from pictrace.decide.facts import FORMATS, SideFacts
from pictrace.model import Metadata, Role

SIDE_KEYS: Final = ("path", "root", "role", "arrival", "size", "written", "age", "tags")
PICTURE_KEYS: Final = ("format", "pixels", "camera", "captured-at", "quality", "lossless", "has", "fields")
HAS: Final = ("gps", "rating", "caption", "faces")
_FORMAT_OF_SUFFIX: Final = {"jpg": "jpeg", "tif": "tiff", "heif": "heic"} | dict.fromkeys(
    ("dng", "cr2", "cr3", "nef", "arw", "raf", "orf", "rw2", "pef"), "raw"
)
_LOSSLESS: Final = ("png", "bmp", "gif", "tiff", "raw")
PIXELS: Final = re.compile(r"([1-9][0-9]{0,5})x([1-9][0-9]{0,5})")
_SIZE_BYTES: Final = 1_000_000
_MTIME_NS: Final = 1_600_000_000 * 10**9
_RATING: Final = 3
_SECONDS_PER_DAY: Final = 86400.0


def read_photo(node: Located, *, is_new: bool, roots: tuple[RootConfig, ...]) -> SideFacts:
    """Return the photo that a test describes under ``new:`` or ``existing:``.

    Args:
        node: the description.
        is_new: it is the later known of the two, by itself an arrival.
        roots: those that the config declares; a test may name others.
    """
    keys = node.section("a photo", (*SIDE_KEYS, *PICTURE_KEYS), required=("path",))
    relative = _relative(keys["path"])
    root = _root(keys, roots)
    name = "new" if is_new else "existing"
    return SideFacts(
        path=root.path / relative,
        relative=relative,
        root=root.path,
        role=root.role,
        content_hash=name.encode(),
        size_bytes=keys["size"].converted(units.size_bytes, units.SIZE) if "size" in keys else _SIZE_BYTES,
        mtime_ns=_midnight_ns(keys["written"]) if "written" in keys else _MTIME_NS,
        first_seen=float(is_new),
        is_arrival=keys["arrival"].boolean() if "arrival" in keys else is_new,
        metadata=_metadata(keys, relative) if any(key in keys for key in PICTURE_KEYS) else None,
        age_days=keys["age"].converted(units.seconds, "a time such as 30d") / _SECONDS_PER_DAY
        if "age" in keys
        else None,
        tags=_texts(keys["tags"], "keywords") if "tags" in keys else None,
    )


def _relative(node: Located) -> str:
    text = node.text("a path below the root, such as Inbox/a.jpg")
    if text.startswith(("/", "~")) or ".." in PurePosixPath(text).parts:
        raise node.expected("a path below the root, such as Inbox/a.jpg; `root` says where that lies")
    return PurePosixPath(text).as_posix()


def _root(keys: dict[str, Located], roots: tuple[RootConfig, ...]) -> RootConfig:
    """Return the root a photo lies in: a declared one by its path or the last part of it, or one that is made up."""
    role = Role(keys["role"].choice(tuple(Role), "role")) if "role" in keys else None
    if "root" in keys:
        path = Path(keys["root"].text("the path or the name of a root"))
        named = next((root for root in roots if path in (root.path, Path(root.path.name))), None)
        found = named or RootConfig(path=Path("/") / path)
    else:
        wanted = role or Role.LIBRARY
        found = next((root for root in roots if root.role is wanted), RootConfig(path=Path("/", wanted), role=wanted))
    return RootConfig(path=found.path, role=role or found.role)


def _metadata(keys: dict[str, Located], relative: str) -> Metadata:
    """Return what is known of a picture that could be read: what `has` does not name, it has not."""
    width, height = _sides(keys["pixels"]) if "pixels" in keys else (0, 0)
    data_format = _format(keys, relative)
    has = {entry.choice(HAS, "field") for entry in keys["has"].items("a list of fields")} if "has" in keys else set()
    camera = keys["camera"].text("the name of a camera") if "camera" in keys else None
    captured_at = f"{parse_date(keys['captured-at'])}T12:00:00" if "captured-at" in keys else None
    keywords = _texts(keys["tags"], "keywords") if "tags" in keys else ()
    filled = len(has - {"faces"}) + sum(bool(one) for one in (camera, captured_at, keywords))
    return Metadata(
        width_pixels=width,
        height_pixels=height,
        format=data_format,
        is_lossless=keys["lossless"].boolean() if "lossless" in keys else data_format in _LOSSLESS,
        jpeg_quality=keys["quality"].whole_number("a JPEG quality, 1 to 100", low=1, high=100)
        if "quality" in keys
        else None,
        camera=camera,
        captured_at=captured_at,
        has_gps="gps" in has,
        rating=_RATING if "rating" in has else None,
        has_caption="caption" in has,
        has_faces="faces" in has,
        keywords=keywords,
        fields=keys["fields"].whole_number("a number of filled fields", low=0, high=99) if "fields" in keys else filled,
    )


def _format(keys: dict[str, Located], relative: str) -> str:
    if "format" in keys:
        return keys["format"].choice(FORMATS, "format")
    suffix = PurePosixPath(relative).suffix.removeprefix(".").lower()
    found = _FORMAT_OF_SUFFIX.get(suffix, suffix)
    if found not in FORMATS:
        raise keys["path"].error(f"the name does not tell the format: say `format`, one of {', '.join(FORMATS)}")
    return found


def _sides(node: Located) -> tuple[int, int]:
    wanted = "width and height, such as 4000x3000"
    found = PIXELS.fullmatch(node.text(wanted))
    if found is None:
        raise node.expected(wanted)
    return int(found[1]), int(found[2])


def _texts(node: Located, what: str) -> tuple[str, ...]:
    return tuple(entry.text(what) for entry in node.items(f"a list of {what}"))


def _midnight_ns(node: Located) -> int:
    day = datetime.date.fromisoformat(parse_date(node))
    return int(datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC).timestamp()) * 10**9
