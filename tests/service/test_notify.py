"""What systemd hears, read from a socket that stands in for it."""

import gc
import socket
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pictrace.service.notify import Notifier


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """Return a socket that the Notifier made meanwhile sends to."""
    address = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(address))
        listening.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", str(address))
        yield listening


@pytest.fixture
def notifier(manager: socket.socket) -> Iterator[Notifier]:
    made = Notifier({"NOTIFY_SOCKET": "set"})
    yield made
    made._notifier.socket.close()


@pytest.mark.parametrize(
    ("say", "heard"),
    [
        (lambda one: one.ready(), b"READY=1"),
        (lambda one: one.stopping(), b"STOPPING=1"),
        (lambda one: one.watchdog(), b"WATCHDOG=1"),
        (lambda one: one.status("3 photos"), b"STATUS=3 photos"),
    ],
)
def test_each_message_is_what_systemd_expects(
    manager: socket.socket, notifier: Notifier, say: Callable[[Notifier], None], heard: bytes
) -> None:
    say(notifier)

    assert manager.recv(1000) == heard


def test_a_reload_carries_the_time_that_systemd_asks_for(manager: socket.socket, notifier: Notifier) -> None:
    notifier.reloading()

    first, second = manager.recv(1000).split(b"\n")
    assert first == b"RELOADING=1"
    name, _, microseconds = second.partition(b"=")
    assert name == b"MONOTONIC_USEC"
    assert int(microseconds) > 0


def test_a_newline_in_a_status_sends_no_second_message(manager: socket.socket, notifier: Notifier) -> None:
    notifier.status("a\nREADY=1")

    assert manager.recv(1000) == b"STATUS=a READY=1"


def test_a_status_is_sent_as_utf_8(manager: socket.socket, notifier: Notifier) -> None:
    notifier.status("Fotos für später – 写真 \udcff")

    assert manager.recv(1000) == "STATUS=Fotos für später – 写真 \\udcff".encode()


def test_without_a_manager_nothing_happens_and_nothing_leaks() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        silent = Notifier({})
        silent.ready()
        silent.status("x")
        del silent
        gc.collect()

    assert [str(warning.message) for warning in caught if warning.category is ResourceWarning] == []


def test_a_manager_that_went_away_is_no_error(manager: socket.socket, notifier: Notifier, tmp_path: Path) -> None:
    manager.close()
    (tmp_path / "notify").unlink()

    notifier.watchdog()
