"""Messages outside: never waited for, never too many, and never with an address in the log."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from pictrace.config import Channels, load_config
from pictrace.errors import ConfigError
from pictrace.pipeline.messages import Messenger, make_senders


class Recorder:
    """A way outside that keeps what it is given; it may hang, refuse or break."""

    name = "recorder"

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.may_go = threading.Event()
        self.may_go.set()
        self.error: Exception | None = None
        self.answer = True

    def send(self, text: str) -> bool:
        self.may_go.wait(60)
        if self.error is not None:
            raise self.error
        self.sent.append(text)
        return self.answer


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    recorder = Recorder()
    yield recorder
    recorder.may_go.set()


def test_messages_go_in_their_order(recorder) -> None:
    messenger = Messenger([recorder], most_per_hour=10, monotonic=Clock())

    for number in range(5):
        messenger.announce(f"message {number}")
    messenger.close(60)

    assert recorder.sent == [f"message {number}" for number in range(5)]


def test_who_announces_does_not_wait(recorder) -> None:
    recorder.may_go.clear()
    messenger = Messenger([recorder], most_per_hour=1000, monotonic=Clock())

    for number in range(500):
        messenger.announce(f"message {number}")
    messenger.close(0.01)

    assert recorder.sent == []  # it hangs still, and we are here


def test_what_is_too_much_for_an_hour_is_counted_and_told_in_the_next(recorder) -> None:
    clock = Clock()
    messenger = Messenger([recorder], most_per_hour=2, monotonic=clock)
    for number in range(5):
        messenger.announce(f"message {number}")
    clock.now += 3600
    messenger.announce("the next hour")
    messenger.announce("and one more")
    messenger.close(60)

    assert recorder.sent == [
        "message 0",
        "message 1",
        "the next hour (and 3 before it that were not sent)",
        "and one more",
    ]


def test_the_hour_slides(recorder) -> None:
    clock = Clock()
    messenger = Messenger([recorder], most_per_hour=1, monotonic=clock)
    for _ in range(3):
        messenger.announce("now")
        clock.now += 1800
    messenger.close(60)

    assert len(recorder.sent) == 2


@pytest.mark.parametrize("failure", ["refused", "broken"])
def test_what_could_not_be_sent_is_logged_without_the_address(recorder, caplog, failure) -> None:
    if failure == "refused":
        recorder.answer = False
    else:
        recorder.error = OSError("https://user:secret@example.com is away")
    messenger = Messenger([recorder], most_per_hour=10, monotonic=Clock())

    messenger.announce("hello")
    messenger.announce("again")
    messenger.close(60)

    assert sum("could not be sent by recorder" in record.getMessage() for record in caplog.records) == 2
    assert "secret" not in caplog.text


def test_another_config_neither_forgets_what_was_sent_this_hour_nor_loses_what_waits(recorder) -> None:
    recorder.may_go.clear()
    messenger = Messenger([recorder], most_per_hour=3, monotonic=Clock())
    later = Recorder()
    messenger.announce("first")
    messenger.announce("second")

    messenger.adopt([later], most_per_hour=3)  # returns, though the first hangs still
    messenger.announce("third")
    messenger.announce("one too many")
    recorder.may_go.set()
    messenger.close(60)

    assert (recorder.sent, later.sent) == (["first", "second"], ["third"])


def test_closing_waits_no_longer_than_its_patience_where_much_waits(recorder) -> None:
    recorder.may_go.clear()
    messenger = Messenger([recorder], most_per_hour=1000, monotonic=Clock())
    for number in range(500):
        messenger.announce(f"message {number}")
    began = time.monotonic()

    messenger.close(0.5)

    assert 0.5 <= time.monotonic() - began < 1


def test_without_channels_no_thread_is_started(recorder) -> None:
    before = threading.active_count()
    messenger = Messenger(make_senders(Channels()), most_per_hour=1, monotonic=Clock())

    messenger.announce("hello")

    assert threading.active_count() == before
    messenger.close()


def test_a_webhook_is_called(monkeypatch, caplog) -> None:
    pytest.importorskip("apprise", reason="apprise is not installed: pip install 'pictrace[notify]'")
    caplog.set_level(logging.DEBUG)
    got: list[dict] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"json://user:secret@127.0.0.1:{server.server_port}/hook"
        messenger = Messenger(make_senders(Channels(urls=(url,))), most_per_hour=10, monotonic=Clock())
        messenger.announce("a copy landed")
        messenger.close(60)
        server.shutdown()

    assert [(one["title"], one["message"]) for one in got] == [("PicTrace", "a copy landed")]
    assert "secret" not in caplog.text
    assert not [record for record in caplog.records if record.name.startswith("apprise")], "it may name addresses"


def test_an_address_that_nobody_knows_is_refused_without_its_secrets() -> None:
    pytest.importorskip("apprise", reason="apprise is not installed: pip install 'pictrace[notify]'")

    with pytest.raises(ConfigError, match="nosuch://") as caught:
        make_senders(Channels(urls=("nosuch://user:secret@host",)))

    assert "secret" not in str(caught.value)


def test_a_missing_package_is_told_with_what_to_do(monkeypatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "apprise", None)

    with pytest.raises(ConfigError, match=r"pip install 'pictrace\[notify\]'"):
        make_senders(Channels(urls=("json://host",)))


def test_the_desktop_is_told_by_notify_send(tmp_path, monkeypatch) -> None:
    program, out = tmp_path / "notify-send", tmp_path / "out"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {out}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    messenger = Messenger(make_senders(Channels(desktop=True)), most_per_hour=10, monotonic=Clock())

    messenger.announce("-rf <b>.jpg")
    messenger.close(60)

    assert out.read_text().splitlines()[1:] == ["--", "PicTrace", "-rf &lt;b&gt;.jpg"]


def test_a_desktop_without_notify_send_is_told(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("PATH", str(Path(tmp_path)))

    with pytest.raises(ConfigError, match="libnotify-bin"):
        make_senders(Channels(desktop=True))


@pytest.mark.parametrize(("lines", "place"), [("desktop: true", "3:12"), ("urls:\n    - json://host", "4:7")])
def test_a_channel_that_cannot_be_used_is_told_with_its_place(tmp_path, monkeypatch, lines: str, place: str) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(__import__("sys").modules, "apprise", None)
    file = tmp_path / "config.yaml"
    file.write_text(f"version: 1\nnotify:\n  {lines}\n")

    with pytest.raises(ConfigError) as caught:
        make_senders(load_config(file).notify)

    assert str(caught.value).startswith(f"{file}:{place}: ")
