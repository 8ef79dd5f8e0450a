"""The pictures that a question is about: a file, what a URL names, or the pictures on the page that it names."""

from __future__ import annotations

import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Final

from pictrace.errors import PhotoError, WebError
from pictrace.fingerprint import WorkerPool
from pictrace.web.fetching import Fetched, Web
from pictrace.web.page import picture_urls
from pictrace.web.targets import is_url
from pictrace.web.visiting import Visited, visit

__all__ = ["Asked", "Question", "is_url", "question_at"]

_ENDING: Final = (signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A picture that is asked about. ``name``: the file or the URL, as it is told. ``path``: its bytes.

    ``is_fetched``: it came from the web, and ``path`` is nothing that a person knows.
    """

    name: str
    path: Path
    is_fetched: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked. ``page``: the URL of a page whose pictures these are. ``failed``: those that were not fetched."""

    pictures: tuple[Asked, ...]
    page: str | None = None
    failed: tuple[WebError, ...] = ()


@contextmanager
def question_at(url: str, pool: WorkerPool, *, allow_private: bool) -> Iterator[Question]:
    """Yield what a URL names, fetched into a private folder that is gone afterwards, however it ends.

    Args:
        url: of a picture or a page.
        pool: reads the page, in a worker process.
        allow_private: whether addresses that are not public may be asked.

    Raises:
        WebError: it is not fetched, or shows no picture; says which limit it met and what was found.
    """

    def urls_on(page: Fetched, most: int) -> list[str]:
        try:
            found: list[str] = pool.submit(picture_urls, page.path, page.final_url, page.charset, most).result()
        except PhotoError as error:  # told by its URL, and not by where it was kept
            raise WebError(page.final_url, f"the page cannot be read: {error.reason}") from error
        return found

    # Hidden, so that a search in the folder that holds it passes it over.
    with _ended_in_order(), tempfile.TemporaryDirectory(prefix=".pictrace-find-") as folder:
        web = Web(Path(folder), allow_private=allow_private)
        yield _question(url, visit(web, url, urls_on))


def _question(url: str, visited: Visited) -> Question:
    return Question(
        pictures=tuple(Asked(name=one.url, path=one.path, is_fetched=True) for one in visited.pictures),
        page=url if visited.is_page else None,
        failed=visited.failed,
    )


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """Have SIGTERM and SIGHUP end the command as Ctrl-C does: what is to be taken away is."""

    def end(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, end) for number in _ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
