"""Tells the service manager how the daemon is; without one, does nothing."""

from __future__ import annotations

from collections.abc import Mapping

import sdnotify


class Notifier:
    """The sd_notify protocol: READY, STATUS, WATCHDOG, STOPPING.

    Args:
        environ: ``NOTIFY_SOCKET`` names the service manager.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._notifier = sdnotify.SystemdNotifier() if environ.get("NOTIFY_SOCKET") else None

    def ready(self) -> None:
        """Say that the daemon is up, or back from a reload."""
        self._send("READY=1")

    def reloading(self) -> None:
        """Say that the config is being read again."""
        self._send("STATUS=reading the config again")

    def stopping(self) -> None:
        """Say that the daemon ends."""
        self._send("STOPPING=1")

    def status(self, text: str) -> None:
        """Say in one line how it stands."""
        self._send(f"STATUS={' '.join(text.split())}")

    def watchdog(self) -> None:
        """Say that the daemon is healthy."""
        self._send("WATCHDOG=1")

    def _send(self, text: str) -> None:
        if self._notifier is not None:
            self._notifier.notify(text)
