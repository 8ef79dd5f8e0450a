"""Reads again what photos say of themselves, where an older version read less; only when it matters."""

from __future__ import annotations

import logging
from collections.abc import Generator
from typing import Any

from pictrace.errors import PhotoError
from pictrace.imaging import read_metadata
from pictrace.model import METADATA_VERSION, Metadata
from pictrace.pipeline.library import Library
from pictrace.pipeline.scheduler import Task, Until
from pictrace.store import Index

log = logging.getLogger(__name__)


def read_again(index: Index, library: Library, content_hash: bytes) -> Generator[Task | Until, Any, None]:
    """Have a photo, and those it comes from, say all that this version asks for; mostly there is nothing to do.

    A new version of the metadata has no library read at once: a photo without findings is of no interest to rules.
    """
    for wanted in index.photos.with_older_metadata(content_hash, METADATA_VERSION):
        files = library.living(wanted)
        if not files:
            continue
        try:
            metadata: Metadata = yield Task(read_metadata, (files[0].path,))
        except PhotoError as problem:
            log.warning("what it says of itself is not read again: %s", problem)
            continue
        if library.is_living(files[0]):
            index.photos.set_metadata(wanted, metadata)
