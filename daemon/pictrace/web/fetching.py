"""Fetches one URL into a folder: every step of the way is checked anew."""

from __future__ import annotations

import base64
import binascii
import http.client
import itertools
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from pictrace import __version__
from pictrace.errors import WebError
from pictrace.imaging import HEAD_BYTES, sniff
from pictrace.model.names import is_photo_name
from pictrace.web.connections import (
    Connector,
    Cut,
    Deadline,
    PinnedConnection,
    Resolver,
    checked_addresses,
    connected,
    first_that_answers,
    require_elsewhere,
    resolved,
)
from pictrace.web.limits import USUAL, Limits
from pictrace.web.receiving import body_of, pieces, require_short_headers
from pictrace.web.targets import Target, target_of

# No cookies, no referrer, no credentials; bytes as they are, please.
_HEADERS: Final = {
    "User-Agent": f"PicTrace/{__version__}",
    "Accept": "image/*, text/html;q=0.9",
    "Accept-Encoding": "identity",
    "Connection": "close",
}
_REDIRECTS: Final = (301, 302, 303, 307, 308)
_SHOWN_OF_INLINE: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a URL gave. ``url``: as asked for. ``final_url``: where redirects led. ``path``: the bytes."""

    url: str
    final_url: str
    path: Path
    is_page: bool = False
    charset: str | None = None


class Web:
    """Fetches URLs into a folder that the caller takes away again; safe to use from several threads.

    Args:
        folder: where all that is fetched is written, and nothing else.
        limits: on time, size and so on.
        allow_private: whether addresses that are not public may be asked.
        resolve: gives the addresses of a host.
        connect: opens the one connection.
    """

    def __init__(
        self,
        folder: Path,
        *,
        limits: Limits = USUAL,
        allow_private: bool = False,
        resolve: Resolver = resolved,
        connect: Connector = connected,
    ) -> None:
        self.limits = limits
        self._folder = folder
        self._allow_private = allow_private
        self._resolve, self._connect = resolve, connect
        self._tls = ssl.create_default_context()
        self._deadline = Deadline(limits.all_seconds, f"{limits.all_seconds:g} s for all")
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self._bytes_left = limits.all_bytes
        self._live: set[Cut] = set()
        self._is_closed = False

    def fetch(self, url: str) -> Fetched:
        """Return what a URL names, fetched.

        Raises:
            WebError: it is not fetched; says which limit it met and what was found.
        """
        deadline = Deadline(self.limits.seconds, f"{self.limits.seconds:g} s for one URL")
        if self._deadline.left_seconds < deadline.left_seconds:
            deadline = self._deadline
        target = target_of(url)
        for _ in range(self.limits.redirects + 1):
            with self._asked(target, deadline) as response:
                require_short_headers(response, target.url, self.limits)
                place = response.headers.get("Location") if response.status in _REDIRECTS else None
                if place is None:
                    return self._kept(response, url, target)
                target = target.redirected(place)
        raise WebError(url, f"limit on redirects: {self.limits.redirects}, found more")

    def keep_inline(self, url: str) -> Fetched:
        """Return a picture that stands in a page itself, written to the folder (``data:image/png;base64,…``).

        Raises:
            WebError: it is too large, or no picture.
        """
        name = url if len(url) <= _SHOWN_OF_INLINE else url[:_SHOWN_OF_INLINE] + "…"
        if len(url) > self.limits.inline_bytes * 3:  # every byte escaped
            raise WebError(name, f"limit on a picture in the page: {self.limits.inline_bytes} bytes, found more")
        head, _, text = url.partition(",")
        content = unquote_to_bytes(text)
        if head.lower().endswith(";base64"):
            try:
                content = base64.b64decode(content + b"==")  # many leave out the padding
            except binascii.Error as error:
                raise WebError(name, f"expected base64, found {error}") from error
        if len(content) > self.limits.inline_bytes:
            raise WebError(
                name, f"limit on a picture in the page: {self.limits.inline_bytes} bytes, found {len(content)}"
            )
        if sniff(content[:HEAD_BYTES]) in (None, "text or html"):
            raise WebError(name, "expected a picture in the page, found none")
        path = self._folder / f"{next(self._numbers)}"
        try:
            path.write_bytes(content)
        except OSError as error:
            raise WebError(name, f"cannot be kept: {error.strerror}") from error
        return Fetched(url=name, final_url=name, path=path)

    def close(self) -> None:
        """End every connection that is open; whoever waits for one hears of it."""
        with self._lock:
            self._is_closed = True
            for cut in self._live:
                cut.cut()

    @contextmanager
    def _asked(self, target: Target, deadline: Deadline) -> Iterator[http.client.HTTPResponse]:
        """Yield the answer to one request; what goes wrong with the connection is told as a `WebError`."""
        addresses = checked_addresses(target, self._resolve, deadline, allow_private=self._allow_private)
        cut: Cut | None = None
        try:
            sock, address = first_that_answers(addresses, target.port, self._connect, deadline)
            with Cut(sock, deadline) as cut:
                if not self._allow_private:
                    require_elsewhere(sock, address, target)
                with self._registered(cut), closing(self._answer(target, cut, deadline)) as response:
                    yield response
                if cut.is_late:
                    raise TimeoutError
        except (OSError, http.client.HTTPException, ValueError, WebError) as error:  # ValueError: nonsense in headers
            if (cut is not None and cut.is_late) or deadline.left_seconds <= 0:
                raise WebError(target.url, f"limit on time: {deadline.limit}, found it still under way") from error
            if isinstance(error, WebError):
                raise
            raise WebError(target.url, f"cannot be fetched: {_words(error)}") from error

    def _answer(self, target: Target, cut: Cut, deadline: Deadline) -> http.client.HTTPResponse:
        cut.sock.settimeout(deadline.left_seconds or None)
        connection = PinnedConnection(target, cut.sock, self._tls)
        connection.connect()
        cut.follow(connection.sock)
        connection.greet()
        connection.putrequest("GET", target.request, skip_host=True, skip_accept_encoding=True)
        for name, value in {"Host": target.host_header, **_HEADERS}.items():
            connection.putheader(name, value)
        connection.endheaders()
        return connection.getresponse()

    @contextmanager
    def _registered(self, cut: Cut) -> Iterator[None]:
        with self._lock:
            if self._is_closed:
                raise OSError("it was given up")
            self._live.add(cut)
        try:
            yield
        finally:
            with self._lock:
                self._live.discard(cut)

    def _kept(self, response: http.client.HTTPResponse, url: str, target: Target) -> Fetched:
        body = body_of(response, target.url, self.limits)
        path = self._folder / f"{next(self._numbers)}{_suffix(target)}"
        with path.open("xb") as stream:
            for piece in pieces(response, body):
                self._take(len(piece), target)
                stream.write(piece)
        return Fetched(url=url, final_url=target.url, path=path, is_page=body.is_page, charset=body.charset)

    def _take(self, size_bytes: int, target: Target) -> None:
        with self._lock:
            self._bytes_left -= size_bytes
            if self._bytes_left < 0:
                raise WebError(target.url, f"limit on all pictures together: {self.limits.all_bytes} bytes, found more")


def _suffix(target: Target) -> str:
    """Return the ending of the name in a URL where it is a picture's: RAW formats are told apart by it."""
    name = PurePosixPath(unquote(urlsplit(target.url).path)).name
    suffix = PurePosixPath(name).suffix
    return suffix.lower() if is_photo_name(name) and suffix.isascii() and suffix[1:].isalnum() else ""


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__
