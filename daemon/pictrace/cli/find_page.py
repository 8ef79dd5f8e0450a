"""The page of `pictrace find --html`: each picture asked about beside those that are near it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Final

from pictrace.cli.finding import Block, Found, heading
from pictrace.cli.near_rows import details, likeness
from pictrace.cli.page_parts import card, head, named, text
from pictrace.errors import PhotoError, shown
from pictrace.imaging import thumbnail
from pictrace.match.wording import edit_words
from pictrace.model import Certainty
from pictrace.pipeline.moments import minute
from pictrace.pipeline.nearest import LEAD, Near
from pictrace.pipeline.search import Row

Submit = Callable[..., Future[Any]]
_LONGEST_SIDE_PIXELS: Final = 240
# A picture of that size has 10 KB or so; one that has many more is noise, and would make the page slow.
_MOST_BYTES: Final = 64 * 1024


def find_page(found: Found, submit: Submit) -> str:
    """Return the page.

    Args:
        found: what it shows.
        submit: has a worker make a picture small.
    """
    return "".join(_page(found, submit))


def _page(found: Found, submit: Submit) -> Iterator[str]:
    yield from head("PicTrace find", minute(time.time()), kind="find")
    yield "</header>\n<main>\n"
    for number, block in enumerate(found.blocks, start=1):
        cards = [_asked(block, submit), *(_row(row, submit) for row, _ in block.rows)]
        title = text(f"{number}. {heading(block)}")
        yield f'<section>\n<h2>{title}</h2>\n<div class="photos">\n{"".join(cards)}</div>\n'
        yield "</section>\n" if block.rows else "<p>Nothing known is near.</p>\n</section>\n"
    failed = "".join(f"<li>{text(f'{shown(one.url)}: {shown(one.reason)}')}</li>" for one in found.failed)
    yield f"<section>\n<h2>Cannot be looked at</h2>\n<ul>{failed}</ul></section>\n" if failed else ""
    yield "</main>\n</body>\n</html>\n"


def _asked(block: Block, submit: Submit) -> str:
    width, height = block.size_pixels
    lines = [f'<p class="name">{text(shown(block.asked.name))}</p>', f"<p>{width} × {height}</p>"]
    return card(_picture(block.asked.path, submit), "asked about", "other", lines, is_keeper=True)


def _row(row: Row, submit: Submit) -> str:
    lines = [named(row.files[0])]
    if not isinstance(row, Near) or row.verdict == LEAD:
        lines.append(f'<p class="faint">{text(details(row))}</p>')
    else:
        lines.append(f'<p class="faint">{text(row.match.certainty.value)}</p>')
        words = [edit_words(edit, row.match.direction) for edit in row.match.edits]
        lines += [f"<ul>{''.join(f'<li>{text(word)}</li>' for word in words)}</ul>"] if words else []
    lines += [f'<p class="faint">and {text(shown(file))}</p>' for file in row.files[1:]]
    return card(_picture(row.files[0], submit), f"{row.verdict} {likeness(row)}", _style(row), lines)


def _style(row: Row) -> str:
    if not isinstance(row, Near) or not row.match.relation.is_copy:
        return "other"
    return "doubt" if row.match.certainty is Certainty.SUSPECTED else "good"


def _picture(path: Path, submit: Submit) -> bytes | None:
    try:
        picture: bytes = submit(thumbnail, path, _LONGEST_SIDE_PIXELS).result()
    except PhotoError:
        return None
    return picture if len(picture) <= _MOST_BYTES else None
