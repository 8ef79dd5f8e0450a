"""A connection to the very address that was checked, cut off when its time is over."""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from ipaddress import IPv6Network, ip_address
from types import TracebackType
from typing import Any, Final

from pictrace.errors import WebError
from pictrace.model import CLOCK
from pictrace.patience import Asker, StalledError
from pictrace.web.addresses import why_not_public
from pictrace.web.targets import Target

# A host's addresses, in the order in which they are to be tried.
Resolver = Callable[[str, int], Sequence[str]]
# A TCP connection to an address and a port within so many seconds.
Connector = Callable[[str, int, float], socket.socket]
_SECONDS_TO_CONNECT: Final = 5.0
_MOST_ADDRESSES: Final = 4


def resolved(host: str, port: int) -> list[str]:
    """Return the addresses of a host, as the system gives them: of numbers in any writing too."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[4][0]) for address in found))


def connected(address: str, port: int, seconds: float) -> socket.socket:
    """Return a connection to an address; nothing is looked up."""
    return socket.create_connection((address, port), timeout=seconds)


class Deadline:
    """When all has to be done.

    Args:
        seconds: from now on.
        limit: said in the message where the time is over.
    """

    def __init__(self, seconds: float, limit: str) -> None:
        self._end = CLOCK.monotonic() + seconds
        self.limit = limit

    @property
    def left_seconds(self) -> float:
        """The seconds that are left, 0 where the time is over."""
        return max(0.0, self._end - CLOCK.monotonic())


class Cut:
    """Ends a connection when its time is over, however slowly bytes drip in, or when somebody says so."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self.sock = sock
        self.is_late = False
        self._is_cut = False
        self._timer = threading.Timer(deadline.left_seconds, self._late)
        self._timer.daemon = True

    def __enter__(self) -> Cut:
        """Start the clock."""
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it, and close the connection."""
        self._timer.cancel()
        self.sock.close()

    def cut(self) -> None:
        """End the connection; whoever waits for its bytes gets an end or an error."""
        self._is_cut = True
        try:
            # Of the socket itself: what TLS has to say at the end would wait for the other side.
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)
        except OSError:
            return  # it is over already

    def follow(self, sock: socket.socket) -> None:
        """Watch over another socket of this connection: TLS puts one in the place of the first."""
        self.sock = sock
        if self._is_cut:  # in that very moment
            self.cut()

    def _late(self) -> None:
        self.is_late = True
        self.cut()


def checked_addresses(target: Target, resolve: Resolver, deadline: Deadline, *, allow_private: bool) -> list[str]:
    """Return the addresses that a target may be fetched from.

    Raises:
        WebError: it has none, or one of them is not public.
    """
    try:
        asker = Asker(target.host, patience_seconds=deadline.left_seconds)
        addresses = asker.ask(lambda: list(resolve(target.host, target.port)))
    except StalledError as error:
        raise WebError(target.url, f"limit on time: {deadline.limit}, its address was not told") from error
    except (OSError, UnicodeError) as error:
        raise WebError(target.url, f"the address of {target.host} cannot be found: {error}") from error
    if not addresses:
        raise WebError(target.url, f"{target.host} has no address")
    for address in addresses:
        what = None if allow_private else _not_public(address)
        if what is not None:
            raise not_public(target, address, what)
    return addresses[:_MOST_ADDRESSES]


def not_public(target: Target, address: str, what: str) -> WebError:
    """Return the error for an address that is not asked."""
    return WebError(
        target.url,
        f"expected a public address, found {address} ({what}); --allow-private fetches from there all the same",
    )


def _not_public(address: str) -> str | None:
    try:
        return why_not_public(address)
    except ValueError:
        return "no address"


def first_that_answers(
    addresses: Sequence[str], port: int, connect: Connector, deadline: Deadline
) -> tuple[socket.socket, str]:
    """Return a connection to the first address that takes one, and which that is.

    Raises:
        OSError: none does.
    """
    problem: OSError = TimeoutError("no time is left")
    for address in addresses:
        seconds = min(_SECONDS_TO_CONNECT, deadline.left_seconds)
        if seconds <= 0:
            break
        try:
            return connect(address, port, seconds), address
        except OSError as error:
            problem = error
    raise problem


def require_elsewhere(sock: socket.socket, address: str, target: Target) -> None:
    """Refuse a connection that leads to this machine, or to its network, by an address of the public internet.

    Whoever was asked once knows the address that we have there, and could lead us back to it: behind our own firewall.

    Raises:
        WebError: says what was found.
    """
    own = str(sock.getsockname()[0])
    what = None
    if address == own:
        what = "this machine's own"
    elif ":" in address and ":" in own and ip_address(address) in IPv6Network((int(ip_address(own)), 64), strict=False):
        what = "of this machine's network"
    if what is not None:
        raise not_public(target, address, what)


class _Measured(io.BufferedReader):
    """Reads so many bytes, and never all there are: of a chunk of -1 bytes, the library would read all into memory."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0:
            raise http.client.HTTPException(f"expected the size of what is sent, found {size}")
        return super().read(size)


class _Response(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **settings: Any) -> None:
        super().__init__(sock, *args, **settings)
        self.fp = _Measured(self.fp.detach())


class PinnedConnection(http.client.HTTPConnection):
    """HTTP over a connection that is there already: no name is looked up, no proxy asked.

    Args:
        target: whose host the request names.
        sock: a connection to one of its checked addresses.
        tls: speaks TLS on it for https; the certificate has to be the host's.
    """

    response_class = _Response

    def __init__(self, target: Target, sock: socket.socket, tls: ssl.SSLContext) -> None:
        super().__init__(target.host, target.port)
        self._target = target
        self._plain = sock
        self._tls = tls

    def connect(self) -> None:
        """Take the connection that is there; over https, nothing was said on it yet."""
        if self._target.scheme == "https":
            self.sock = self._tls.wrap_socket(
                self._plain, server_hostname=self._target.host, do_handshake_on_connect=False
            )
        else:
            self.sock = self._plain

    def greet(self) -> None:
        """Agree on TLS, where it is https.

        Raises:
            OSError: the certificate is not the host's, or the other side does not speak it.
        """
        if isinstance(self.sock, ssl.SSLSocket):
            self.sock.do_handshake()
