"""Where results go: lines for people, or one JSON object a line."""

from __future__ import annotations

import json
import os
import sys
from typing import Any, Final

from rich.console import Console

from pictrace.cli.show import describe_event
from pictrace.pipeline.events import Event

_PIPE_COLUMNS: Final = 160


def stdout_console() -> Console:
    """Return the console for results; markup in file names is never obeyed."""
    # A file or a pipe has no width: what a table tells must not be cut for want of it.
    has_width = sys.stdout.isatty() or "COLUMNS" in os.environ
    return Console(markup=False, highlight=False, soft_wrap=True, width=None if has_width else _PIPE_COLUMNS)


class Output:
    """Writes events to stdout, as text or as JSON lines."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.console = stdout_console()

    def event(self, event: Event) -> None:
        """Write one event."""
        if self.as_json:
            self.json(event.to_json())
        else:
            for line in describe_event(event):
                self.console.print(line)

    def json(self, value: dict[str, Any]) -> None:
        """Write one JSON line; names that are no valid UTF-8 keep their bytes as escapes."""
        sys.stdout.write(json.dumps(value) + "\n")
        sys.stdout.flush()

    def line(self, text: object = "") -> None:
        """Write a line for people; nothing in JSON mode."""
        if not self.as_json:
            self.console.print(text)
