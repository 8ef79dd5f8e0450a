"""What a URL names: a host, a port and a path there, or why it is not fetched."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

from pictrace.errors import WebError

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_MOST_CHARACTERS: Final = 4096
_FIRST_FREE_PORT: Final = 1024
# What stands in a path or a query as it is; everything else is escaped.
_AS_IT_IS: Final = "/%:@!$&'()*+,;=~-._?[]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a request goes. ``host``: in ASCII, without brackets. ``request``: path and query, escaped."""

    url: str
    scheme: str
    host: str
    port: int
    request: str

    @property
    def host_header(self) -> str:
        """The host as the request names it, with the port where that is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    def redirected(self, location: str) -> Target:
        """Return where a redirect leads; it has to be a web address again, and may not leave https.

        Raises:
            WebError: it leads where nothing is fetched from.
        """
        with suppress(UnicodeError):
            # The library takes each byte of a header for a character; most servers mean UTF-8.
            location = location.encode("latin-1").decode("utf-8")
        try:
            target = target_of(urljoin(self.url, as_linked(location)))
        except (WebError, ValueError) as error:
            why = error.reason if isinstance(error, WebError) else "it is no URL"
            raise WebError(self.url, f"redirects to {location[:200]}: {why}") from error
        if self.scheme == "https" and target.scheme != "https":
            raise WebError(self.url, f"redirects from https to {target.url}, which anybody on the way could alter")
        return target


def as_linked(text: str) -> str:
    """Return a URL as browsers take it from a page or a header: without line breaks, its spaces escaped."""
    return re.sub(r"[\t\r\n]", "", text).strip().replace(" ", "%20")


def is_url(text: str) -> bool:
    """Return whether a word of the command line is meant as a URL and not as a file."""
    scheme, found, _ = text.partition("://")
    return bool(found) and scheme.isalpha()


def target_of(url: str) -> Target:
    """Return where a URL points.

    Raises:
        WebError: it is not http or https, holds a user name, names a port of another service, or is none at all.
    """
    if len(url) > _MOST_CHARACTERS:
        raise WebError(url[:80] + "…", f"limit on a URL: {_MOST_CHARACTERS} characters, found {len(url)}")
    if "\\" in url or not url.isprintable() or any(char.isspace() for char in url):
        raise WebError(url, "expected a URL, found a space, a backslash or a character that cannot be printed in it")
    try:
        parts = urlsplit(url)
        port = parts.port
        host = _ascii(parts.hostname or "")
    except (ValueError, UnicodeError) as error:
        raise WebError(url, f"expected a URL, found: {error}") from error
    if parts.scheme not in _DEFAULT_PORTS:
        raise WebError(url, f"expected http or https, found {parts.scheme or 'no scheme'}")
    if "@" in parts.netloc:
        raise WebError(url, "expected no user name or password in it, found one")
    if not host:
        raise WebError(url, "expected a host, found none")
    if port is None:
        port = _DEFAULT_PORTS[parts.scheme]
    if port < _FIRST_FREE_PORT and port not in _DEFAULT_PORTS.values():
        raise WebError(url, f"expected port 80, 443, or {_FIRST_FREE_PORT} and up, found {port}")
    path, query = (quote(part, safe=_AS_IT_IS) for part in (parts.path or "/", parts.query))
    request = f"{path}?{query}" if query else path
    bare = parts._replace(fragment="").geturl()
    return Target(url=bare, scheme=parts.scheme, host=host, port=port, request=request)


def _ascii(host: str) -> str:
    return host if host.isascii() else host.encode("idna").decode("ascii")
