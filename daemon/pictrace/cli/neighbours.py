"""What `doctor` and `init` say of other programs that look after a folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pictrace.config.places import own_folder
from pictrace.errors import shown
from pictrace.watch import (
    Claim,
    Program,
    managed_in,
    marker_claim,
    neighbours_of,
    quarantine_claim,
    read_marker,
)
from pictrace.watch.syncthing import IGNORE_FILE, ignore_line, synced_tops

_ADVICE: Final = {
    Program.SYNCTHING: "what is moved out of it is deleted on your other devices as well",
    Program.NEXTCLOUD: "what is moved out of it is deleted on the server as well, which keeps it in its own trash; add "
    "`.pictrace` to the files that the client ignores, or put `quarantine:` outside",
    Program.DROPBOX: "what is moved out of it is deleted on your other devices as well; put `quarantine:` outside",
    Program.IMMICH: "its own folders are not acted in; a photo moved in an external library is a new one to it: "
    "prefer `tag`",
    Program.PHOTOPRISM: "a photo moved in its originals is missing to it until it indexes again: prefer `tag`",
    Program.DIGIKAM: "it hears of a moved photo at its next scan, and keeps its tags where the file has them: "
    "let it write sidecars",
    Program.LIGHTROOM: "a photo moved behind its back is missing in its catalog: prefer `tag`, or `role: readonly`",
    Program.APPLE_PHOTOS: "its library is never looked into; export photos to watch them",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A sentence about a folder; ``is_fine`` None: worth knowing, neither good nor bad."""

    about: str
    is_fine: bool | None
    words: str


def remarks_on(root: Path, *, may_act: bool, quarantine: Path | None) -> Iterator[Remark]:
    """Yield what is to be said of a root: who manages it, who sends it on, who else looks at it.

    Args:
        root: a folder that is there.
        may_act: its role allows acts.
        quarantine: the quarantine folder, None where it lies in the root.
    """
    managed = managed_in(root)
    if managed is not None:
        words = f"{managed.reason}. {'Write `role: readonly` for it' if may_act else 'Its role says so, too'}"
        yield Remark(about=managed.program.value, is_fine=not may_act, words=words)
    tops = synced_tops(own_folder(root))
    for top in tops:
        yield from _of_synced(root, top, quarantine_claim(root, quarantine) if may_act else None)
    said = {Program.SYNCTHING} if tops else set()
    said |= set() if managed is None else {managed.program}
    for one in neighbours_of(root):
        if one.program not in said:
            words = f"{shown(one.trace)}: {advice_on(one.program)}"
            yield Remark(about=one.program.value, is_fine=None, words=words)


def advice_on(program: Program) -> str:
    """Return what a person should know who lets PicTrace act beside a program."""
    return _ADVICE[program]


def _of_synced(root: Path, top: Path, claim: Claim | None) -> Iterator[Remark]:
    """Yield what Syncthing makes of acts in a root, and the line by which it leaves our folder alone."""
    about, line, file = Program.SYNCTHING.value, ignore_line(top, own_folder(root)), top / IGNORE_FILE
    if claim is not None:
        yield Remark(about=about, is_fine=False, words=f"{claim.reason}. Until then nothing is moved")
    elif marker_claim(root) is not None:
        words = f"`{shown(line)}` is not in {shown(file)}: so that PicTrace on another device does not take its folder "
        yield Remark(about=about, is_fine=None, words=f"{words}for this one, no marker is written here")
    else:
        words = f"`{shown(line)}` is in {shown(file)}, so quarantine and marker stay on this device"
        yield Remark(about=about, is_fine=True, words=words)
    if marker_claim(root) is not None and read_marker(root) is not None:
        words = (
            f"the marker that is in {shown(root)} already is sent: PicTrace on another device takes its folder for "
            "this one, or pauses it as another; add the line on each device, then remove that marker there"
        )
        yield Remark(about=about, is_fine=False, words=words)
    words = (
        f"{shown(top)} is synced: {advice_on(Program.SYNCTHING)}, and comes back there with `pictrace undo`; "
        f"{IGNORE_FILE} is not synced, so each device where PicTrace runs needs the line; let PicTrace act on one of "
        "them only, elsewhere `role: readonly`"
    )
    yield Remark(about=about, is_fine=None, words=words)
