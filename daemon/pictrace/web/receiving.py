"""Takes in what a server sends, within limits: headers, then bytes, unpacked as they come."""

from __future__ import annotations

import http.client
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pictrace.errors import WebError
from pictrace.imaging import sniff
from pictrace.web.limits import Limits

_CHUNK_BYTES: Final = 64 * 1024
_HTML_TYPES: Final = ("text/html", "application/xhtml+xml")
_NO_PICTURES: Final = ("text or html", "video", "ico", "psd")
# Read by ourselves: the library fails on some nonsense there, and what it decodes may hold anything.
_CHARSET: Final = re.compile(r";\s*charset\s*=\s*[\"']?([a-z0-9][a-z0-9._:-]{0,39})", re.IGNORECASE)
_GZIP_WINDOW: Final = 16 + zlib.MAX_WBITS


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What a server says it sends. ``charset``: of a page, where it says one. ``most_bytes``: the limit on it."""

    url: str
    is_page: bool
    charset: str | None
    encoding: str
    most_bytes: int


def body_of(response: http.client.HTTPResponse, url: str, limits: Limits) -> Body:
    """Return what a response holds, told by its headers.

    Raises:
        WebError: its status is not 200, it is neither picture nor page, packed in a way we do not unpack, or too large.
    """
    if response.status != http.HTTPStatus.OK:
        raise WebError(url, f"expected the answer 200, found {response.status} {response.reason}")
    kind = response.headers.get_content_type()
    is_page = kind in _HTML_TYPES
    # Without a Content-Type, Python takes it for text/plain.
    if not is_page and (not kind.startswith("image/") or kind == "image/svg+xml"):
        found = kind if "Content-Type" in response.headers else "none"
        raise WebError(url, f"expected the type of a picture or of a page, found {found}")
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip", ""):
        raise WebError(url, f"expected bytes as they are or gzip, found {encoding}")
    body = Body(
        url=url,
        is_page=is_page,
        charset=_charset(response.headers.get("Content-Type", "")),
        encoding=encoding,
        most_bytes=limits.page_bytes if is_page else limits.picture_bytes,
    )
    if response.length is not None and response.length > body.most_bytes:
        raise _too_large(body, f"{response.length} bytes announced")
    return body


def _charset(kind: str) -> str | None:
    found = _CHARSET.search(kind)
    return None if found is None else found[1].lower()


def require_short_headers(response: http.client.HTTPResponse, url: str, limits: Limits) -> None:
    """Refuse an answer with more headers than anybody needs.

    Raises:
        WebError: says how many bytes they have.
    """
    size = sum(len(name) + len(value) for name, value in response.headers.items())
    if size > limits.header_bytes:
        raise WebError(url, f"limit on headers: {limits.header_bytes} bytes, found {size}")


def pieces(response: http.client.HTTPResponse, body: Body) -> Iterator[bytes]:
    """Yield the bytes of a body, unpacked; the first piece is known to begin as its type says.

    Raises:
        WebError: it is larger than the limit, packed or unpacked, not whole, or begins otherwise.
    """
    came = 0
    for piece in _unpacked(_sent(response, body), body):
        if came == 0:
            _require_kind(piece, body)
        came += len(piece)
        if came > body.most_bytes:
            raise _too_large(body, "more")
        yield piece
    if came == 0:
        raise WebError(body.url, "expected a picture or a page, found 0 bytes")


def _sent(response: http.client.HTTPResponse, body: Body) -> Iterator[bytes]:
    announced, came = response.length, 0
    while piece := response.read(_CHUNK_BYTES):
        came += len(piece)
        if came > body.most_bytes:
            raise _too_large(body, "more")
        yield piece
    if announced is not None and came < announced:
        raise WebError(body.url, f"expected {announced} bytes, found an end after {came}")


def _unpacked(sent: Iterator[bytes], body: Body) -> Iterator[bytes]:
    """Yield what gzip holds in pieces of a limited size: a small bomb never stands in memory unpacked."""
    if body.encoding != "gzip":
        yield from sent
        return
    unpacking = zlib.decompressobj(wbits=_GZIP_WINDOW)
    try:
        for piece in sent:
            rest = piece
            while rest and not unpacking.eof:
                if unpacked := unpacking.decompress(rest, _CHUNK_BYTES):
                    yield unpacked
                rest = unpacking.unconsumed_tail
            if rest or unpacking.unused_data:
                raise WebError(body.url, "expected gzip and nothing more, found bytes behind its end")
        if last := unpacking.flush():
            yield last
    except zlib.error as error:
        raise WebError(body.url, f"expected gzip, found bytes that cannot be unpacked: {error}") from error
    if not unpacking.eof:
        raise WebError(body.url, "expected whole gzip, found its end missing")


def _require_kind(first: bytes, body: Body) -> None:
    kind = sniff(first)
    if body.is_page:
        if not first.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
            raise WebError(body.url, f"expected a page, as its type says, found first bytes {first[:8].hex(' ')}")
    elif kind is None or kind in _NO_PICTURES:
        found = kind or f"first bytes {first[:8].hex(' ')}"
        raise WebError(body.url, f"expected a picture, as its type says, found {found}")


def _too_large(body: Body, found: str) -> WebError:
    what = "a page" if body.is_page else "a picture"
    return WebError(body.url, f"limit on the size of {what}: {body.most_bytes} bytes, found {found}")
