"""What `pictrace find` found: a block of rows for each picture asked about, and how it is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from rich.text import Text

from pictrace.cli.asked import Asked, Question
from pictrace.cli.near_rows import describe_row, row_json
from pictrace.cli.output import Output
from pictrace.cli.show import counted
from pictrace.cli.thumbnails import Artist
from pictrace.errors import PhotoError, WebError, shown
from pictrace.model import Photo, Verdict
from pictrace.pipeline.search import Progress, Row, Search

_LONGEST_NAME: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The rows for one picture, with what a person said of each; ``size_pixels``: its width and height."""

    asked: Asked
    size_pixels: tuple[int, int]
    rows: tuple[tuple[Row, Verdict | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The blocks of all pictures asked about, and what went wrong with pictures of a page."""

    blocks: list[Block]
    failed: list[WebError]


def answered(search: Search, question: Question, progress: Progress) -> Found:
    """Return a block for each picture, the largest first.

    Raises:
        PhotoError: the one file asked about cannot be read.
        WebError: the one picture that a URL names cannot be.
    """
    described: list[tuple[Asked, Photo]] = []
    blocks: list[Block] = []
    failed = list(question.failed)
    for asked in question.pictures:
        with _failing(asked, question, failed):
            described.append((asked, search.described(asked.path)))
    described.sort(key=lambda one: -_area(one[1]))
    for asked, photo in described:
        with _failing(asked, question, failed):
            rows = tuple((row, search.said(row)) for row in search.rows(asked.path, photo, progress))
            blocks.append(Block(asked=asked, size_pixels=_size(photo), rows=rows))
    return Found(blocks=blocks, failed=failed)


@contextmanager
def _failing(asked: Asked, question: Question, failed: list[WebError]) -> Iterator[None]:
    """Note a picture of a page that cannot be read; tell what one URL names by that, and not by where it was kept."""
    try:
        yield
    except PhotoError as error:
        if not asked.is_fetched:
            raise
        problem = WebError(asked.name, error.reason)
        if question.page is None:
            raise problem from error
        failed.append(problem)


class Teller:
    """Writes what was found to stdout, as lines for people or as JSON.

    Args:
        output: where it goes.
        artist: draws the pictures that were found, for people.
        is_quiet: whether to leave out that there is nothing.
    """

    def __init__(self, output: Output, artist: Artist, *, is_quiet: bool) -> None:
        self._output, self._artist, self._is_quiet = output, artist, is_quiet

    def tell(self, question: Question, found: Found) -> None:
        """Write every block, then what cannot be looked at."""
        for block in found.blocks:
            if self._output.as_json:
                self._tell_json(question, block)
            else:
                self._tell_people(question, block)
        for problem in found.failed:
            if self._output.as_json:
                self._output.json({"event": "unreadable", "file": problem.url, "error": problem.reason})
            words = f"{_short(problem.url)}: {shown(problem.reason)}"
            self._output.line(Text.assemble(("unreadable  ", "red"), words))

    def _tell_json(self, question: Question, block: Block) -> None:
        if question.page is not None:
            width, height = block.size_pixels
            told = {"event": "asked", "file": block.asked.name, "page": question.page, "width": width, "height": height}
            self._output.json({**told, "rows": len(block.rows)})
        for row, said in block.rows:
            self._output.json(row_json(block.asked.name, row, said))

    def _tell_people(self, question: Question, block: Block) -> None:
        if question.page is not None:
            self._output.line(Text(heading(block), style="bold underline"))
        for row, said in block.rows:
            self._artist.draw(row.files[0])
            for line in describe_row(row, said):
                self._output.line(line)
        if not block.rows and not self._is_quiet:
            self._output.line(f"nothing known is near {_short(block.asked.name)}")


def heading(block: Block) -> str:
    """Return which picture a block is about, and how many rows it has."""
    width, height = block.size_pixels
    return f"{_short(block.asked.name)}  {width} × {height}: {counted(len(block.rows), 'row')}"


def _short(name: str) -> str:
    name = shown(name)
    return name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME] + "…"


def _size(photo: Photo) -> tuple[int, int]:
    return (0, 0) if photo.metadata is None else (photo.metadata.width_pixels, photo.metadata.height_pixels)


def _area(photo: Photo) -> int:
    width, height = _size(photo)
    return width * height
