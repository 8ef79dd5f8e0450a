"""Gives a written sidecar its name, and looks at what had that name: what another program saved there goes back."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import stat
from collections.abc import Callable

from pictrace.act.changes.renaming import Ends, exchange_files, move_file
from pictrace.errors import ActError, shown

_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NO_FILE = b""  # no digest of any file

Digests = tuple[bytes | None, bytes | None]


class SavedError(ActError):
    """Another program saved a sidecar meanwhile; it is at its name, and nothing of ours is left."""


def digest_of(content: bytes | None) -> bytes | None:
    """Return the SHA-256 of a sidecar's content, None where there is none."""
    return None if content is None else hashlib.sha256(content).digest()


def swap_in(ends: Ends, digests: Digests, checkpoint: Callable[[str], None]) -> None:
    """Put what lies under a temporary name in place of a sidecar, or take that away, if it holds what it did.

    Args:
        ends: the temporary name, and the sidecar's.
        digests: SHA-256 of what the sidecar holds before and afterwards; None: there is none.
        checkpoint: told when the new content has its name and the old one lies under the temporary one.

    Raises:
        SavedError: the sidecar holds something else; all is as that program left it.
        ActError, OSError: it cannot be done now; `end_swap` tells what is there.
    """
    before, after = digests
    try:
        if before is None:
            move_file(ends, checkpoint)
        elif after is None:
            move_file(_turned(ends), checkpoint)
        else:
            _exchange(ends, before)
        checkpoint("sidecar exchanged")
    except (FileExistsError, FileNotFoundError) as error:
        _drop(ends, after)
        raise _saved(ends) from error
    except ActError:
        _drop(ends, after)
        raise
    if not end_swap(ends, digests):
        raise _saved(ends)


def end_swap(ends: Ends, digests: Digests) -> bool:
    """Bring a swap to an end by what is on the disk, however far it came; what is removed was read.

    Returns:
        Whether nothing of another program was found; else it is at the sidecar's name again.

    Raises:
        ActError: what is there fits nothing that PicTrace did; it stays.
        OSError: it cannot be told, or done, now.
    """
    before, after = digests
    aside, here = _digest(ends.source_folder, ends.source), _digest(ends.target_folder, ends.target)
    is_ours = aside in (before, after)
    is_half_written = after is not None and here == before  # or it could not have the old content
    if aside is not None and not is_ours and not is_half_written:
        if here != after:
            raise ActError(f"{shown(ends.source)}: is a file that PicTrace did not put there")
        _put_back(ends, after)
        return False
    if aside is not None:
        os.unlink(ends.source, dir_fd=ends.source_folder)
    os.fsync(ends.target_folder)
    return True


def _put_back(ends: Ends, ours: bytes | None) -> None:
    if ours is None:
        move_file(ends, lambda _: None)
        return
    exchange_files(ends)
    _drop(ends, ours)
    if _digest(ends.source_folder, ends.source) is not None:
        # It saved once more, over ours: the newer one is that of its name.
        exchange_files(ends)
        raise ActError(f"{shown(ends.target)}: was saved twice meanwhile; what was there between is {ends.source}")


def _exchange(ends: Ends, before: bytes) -> None:
    try:
        exchange_files(ends)
    except ActError:
        # Without that, looking and renaming are two steps; the moment between them is as short as can be.
        if _digest(ends.target_folder, ends.target) != before:
            raise _saved(ends) from None
        os.rename(ends.source, ends.target, src_dir_fd=ends.source_folder, dst_dir_fd=ends.target_folder)


def _drop(ends: Ends, ours: bytes | None) -> None:
    """Take what we wrote away from under the temporary name; what is not ours stays."""
    if ours is not None and _digest(ends.source_folder, ends.source) == ours:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(ends.source, dir_fd=ends.source_folder)


def _digest(folder: int, name: str) -> bytes | None:
    """Return the SHA-256 of a file, None where nothing has that name."""
    try:
        descriptor = os.open(name, _FILE, dir_fd=folder)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO):
            return _NO_FILE  # a link, a socket
        raise
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return _NO_FILE
        with os.fdopen(os.dup(descriptor), "rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    finally:
        os.close(descriptor)


def _turned(ends: Ends) -> Ends:
    return Ends(
        source_folder=ends.target_folder,
        source=ends.target,
        target_folder=ends.source_folder,
        target=ends.source,
    )


def _saved(ends: Ends) -> SavedError:
    return SavedError(f"{shown(ends.target)}: another program saved it meanwhile, so it stays as it is")
