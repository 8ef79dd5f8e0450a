"""Keeps the photos of one exposure together: never copies of each other, and none is moved without the others."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from pictrace.act import is_pair
from pictrace.decide import is_moving
from pictrace.errors import shown
from pictrace.model import Member, Metadata, PhotoFile, Plan
from pictrace.patience import asker_of
from pictrace.pipeline.events import SAME_BYTES, FileFinding
from pictrace.pipeline.library import Library
from pictrace.store import Index

# A phone takes its RAW a moment after its JPEG.
_MOST_APART = datetime.timedelta(seconds=2)
_SECONDS_LENGTH = len("2021-03-04T05:06:07")

Judge = Callable[[FileFinding], Plan | None]


class Units:
    """Knows which photos of a folder are of one exposure: RAW and JPEG, HEIC and JPEG.

    Args:
        library: what is there now.
        index: what is known of it.
    """

    def __init__(self, *, library: Library, index: Index) -> None:
        self._library = library
        self._index = index

    def joined(self, plan: Plan, finding: FileFinding, judge: Judge) -> Plan:
        """Return a plan with the photos that have to go with its duplicate; held where one of them may not go.

        Args:
            plan: as the rules want it.
            finding: what it is about.
            judge: what the rules want done about the finding of another member.
        """
        if plan.steps and self.is_one_exposure(finding.file, finding.other):
            names = f"{shown(finding.file.path.name)} and {shown(finding.other.path.name)}"
            return replace(plan, held=f"{names} are companions: one exposure in two formats, no copies of each other")
        if plan.held is not None or not any(is_moving(step) for step in plan.steps):
            return plan
        duplicate, keeper = finding.side_at(plan.duplicate), finding.side_at(plan.keeper)
        members = []
        for path in self._beside(duplicate):
            row = self._index.files.file_at(path)
            photo = row if row is not None and self._library.is_living(row) else None
            if photo is not None and not self.is_one_exposure(duplicate, photo):
                continue
            member = None if photo is None else self._member(photo, keeper)
            if member is None or not _is_wanted(member, plan, judge):
                return replace(plan, held=_reason(path, member))
            members.append(member)
        return replace(plan, members=tuple(members))

    def is_one_exposure(self, one: PhotoFile, other: PhotoFile) -> bool:
        """Return whether two files are one exposure: by their names, unless they say another time or camera."""
        if one.path.parent != other.path.parent or not is_pair(one.path.name, other.path.name):
            return False
        first, second = (self._library.metadata_of(file.content_hash) for file in (one, other))
        return first is None or second is None or not (_is_other_time(first, second) or _is_other_camera(first, second))

    def _beside(self, file: PhotoFile) -> list[Path]:
        """Return the files that have a name of one exposure with a photo."""
        return [file.path.with_name(name) for name in self._names_near(file) if is_pair(file.path.name, name)]

    def _names_near(self, file: PhotoFile) -> list[str]:
        """Return the names in a photo's folder that begin as its own does, in their order."""
        return [name for name in self._names_in(file) if name.startswith(file.path.stem)]

    def _names_in(self, file: PhotoFile) -> list[str]:
        """Return all names in a photo's folder, in their order; none where it cannot be read."""
        folder = file.path.parent
        root = self._library.root_of(file.path)
        try:
            return sorted(asker_of(folder if root is None else root.path).ask(partial(os.listdir, folder)))
        except OSError:
            return []  # whoever moves it says why

    def _member(self, photo: PhotoFile, keeper: PhotoFile) -> Member | None:
        """Return a photo with the equal one that is beside the keeper, of one exposure with it; None without one."""
        for row in self._library.living(photo.content_hash):
            if not row.is_same_file(photo) and self.is_one_exposure(row, keeper):
                return Member(photo=photo, keeper=row)
        return None


def _is_other_time(one: Metadata, other: Metadata) -> bool:
    first, second = _seconds(one.captured_at), _seconds(other.captured_at)
    return first is not None and second is not None and abs(first - second) > _MOST_APART


def _seconds(captured_at: str | None) -> datetime.datetime | None:
    """Return a camera's time without its fraction and zone, which not every format keeps."""
    try:
        return datetime.datetime.fromisoformat((captured_at or "")[:_SECONDS_LENGTH])
    except ValueError:
        return None


def _is_other_camera(one: Metadata, other: Metadata) -> bool:
    """Return whether two cameras have no word in common: a RAW names the same one at greater length."""
    first, second = (set((metadata.camera or "").casefold().split()) for metadata in (one, other))
    return bool(first and second) and not first & second


def _is_wanted(member: Member, plan: Plan, judge: Judge) -> bool:
    """Return whether the rules want a member moved as they want the duplicate: what they protect stays."""
    later, earlier = sorted((member.photo, member.keeper), key=lambda file: file.id, reverse=True)
    own = judge(FileFinding(file=later, other=earlier, match=SAME_BYTES))
    if own is None or own.held is not None or own.duplicate != member.photo.path:
        return False
    return [step for step in own.steps if is_moving(step)] == [step for step in plan.steps if is_moving(step)]


def _reason(path: Path, member: Member | None) -> str:
    why = "the rules leave it where it is" if member else "no copy of it lies beside the photo that stays"
    return f"{shown(path.name)} is of the same exposure, and {why}: neither goes without the other"
