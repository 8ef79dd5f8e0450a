"""Small pictures of many photos, made in the worker processes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from itertools import islice
from pathlib import Path
from typing import Final

from pictrace.config import Config
from pictrace.errors import PhotoError
from pictrace.fingerprint import WorkerPool
from pictrace.imaging import thumbnail
from pictrace.pipeline.engine import wanted_workers

log = logging.getLogger(__name__)

_LONGEST_SIDE_PIXELS: Final = 240
# A picture of that size has 10 KB or so; one that has many more is noise, and would make the page slow.
_MOST_BYTES: Final = 64 * 1024
# So many wait for a worker: a hundred thousand futures would take more memory than the pictures.
_WAITING: Final = 32


def thumbnails_of(paths: Iterable[Path], config: Config, progress: Callable[[int, int], None]) -> dict[Path, bytes]:
    """Return a small JPEG of each photo; those that cannot be read now are left out.

    Args:
        paths: the photos, in any order.
        config: how many workers there may be.
        progress: told how many are done, of how many.
    """
    wanted = list(dict.fromkeys(paths))
    found: dict[Path, bytes] = {}
    pool = WorkerPool(wanted_workers(config), memory_bytes=config.memory_bytes)
    try:
        left = iter(wanted)
        waiting = {path: pool.submit(thumbnail, path, _LONGEST_SIDE_PIXELS) for path in islice(left, _WAITING)}
        for done in range(len(wanted)):
            path = next(iter(waiting))
            picture = _picture(path, waiting.pop(path))
            if picture is not None:
                found[path] = picture
            following = next(left, None)
            if following is not None:
                waiting[following] = pool.submit(thumbnail, following, _LONGEST_SIDE_PIXELS)
            progress(done + 1, len(wanted))
    finally:
        pool.close()
    return found


def _picture(path: Path, told: Future[bytes]) -> bytes | None:
    try:
        picture = told.result()
    except PhotoError as problem:
        log.info("not shown: %s", problem)
        return None
    if len(picture) > _MOST_BYTES:
        log.info("not shown: a small picture of %s has %d bytes", path, len(picture))
        return None
    return picture
