"""Fetches what a URL names, and where that is a page, the pictures on it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from pictrace.errors import WebError
from pictrace.web.fetching import Fetched, Web

# Gives the URLs of the pictures on a fetched page, those to be fetched first in front.
PictureUrls = Callable[[Fetched, int], list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited:
    """What a URL came to. ``is_page``: whether it named a page. ``failed``: pictures of it that were not fetched."""

    is_page: bool
    pictures: tuple[Fetched, ...]
    failed: tuple[WebError, ...] = ()


def visit(web: Web, url: str, picture_urls: PictureUrls) -> Visited:
    """Return the picture that a URL names, or the pictures on the page that it names, fetched.

    Raises:
        WebError: the URL itself is not fetched, or the page shows no picture.
    """
    first = web.fetch(url)
    if not first.is_page:
        return Visited(is_page=False, pictures=(first,))
    urls = picture_urls(first, web.limits.pictures)
    if not urls:
        raise WebError(url, "expected a picture or a page with pictures, found a page without any")
    outcomes = _all(web, urls)
    return Visited(
        is_page=True,
        pictures=tuple(one for one in outcomes if isinstance(one, Fetched)),
        failed=tuple(one for one in outcomes if isinstance(one, WebError)),
    )


def _all(web: Web, urls: list[str]) -> list[Fetched | WebError]:
    executor = ThreadPoolExecutor(web.limits.connections, thread_name_prefix="pictrace fetch")
    try:
        return list(executor.map(lambda url: _outcome(web, url), urls))
    except BaseException:  # Ctrl-C: connections end at once, so that the threads do
        web.close()
        raise
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _outcome(web: Web, url: str) -> Fetched | WebError:
    try:
        return web.keep_inline(url) if url[:5].lower() == "data:" else web.fetch(url)
    except WebError as problem:
        return problem
