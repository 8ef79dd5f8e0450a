"""Looks which files beside a photo go when it goes: by name, and where a name is not enough, by a look inside."""

from __future__ import annotations

import datetime
import os
from collections.abc import Collection
from functools import partial
from pathlib import Path

from pictrace.act.belonging import VIDEO_SUFFIXES, Belonging, Companion, Photos, companions_of, owners_of
from pictrace.act.changes import open_folder
from pictrace.act.guard import open_file
from pictrace.act.sidecar_names import said_in, said_owners
from pictrace.act.world import World
from pictrace.errors import ActError
from pictrace.imaging import VideoFacts, read_video_facts
from pictrace.model import Metadata, PhotoFile
from pictrace.model.file import is_regular

_MOST_VIDEOS = 100
_EQUAL_SECONDS = 10
_QUARTER_HOUR = 15 * 60
_MOST_ZONE_SECONDS = 14 * 3600


def travellers(world: World, photo: PhotoFile, keeper: PhotoFile, going: Collection[str]) -> list[Companion]:
    """Return what goes with a photo; what another photo that stays needs as well stays with that one.

    Args:
        world: the roots, and what is known of photos.
        photo: the one that goes.
        keeper: the one that stays.
        going: the names of all photos of its folder that go together, its own among them.
    """
    folder = photo.path.parent
    try:
        with open_folder(world.top_of(photo.path), folder) as opened:
            names = os.listdir(opened)  # noqa: PTH208 – of a descriptor: no link is followed
    except (ActError, OSError, LookupError):
        return []  # the move itself says why
    asked = {one.name: (one, name) for name in sorted(going) for one in companions_of(folder / name, names)}
    gone = [one for one, of in asked.values() if _goes(world, photo, one, {of, *one.others}, going)]
    if keeper.path.parent != folder:
        gone += _by_identifier(world, photo, names, [one.name for one in gone])
    return sorted(gone, key=lambda one: one.name)


def videos_beside(photo: Path) -> list[Path]:
    """Return the videos that belong to a photo by their names, those that it shares with others among them."""
    try:
        names = [path.name for path in photo.parent.iterdir()]
    except OSError:
        return []
    found = (one for one in companions_of(photo, names) if one.belonging is Belonging.LIVE_VIDEO)
    return [photo.with_name(one.name) for one in found]


def _goes(
    world: World, photo: PhotoFile, companion: Companion, owners: Collection[str], going: Collection[str]
) -> bool:
    path = photo.path.with_name(companion.name)
    if companion.belonging is Belonging.PAIR or not _is_file(path):
        return False
    if companion.belonging is Belonging.SIDECAR and path.stem == photo.path.stem:
        owners = said_owners(owners, path, partial(said_in, world))
    if not owners or not set(owners) <= set(going):
        return False
    if companion.belonging is Belonging.LIVE_VIDEO:
        return _is_live_pair(world, photo, path)
    return True


def _is_file(path: Path) -> bool:
    try:
        return is_regular(path.lstat())
    except OSError:
        return False


def _by_identifier(world: World, photo: PhotoFile, names: list[str], found: list[str]) -> list[Companion]:
    """Return the video of a Live Photo that has another name than its still, known by the content identifier."""
    metadata = world.metadata_of(photo.content_hash)
    if metadata is None or metadata.content_identifier is None or any(_is_video(name) for name in found):
        return []
    photos = Photos(names)
    for name in sorted(filter(_is_video, names))[:_MOST_VIDEOS]:
        facts = _video_facts(world, photo.path.with_name(name))
        is_other_half = facts is not None and facts.content_identifier == metadata.content_identifier
        if is_other_half and not owners_of(name, photos):
            return [Companion(name=name, belonging=Belonging.LIVE_VIDEO)]
    return []


def _is_video(name: str) -> bool:
    return name.lower().endswith(VIDEO_SUFFIXES)


def _video_facts(world: World, path: Path) -> VideoFacts | None:
    try:
        with open_file(world, path) as descriptor:
            return read_video_facts(descriptor)
    except (ActError, OSError, LookupError):
        return None


def _is_live_pair(world: World, photo: PhotoFile, video: Path) -> bool:
    """Return whether a video of the same name was taken with a photo: by identifier, else by time.

    A camera counts on from 0001 in each folder: a name alone is also that of a video from another day.
    """
    facts, metadata = _video_facts(world, video), world.metadata_of(photo.content_hash)
    if facts is None:
        return False
    if facts.content_identifier is not None and metadata is not None and metadata.content_identifier is not None:
        return facts.content_identifier == metadata.content_identifier
    taken = _taken_at(metadata)
    if facts.made_at is not None and taken is not None:
        return _is_one_moment(facts.made_at, taken)
    try:
        return abs(video.lstat().st_mtime_ns - photo.key.mtime_ns) <= _EQUAL_SECONDS * 1_000_000_000
    except OSError:
        return False


def _taken_at(metadata: Metadata | None) -> datetime.datetime | None:
    try:
        return None if metadata is None else datetime.datetime.fromisoformat(metadata.captured_at or "")
    except ValueError:
        return None


def _is_one_moment(made_at: int, taken: datetime.datetime) -> bool:
    """Return whether two times are equal; where the photo names no zone, up to whole quarters of an hour."""
    if taken.tzinfo is not None:
        return abs(made_at - taken.timestamp()) <= _EQUAL_SECONDS
    apart = made_at - taken.replace(tzinfo=datetime.UTC).timestamp()
    rest = apart % _QUARTER_HOUR
    return abs(apart) <= _MOST_ZONE_SECONDS + _EQUAL_SECONDS and min(rest, _QUARTER_HOUR - rest) <= _EQUAL_SECONDS
