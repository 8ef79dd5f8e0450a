"""Two real Syncthings on this machine's loopback that know each other and nobody else."""

from __future__ import annotations

import contextlib
import copy
import json
import os
import shutil
import socket
import subprocess
import urllib.error
import urllib.request
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

FOLDER = "photos"
_KEY = "only-on-this-machine"
# Nobody is asked for, and nobody is told: no discovery, no relay, no router, no statistics, no upgrade.
_OPTIONS = {
    "globalAnnounceEnabled": "false",
    "localAnnounceEnabled": "false",
    "relaysEnabled": "false",
    "natEnabled": "false",
    "urAccepted": "-1",
    "autoUpgradeIntervalH": "0",
    "crashReportingEnabled": "false",
    "stunKeepaliveStartS": "0",
    "startBrowser": "false",
    "reconnectionIntervalS": "1",
    "announceLANAddresses": "false",
}


@dataclass(frozen=True, kw_only=True)
class Device:
    """A Syncthing with its folder."""

    home: Path
    folder: Path
    identity: str
    listens_at: int
    asked_at: int

    def ask(self, path: str, *, method: str = "GET") -> Any:
        """Return what the program answers at its own address."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.asked_at}/rest/{path}", method=method, headers={"X-API-Key": _KEY}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def is_up(self) -> bool:
        with contextlib.suppress(OSError, urllib.error.URLError):
            return bool(self.ask("system/ping"))
        return False

    def scan(self) -> None:
        """Have the folder looked through; returns when that is done."""
        self.ask(f"db/scan?folder={FOLDER}", method="POST")

    def passes_over(self, name: str) -> bool:
        """Return whether a file that lies in the folder is not sent on, as of the last scan."""
        try:
            known = self.ask(f"db/file?folder={FOLDER}&file={name}")["local"]
        except urllib.error.HTTPError as error:
            assert error.code == 404
            error.close()
            return True
        return bool(known["ignored"] or known["deleted"])

    def is_level_with(self, other: Device) -> bool:
        """Return whether this device and the other have the same, as far as this one knows."""
        status = self.ask(f"db/status?folder={FOLDER}")
        known = self.ask(f"db/completion?folder={FOLDER}&device={other.identity}")
        return (status["state"], status["needTotalItems"], known["needItems"], known["needDeletes"]) == (
            "idle",
            0,
            0,
            0,
        )

    def is_connected(self) -> bool:
        return any(one["connected"] for one in self.ask("system/connections")["connections"].values())

    def part(self) -> None:
        """Leave the other device alone."""
        self.ask("system/pause", method="POST")

    def meet(self) -> None:
        self.ask("system/resume", method="POST")

    def names(self) -> set[str]:
        """Return the files in the folder, but for Syncthing's own."""
        found = (path.relative_to(self.folder) for path in self.folder.rglob("*") if path.is_file())
        return {
            os.fspath(path) for path in found if not path.parts[0].startswith((".stfolder", ".stignore", ".syncthing."))
        }


@contextmanager
def pair(top: Path, wait: Callable[..., None]) -> Iterator[tuple[Device, Device]]:
    """Run two devices that share a folder; tests that need them are skipped where Syncthing is not installed."""
    with _devices(top, ("one", "two"), wait) as (one, two):
        wait(lambda: one.is_connected() and two.is_connected(), "two devices that know of each other")
        yield one, two


@contextmanager
def alone(top: Path, wait: Callable[..., None]) -> Iterator[Device]:
    """Run one device; the test is skipped where Syncthing is not installed."""
    with _devices(top, ("one",), wait) as (one,):
        yield one


@contextmanager
def _devices(top: Path, names: Sequence[str], wait: Callable[..., None]) -> Iterator[list[Device]]:
    if shutil.which("syncthing") is None:
        pytest.skip("Syncthing is not installed (Debian: apt install syncthing): nothing was tried with it")
    devices = [_made(top / name) for name in names]
    with ExitStack() as stack:
        for device in devices:
            _configure(device, devices)
            stack.enter_context(_running(device))
        for device in devices:
            wait(device.is_up, f"Syncthing at {device.home}")
        yield devices


def _made(top: Path) -> Device:
    home, folder = top / "home", top / "Photos"
    folder.mkdir(parents=True)
    command = ["syncthing", "generate", f"--home={home}", "--skip-port-probing", "--no-default-folder"]
    subprocess.run(command, check=True, capture_output=True)
    done = subprocess.run(["syncthing", f"--home={home}", "--device-id"], check=True, capture_output=True, text=True)
    return Device(
        home=home, folder=folder, identity=done.stdout.strip(), listens_at=_free_port(), asked_at=_free_port()
    )


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _configure(device: Device, devices: list[Device]) -> None:
    file = device.home / "config.xml"
    tree = ET.parse(file)
    root = tree.getroot()
    options = root.find("options")
    gui = root.find("gui")
    assert options is not None
    assert gui is not None
    for name, value in {**_OPTIONS, "listenAddress": f"tcp://127.0.0.1:{device.listens_at}"}.items():
        _set(options, name, value)
    _set(gui, "address", f"127.0.0.1:{device.asked_at}")
    _set(gui, "apikey", _KEY)
    for one in root.findall("device"):
        root.remove(one)
    # Written out with all that is usual: what is left out counts as 0 here, and without conflicts an edit is lost.
    usual = root.find("defaults/folder")
    assert usual is not None
    folder = copy.deepcopy(usual)
    folder.attrib |= {"id": FOLDER, "path": str(device.folder), "fsWatcherDelayS": "1", "rescanIntervalS": "5"}
    for one in folder.findall("device"):
        folder.remove(one)
    root.append(folder)
    for one in devices:
        ET.SubElement(folder, "device", id=one.identity)
        known = ET.SubElement(root, "device", id=one.identity, name=one.home.parent.name)
        ET.SubElement(known, "address").text = f"tcp://127.0.0.1:{one.listens_at}"
    tree.write(file)


def _set(parent: ET.Element, name: str, value: str) -> None:
    found = parent.find(name)
    (ET.SubElement(parent, name) if found is None else found).text = value


@contextmanager
def _running(device: Device) -> Iterator[None]:
    command = ["syncthing", "serve", f"--home={device.home}", "--no-browser", "--no-restart", "--no-upgrade"]
    with (device.home / "log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, "STNODEFAULTFOLDER": "1"})
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
