"""What the commands that measure methods share: their options, what they say above a table, and where it all goes."""

from __future__ import annotations

import json as json_text
import os
import platform
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from pictrace import __version__
from pictrace.bench.running import Tell
from pictrace.cli.interrupting import interruptible
from pictrace.cli.options import Common
from pictrace.cli.output import Output
from pictrace.cli.pictures import require_free, watched_folders, write_new
from pictrace.cli.progress import ScanProgress
from pictrace.cli.sheet import Sheet
from pictrace.errors import shown
from pictrace.pipeline.moments import today

Json = dict[str, Any]

MethodNamesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--methods", metavar="NAME,…", help="Their names with commas, pictrace among them, or all; all where left out."
    ),
]
MarkdownOption = Annotated[bool, typer.Option("--markdown", help="Print the table as Markdown.")]
OutOption = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Write what --json prints into this new .jsonl file.")
]
PlotOption = Annotated[
    Path | None, typer.Option("--plot", metavar="FILE", help="Draw it into this new PNG; needs matplotlib.")
]
LimitOption = Annotated[int, typer.Option("--limit", min=2, help="As many photos at most: a choice, always the same.")]

_OUT_SUFFIX: Final = ".jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Where what was measured goes: the terminal, as a table, Markdown or JSON; a file of JSON lines; a drawing."""

    output: Output
    is_markdown: bool
    out: Path | None
    plot: Path | None

    def tell(self, events: Sequence[Json], sheets: Iterable[Sheet], notes: Iterable[str]) -> None:
        """Say it all: the lines first, then the tables; and keep what is said as JSON."""
        self.say(events, sheets, notes)
        self.keep(events)

    def say(self, events: Sequence[Json], sheets: Iterable[Sheet], notes: Iterable[str]) -> None:
        """Say it all on the terminal: the lines first, then the tables."""
        if self.output.as_json:
            for event in events:
                self.output.json(event)
        for note in notes:
            self.output.line(note)
        for sheet in sheets:
            self.output.line()
            # Markdown is for a file: no terminal may break its lines.
            is_plain = not self.output.console.is_terminal
            self.output.line(sheet.markdown() if self.is_markdown else sheet.table(is_plain=is_plain))

    def keep(self, events: Iterable[Json]) -> None:
        """Store objects in the file of JSON lines, where one was asked for."""
        if self.out is not None:
            write_new(self.out, "".join(json_text.dumps(event) + "\n" for event in events).encode())

    def draw(self, png: bytes) -> None:
        """Store a drawing."""
        if self.plot is not None:
            write_new(self.plot, png)


def told(common: Common, *, markdown: bool = False, out: Path | None = None, plot: Path | None = None) -> Told:
    """Return where it goes, looked at before hours of work.

    Raises:
        UsageError: a file cannot be written there.
    """
    folders = [] if out is None and plot is None else watched_folders(common.load())
    return Told(
        output=Output(as_json=common.json),
        is_markdown=markdown,
        out=None if out is None else require_free(out, folders, suffix=_OUT_SUFFIX),
        plot=None if plot is None else require_free(plot, folders),
    )


@contextmanager
def measuring(*, quiet: bool, unit: str = "pairs") -> Iterator[Tell]:
    """Give what shows on stderr how far it is, and let SIGTERM end it as Ctrl-C does."""
    with interruptible(), ScanProgress(quiet=quiet, doing="measuring", unit=unit) as progress:
        yield progress.update


def heading(words: Sequence[str] | None = None) -> str:
    """Return when, how and where something was measured."""
    command = " ".join(["pictrace", *map(shown, sys.argv[1:] if words is None else words)])
    place = f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}"
    return f"{today()}, `{command}`, PicTrace {__version__}, {place}."
