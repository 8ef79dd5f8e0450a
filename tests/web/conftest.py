"""A web server on loopback with every bad habit, and names that lead to it."""

from __future__ import annotations

import functools
import gzip
import http.server
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from ..conftest import draw_photo  # type: ignore[import-not-found]  # noqa: TID252 – of the folder above

Handler = Callable[[http.server.BaseHTTPRequestHandler], None]


@functools.cache
def jpeg(seed: int = 0, size: tuple[int, int] = (320, 240)) -> bytes:
    """Return a drawn photograph as a JPEG."""
    buffer = BytesIO()
    draw_photo(seed, *size).save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


def sent(content: bytes, kind: str = "image/jpeg", **headers: str) -> Handler:
    """Return what answers a request with some bytes."""

    def answer(request: http.server.BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Type", kind)
        if "Transfer_Encoding" not in headers:
            request.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(content)

    return answer


def moved(place: str, status: int = 302) -> Handler:
    """Return what sends whoever asks to another place."""

    def answer(request: http.server.BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("Location", place)
        request.send_header("Content-Length", "0")
        request.end_headers()

    return answer


@dataclass
class Site:
    """A server: what it answers by path, and the requests that came, each with its headers."""

    pages: dict[str, Handler] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


@pytest.fixture
def site() -> Iterator[Site]:
    """Return a server on loopback that answers what a test puts into its ``pages``."""
    with serving() as found:
        yield found


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    site = Site()

    class _Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.asked.append((self.path, dict(self.headers.items())))
            self.close_connection = True
            try:
                site.pages.get(self.path.partition("?")[0], _nothing)(self)
            except OSError:  # the other side had enough
                return

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    site.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield site
    finally:
        site.stopping.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _nothing(request: http.server.BaseHTTPRequestHandler) -> None:
    request.send_error(404)


@dataclass
class Names:
    """A resolver that knows some names, and a connector that leads every address to one port on loopback.

    Each asking for a name takes its next answer; the last one stays. ``connected``: the addresses that were asked for.
    """

    answers: Mapping[str, Sequence[Sequence[str]]]
    looked_up: list[str] = field(default_factory=list)
    connected: list[str] = field(default_factory=list)

    def resolve(self, host: str, _: int) -> list[str]:
        self.looked_up.append(host)
        known = self.answers[host]
        return list(known[min(self.looked_up.count(host), len(known)) - 1])

    def connect(self, address: str, port: int, seconds: float) -> socket.socket:
        self.connected.append(address)
        return socket.create_connection(("127.0.0.1", port), timeout=seconds)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Return the folder for what is fetched."""
    folder = tmp_path / "kept"
    folder.mkdir()
    return folder


def packed(content: bytes) -> bytes:
    """Return bytes as gzip."""
    return gzip.compress(content, mtime=0)


def slowly(content: bytes, stopping: threading.Event, *, seconds: float) -> Handler:
    """Return what sends one byte after the other, so many seconds apart, until the test is over."""

    def answer(request: Any) -> None:
        for number in range(len(content)):
            request.wfile.write(content[number : number + 1])
            request.wfile.flush()
            if stopping.wait(seconds):
                return

    return answer
