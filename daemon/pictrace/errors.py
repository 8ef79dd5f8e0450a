"""Everything PicTrace raises on purpose.

::

    PicTraceError
    ├── PhotoError              trouble with one file: recorded, the daemon goes on
    │   ├── UnreadableError     the file could not be opened or read
    │   ├── ChangedError        the file changed while it was read
    │   └── UndecodableError    the bytes are no picture we can decode
    │       └── OutOfMemoryError    they may be one: decoding them takes more memory than a worker may use
    ├── NetworkError            the file of a neural network cannot be used; nothing about a photo is said
    ├── ActError                one planned change cannot be made; nothing was changed
    ├── WebError                what a URL names was not fetched, or is no picture
    └── StopError               trouble that stops us; ``exit_code`` says how
        ├── UsageError          2: the command line asks for what cannot be done
        ├── BusyError           75: locked by another PicTrace, or a root is away
        ├── StoreError          75: the state folder cannot be used now
        └── ConfigError         78: the config or a rule is wrong; carries file, line, column
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Final

_MOST_WORDS: Final = 600


class PicTraceError(Exception):
    """The root of all errors that PicTrace raises on purpose."""


class PhotoError(PicTraceError):
    """Trouble with one file: it is recorded, and the daemon goes on.

    Args:
        path: the file.
        reason: what was expected and what was found, in one line.
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return f"{shown(self.path)}: {self.reason}"


class UnreadableError(PhotoError):
    """The file could not be opened or read."""


class ChangedError(PhotoError):
    """The file changed while it was read; it has to settle again."""


class UndecodableError(PhotoError):
    """The bytes are no picture we can decode."""


class OutOfMemoryError(UndecodableError):
    """Decoding takes more memory than a worker may use; the bytes may be whole."""


class NetworkError(PicTraceError):
    """The file of a neural network cannot be used.

    Args:
        path: the model.
        reason: what was expected and what was found, in one line.
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return f"{shown(self.path)}: {self.reason}"


class ActError(PicTraceError):
    """One planned change cannot be made; nothing was changed.

    ``errno`` is the operating system's number where there is one.
    """

    def __init__(self, message: str, *, errno: int | None = None) -> None:
        super().__init__(message)
        self.errno = errno


class WebError(PicTraceError):
    """What a URL names was not fetched, or is no picture.

    Args:
        url: as it was asked for.
        reason: the limit or what was expected, and what was found, in one line.
    """

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason)
        self.url = url
        # A server may have put 64 KB of its own into it.
        self.reason = reason if len(reason) <= _MOST_WORDS else reason[:_MOST_WORDS] + "…"

    def __str__(self) -> str:
        return f"{shown(self.url)}: {shown(self.reason)}"


class StopError(PicTraceError):
    """Trouble that stops us; the message says what to do about it."""

    exit_code: ClassVar[int] = 2


class UsageError(StopError):
    """The command line asks for what cannot be done."""

    exit_code = 2


class BusyError(StopError):
    """Locked by another PicTrace, or a root is away: try again later."""

    exit_code = 75


class StoreError(StopError):
    """The state folder cannot be used now."""

    exit_code = 75


class ConfigError(StopError):
    """The config or a rule is wrong.

    Args:
        message: what was expected, what was found, and the known names.
        file: where it stands; None for a value from the command line.
        line, column: counted from 1; None where the file as a whole is meant.
    """

    exit_code = 78

    def __init__(
        self, message: str, *, file: Path | None = None, line: int | None = None, column: int | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.line = line
        self.column = column

    def __str__(self) -> str:
        place = [] if self.file is None else [shown(self.file)]
        place += [str(number) for number in (self.line, self.column) if number is not None]
        return ": ".join([":".join(place), self.message]) if place else self.message


def shown(path: Path | str) -> str:
    r"""Return a file name as it may be printed: control characters and broken bytes escaped.

    A name is data from a stranger: a newline or an escape sequence in it must not write a log line of its own.
    """
    text = str(path)
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)
