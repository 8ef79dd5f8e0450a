"""Sends messages outside: to this machine's desktop, and to addresses that the config names. Off unless it says so."""

from __future__ import annotations

import html
import importlib
import logging
import queue
import shutil
import subprocess
import threading
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from pictrace.config import Channels, Located
from pictrace.errors import ConfigError

log = logging.getLogger(__name__)

_TITLE = "PicTrace"
_MOST_WAITING = 100
_SECONDS_PER_HOUR = 3600.0
_DESKTOP_SECONDS = 10.0


class Sender(Protocol):
    """One way outside; ``name`` may stand in the log: it holds no secret."""

    name: str

    def send(self, text: str) -> bool:
        """Send a message; returns whether it went."""


class Messenger:
    """Sends in a thread of its own: nobody waits for it, and what goes wrong there is logged, without addresses.

    One goes through all configs, so that reading a config again neither loses what waits nor forgets what was sent.

    Args:
        senders: the ways outside; none: nothing is sent, and no thread is started.
        most_per_hour: more messages are counted, and told of in the next one.
        monotonic: seconds.
    """

    def __init__(self, senders: Iterable[Sender], *, most_per_hour: int, monotonic: Callable[[], float]) -> None:
        self.adopt(senders, most_per_hour=most_per_hour)
        self._monotonic = monotonic
        self._sent_at: deque[float] = deque()
        self._unsent = 0
        self._waiting: queue.SimpleQueue[tuple[str, tuple[Sender, ...]] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def adopt(self, senders: Iterable[Sender], *, most_per_hour: int) -> None:
        """Send by other ways from now on; what waits goes by those that it was announced for."""
        self._senders = tuple(senders)
        self._most_per_hour = most_per_hour

    def announce(self, text: str) -> None:
        """Have a message sent soon; returns at once."""
        if not self._senders:
            return
        now = self._monotonic()
        while self._sent_at and now - self._sent_at[0] >= _SECONDS_PER_HOUR:
            self._sent_at.popleft()
        if len(self._sent_at) >= self._most_per_hour or self._waiting.qsize() >= _MOST_WAITING:
            self._unsent += 1
            return
        words = f"{text} (and {self._unsent} before it that were not sent)" if self._unsent else text
        self._waiting.put((words, self._senders))
        self._sent_at.append(now)
        self._unsent = 0
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="messages", daemon=True)
            self._thread.start()

    def close(self, patience_seconds: float = 5.0) -> None:
        """Let what waits be sent for so long; what does not go then is lost, and stands in the log all the same."""
        if self._unsent:
            log.warning("%d messages were not sent: more than `at-most` of the config", self._unsent)
        if self._thread is None:
            return
        self._waiting.put(None)
        self._thread.join(patience_seconds)

    def _work(self) -> None:
        while (waiting := self._waiting.get()) is not None:
            text, senders = waiting
            for sender in senders:
                try:
                    if not sender.send(text):
                        log.warning("a message could not be sent by %s", sender.name)
                except Exception as problem:  # noqa: BLE001 – a thread's top; its text may hold an address
                    log.warning("a message could not be sent by %s: %s", sender.name, type(problem).__name__)


def make_senders(channels: Channels) -> tuple[Sender, ...]:
    """Return the ways outside that a config names.

    Raises:
        ConfigError: one needs what is not installed, or an address is none; says where it stands and what to do.
    """
    senders: list[Sender] = []
    if channels.desktop:
        with _pointing_at(channels.desktop_at):
            senders.append(_Desktop())
    places = channels.urls_at or (None,) * len(channels.urls)
    for url, place in zip(channels.urls, places, strict=True):
        with _pointing_at(place):
            senders.append(_Address(_apprise(), url))
    return tuple(senders)


@contextmanager
def _pointing_at(place: Located | None) -> Iterator[None]:
    """Have a complaint say where in the config it comes from."""
    try:
        yield
    except ConfigError as problem:
        raise problem if place is None else place.error(problem.message) from problem


class _Desktop:
    """Shows messages by ``notify-send``, to whoever PicTrace runs for."""

    name = "notify-send"

    def __init__(self) -> None:
        program = shutil.which("notify-send")
        if program is None:
            raise ConfigError("`notify: {desktop: true}` needs the program notify-send (Debian: libnotify-bin)")
        self._program = program

    def send(self, text: str) -> bool:
        """Show a text; returns whether notify-send did.

        Raises:
            OSError, subprocess.TimeoutExpired: it cannot be run, or does not end.
        """
        command = [self._program, f"--app-name={_TITLE}", "--", _TITLE, html.escape(text, quote=False)]
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=_DESKTOP_SECONDS
        )
        return done.returncode == 0


class _Address:
    """Sends to one address of apprise: mail, a webhook, a messenger."""

    def __init__(self, apprise: Any, url: str) -> None:  # Any: the package, which may be missing
        self.name = url.partition("://")[0]
        self._apprise = apprise.Apprise()
        with warnings.catch_warnings():  # its first address has it load all it knows, some of it deprecated
            warnings.simplefilter("ignore")
            is_taken = self._apprise.add(url)
        if not is_taken:
            raise ConfigError(f"`notify: urls`: apprise takes no such address that begins with `{self.name}://`")

    def send(self, text: str) -> bool:
        """Send a text; returns whether the address took it."""
        return bool(self._apprise.notify(title=_TITLE, body=text))


def _apprise() -> Any:  # Any: the package has no types
    try:
        package = importlib.import_module("apprise")
    except ImportError as error:
        raise ConfigError("`notify: urls` needs the package apprise: pip install 'pictrace[notify]'") from error
    # What it logs may name addresses; whether a message went is told by us.
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    return package
