"""Tells the service manager how the daemon is; without one, does nothing."""

from __future__ import annotations

import time
from collections.abc import Mapping

import sdnotify


class Notifier:
    """The sd_notify protocol of systemd.

    A message that cannot be sent is dropped: a service manager that does not listen is no reason to stop watching.

    Args:
        environ: ``NOTIFY_SOCKET`` says that a service manager listens. Its address is read by sdnotify from the
            environment of the process, so hand in ``os.environ`` or nothing.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        # Made only where there is a socket: without one sdnotify leaks the socket that it could not connect.
        self._notifier = sdnotify.SystemdNotifier() if environ.get("NOTIFY_SOCKET") else None

    def ready(self) -> None:
        """Say that the daemon is up, or done with a reload."""
        self._send("READY=1")

    def reloading(self) -> None:
        """Say that the config is being read again; `ready` ends this state."""
        microseconds = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1_000
        self._send(f"RELOADING=1\nMONOTONIC_USEC={microseconds}")

    def stopping(self) -> None:
        """Say that the daemon ends."""
        self._send("STOPPING=1")

    def status(self, text: str) -> None:
        """Say in one line how it stands; ``systemctl status`` shows it."""
        self._send(f"STATUS={' '.join(text.split())}")

    def watchdog(self) -> None:
        """Say that every thread lives; unsaid for ``WatchdogSec=``, the service is restarted."""
        self._send("WATCHDOG=1")

    def _send(self, text: str) -> None:
        if self._notifier is not None:
            # sdnotify encodes as Latin-1 and drops what does not fit; this makes the bytes on the wire UTF-8.
            self._notifier.notify(text.encode("utf-8", "backslashreplace").decode("latin-1"))
