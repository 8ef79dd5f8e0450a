"""The log goes to stderr: readable on a terminal, with priorities and without colours under systemd."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from typing import TextIO

from pictrace.errors import shown

# syslog(3) priorities, which journald reads from a prefix on each line.
_PRIORITIES = {logging.DEBUG: 7, logging.INFO: 6, logging.WARNING: 4, logging.ERROR: 3, logging.CRITICAL: 2}
_INFO_PRIORITY = 6


class PlainFormatter(logging.Formatter):
    """A line for each record; control characters are escaped, so that a file's name cannot write a line of its own."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 – logging's name
        """Return the line, a traceback not counted."""
        return shown(super().formatMessage(record))

    def formatException(self, ei: object) -> str:  # noqa: N802 – logging's name
        """Return the traceback, with the message in it as harmless as the line."""
        return "\n".join(shown(line) for line in super().formatException(ei).splitlines())  # type: ignore[arg-type] # typeshed keeps its alias private


class JournalFormatter(PlainFormatter):
    """As `PlainFormatter`, each line with journald's priority before it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record; journald takes each line for an entry, so a traceback's lines get the prefix too."""
        prefix = f"<{_PRIORITIES.get(record.levelno, _INFO_PRIORITY)}>"
        return "\n".join(prefix + line for line in super().format(record).split("\n"))


def setup(level: str, *, stream: TextIO, environ: Mapping[str, str]) -> None:
    """Send the log to a stream; what was set up before is taken away.

    Other packages speak from warnings on, whatever the level is.

    Args:
        level: debug, info, warning or error.
        stream: stderr.
        environ: ``JOURNAL_STREAM`` names the stream that systemd reads.
    """
    handler = _handler(stream, environ)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("pictrace").setLevel(level.upper())


def is_journal(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Return whether systemd's journal reads a stream.

    ``JOURNAL_STREAM`` is inherited, also by a process whose stderr was sent elsewhere: device and inode must agree.
    """
    try:
        status = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return environ.get("JOURNAL_STREAM") == f"{status.st_dev}:{status.st_ino}"


def _handler(stream: TextIO, environ: Mapping[str, str]) -> logging.Handler:
    # No colours and no columns: a file's name can be copied from the line whole.
    line = "%(asctime)s %(levelname)s %(message)s"
    handler = logging.StreamHandler(stream)
    if is_journal(stream, environ):
        handler.setFormatter(JournalFormatter("%(message)s"))
    elif stream.isatty():
        handler.setFormatter(PlainFormatter(line, datefmt="%H:%M:%S"))
    else:
        handler.setFormatter(PlainFormatter(line))
    return handler
