"""Where results go: lines for people, or one JSON object a line."""

from __future__ import annotations

import json
import sys
from typing import Any, Final

from rich.console import Console

from pictrace.cli.show import describe_event
from pictrace.pipeline.events import Event

# More than any table has.
_PIPE_COLUMNS: Final = 1_000_000


def stdout_console() -> Console:
    """Return the console for results; markup in file names is never obeyed."""
    # A file or a pipe has no width, whatever COLUMNS says: what a table tells must not be cut for want of it.
    width = None if sys.stdout.isatty() else _PIPE_COLUMNS
    return Console(markup=False, highlight=False, soft_wrap=True, width=width)


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
