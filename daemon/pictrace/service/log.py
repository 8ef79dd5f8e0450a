"""The log goes to stderr: readable on a terminal, with priorities and without colours under systemd."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TextIO

from rich.console import Console
from rich.logging import RichHandler

from pictrace.errors import shown

# syslog(3) priorities, which journald reads from a prefix on each line.
_PRIORITIES = {logging.DEBUG: 7, logging.INFO: 6, logging.WARNING: 4, logging.ERROR: 3, logging.CRITICAL: 2}


class JournalFormatter(logging.Formatter):
    """One line a record, with journald's priority before it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record, every line of it with its priority."""
        prefix = f"<{_PRIORITIES.get(record.levelno, 6)}>"
        return "\n".join(prefix + line for line in super().format(record).splitlines())


class EscapingFilter(logging.Filter):
    """Escapes control characters, so that a file's name cannot write a line of its own."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Replace the message by a printable one."""
        record.msg, record.args = shown(record.getMessage()), None
        return True


def setup(level: str, *, stream: TextIO, environ: Mapping[str, str]) -> None:
    """Send the log to a stream.

    Args:
        level: debug, info, warning or error.
        stream: stderr.
        environ: ``JOURNAL_STREAM`` is set where systemd reads the stream.
    """
    handler: logging.Handler
    if environ.get("JOURNAL_STREAM"):
        handler = logging.StreamHandler(stream)
        handler.setFormatter(JournalFormatter("%(message)s"))
    elif stream.isatty():
        handler = RichHandler(console=Console(file=stream), show_path=False, markup=False, log_time_format="%H:%M:%S")
    else:
        handler = logging.StreamHandler(stream)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    handler.addFilter(EscapingFilter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("pictrace").setLevel(level.upper())
