"""Which mount a path lies on, read from the kernel's own table."""

from __future__ import annotations

import re
import select
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from pictrace.patience import real_path

_TABLE: Final = Path("/proc/self/mountinfo")
# The kernel tells nobody here what another machine, or a FUSE program, changed.
_REMOTE_NAMES = """
    nfs nfs4 cifs smb3 smbfs 9p afs beegfs ceph coda davfs davfs2 gfs2 glusterfs gpfs lustre ncpfs ocfs2 orangefs
    prl_fs sshfs vboxsf virtiofs vmhgfs
"""
_REMOTE = frozenset(_REMOTE_NAMES.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """A mount: where it is, which file system, whether others change it unseen, whether it can be written.

    ``source`` is what the kernel calls that which is mounted: a device, or ``nas:/photos``. ``device`` is the number
    of the file system, by which two mounts of one are told.
    """

    point: Path
    device: str
    filesystem: str
    source: str
    is_remote: bool
    is_readonly: bool


def mount_of(path: Path) -> Mount:
    """Return the mount that holds a path."""
    real = real_path(path)
    found = Mount(point=Path("/"), device="", filesystem="unknown", source="", is_remote=False, is_readonly=False)
    for line in _mount_lines():
        mount = parse_line(line)
        # Later lines lie on top of earlier ones at the same point.
        if real.is_relative_to(mount.point) and len(mount.point.parts) >= len(found.point.parts):
            found = mount
    return found


def mounts_below(top: Path) -> frozenset[Path]:
    """Return what is mounted inside a folder, bind mounts of its own file system too: those `st_dev` does not tell."""
    real = real_path(top)
    points = (parse_line(line).point for line in _mount_lines())
    return frozenset(top / point.relative_to(real) for point in points if point != real and point.is_relative_to(real))


class MountTable:
    """Tells that something was mounted or unmounted since one last asked."""

    def __init__(self) -> None:
        self._poll = select.poll()
        try:
            self._file: BinaryIO | None = _TABLE.open("rb", buffering=0)
        except OSError:
            self._file = None
            return
        self._poll.register(self._file, select.POLLPRI)

    def has_changed(self) -> bool:
        """Return whether the table changed; True where the kernel does not tell."""
        return self._file is None or bool(self._poll.poll(0))

    def close(self) -> None:
        """Close the table."""
        if self._file is not None:
            self._file.close()


def _mount_lines() -> list[str]:
    try:
        return _TABLE.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return []


def parse_line(line: str) -> Mount:
    """Return a line of mountinfo, see proc(5): mount point and options before the `` - ``, type and options after."""
    before, _, after = line.partition(" - ")
    fields = before.split()
    kind, source, options = [*after.split(), "", "", ""][:3]
    is_fuse = kind == "fuse" or kind.startswith("fuse.")
    return Mount(
        point=Path(_unescaped(fields[4])),
        device=fields[2],
        filesystem=kind,
        source=_unescaped(source),
        is_remote=kind in _REMOTE or is_fuse,
        is_readonly="ro" in fields[5].split(",") or "ro" in options.split(","),
    )


def _unescaped(field: str) -> str:
    return re.sub(r"\\(\d{3})", lambda found: chr(int(found.group(1), 8)), field)
