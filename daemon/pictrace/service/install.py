"""Writes a systemd unit from the shipped one, for the folders of a config."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from pictrace.errors import UsageError, shown
from pictrace.shipped import shipped_path
from pictrace.watch import mount_of

_SYSTEM_UNIT = Path("/etc/systemd/system/pictrace.service")
_USER_UNIT = Path("systemd", "user", "pictrace.service")
# What an unprivileged service manager cannot give (measured: SAFETY, systemd).
_SYSTEM_ONLY = (
    "User=",
    "Group=",
    "CapabilityBoundingSet=",
    "AmbientCapabilities=",
    "Protect",
    "PrivateDevices=",
    "PrivateTmp=",
    "PrivateUsers=",
    "PrivateNetwork=",
    "DevicePolicy=",
    "ProcSubset=",
    "NoExecPaths=",
    "ReadWritePaths=",
    "RemoveIPC=",
    "IPAddressDeny=",
    "KeyringMode=",
    "RequiresMountsFor=",
    "StateDirectory",
    "CacheDirectory=",
    "RuntimeDirectory",
    "ConfigurationDirectory=",
    "WorkingDirectory=",
    "IOScheduling",
    "WantedBy=",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRequest:
    """For whom a unit is written, what it runs, and on which folders."""

    is_user: bool
    executable: Path
    config: Path
    roots: tuple[Path, ...]


def render_unit(request: UnitRequest) -> str:
    """Return the text of the unit."""
    lines = shipped_path("pictrace.service").read_text(encoding="utf-8").splitlines()
    if request.is_user:
        lines = [line for line in lines if not line.startswith(_SYSTEM_ONLY)]
    command = f"ExecStart={request.executable} watch --config {request.config}"
    lines = [command if line.startswith("ExecStart=") else line for line in lines]
    if request.is_user:
        lines.append("WantedBy=default.target")
    else:
        lines = _bound_to_roots(lines, request.roots)
    return "\n".join(lines) + "\n"


def install_unit(request: UnitRequest, *, force: bool) -> list[str]:
    """Write the unit; returns the commands to run next.

    Raises:
        UsageError: another unit is there, or it cannot be written.
    """
    path = _unit_path(request.is_user)
    text = render_unit(request)
    if path.exists() and path.read_text(encoding="utf-8") != text and not force:
        raise UsageError(f"{shown(path)} is there already and differs: look at it, then use --force")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{shown(path)} cannot be written: {error.strerror}; run it as root, or use --user") from error
    who = "--user " if request.is_user else ""
    first = "loginctl enable-linger" if request.is_user else "useradd --system --no-create-home pictrace"
    return [
        f"written: {path}",
        "next:",
        f"  {first}",
        f"  systemctl {who}daemon-reload",
        f"  systemctl {who}enable --now pictrace",
    ]


def mount_unit_name(point: Path) -> str:
    """Return the name of a mount's unit, as ``systemd-escape --path --suffix=mount`` gives it."""
    text = "/".join(point.parts[1:]) or "-"
    if text == "-":
        return "-.mount"
    escaped = []
    for number, byte in enumerate(os.fsencode(text)):
        char = chr(byte)
        if char == "/":
            escaped.append("-")
        elif byte < 128 and (char.isalnum() or (char in ":_." and not (char == "." and number == 0))):
            escaped.append(char)
        else:
            escaped.append(f"\\x{byte:02x}")
    return "".join(escaped) + ".mount"


def _bound_to_roots(lines: list[str], roots: tuple[Path, ...]) -> list[str]:
    """Bind the unit to the mounts of its roots: a unit's own mount namespace does not see the host unmount a disk."""
    mounts = sorted({mount_of(root).point for root in roots} - {Path("/")})
    result = []
    for line in lines:
        if line.startswith("RequiresMountsFor="):
            result.append(f"RequiresMountsFor={' '.join(_quoted(root) for root in roots)} /var/lib/pictrace")
            for point in mounts:
                unit = mount_unit_name(point)
                result += [f"BindsTo={unit}", f"After={unit}"]
        elif line.startswith("ReadWritePaths="):
            # One line for each folder: two folders of one file system in one line still get two mounts, and a rename
            # between them fails; quarantine therefore lies inside each root.
            result += [f"ReadWritePaths={_quoted(root)}" for root in roots if not root.is_relative_to("/home")]
        elif line.startswith("ProtectHome=") and any(root.is_relative_to("/home") for root in roots):
            result.append("ProtectHome=tmpfs")
            result += [f"BindPaths={_quoted(root)}" for root in roots if root.is_relative_to("/home")]
        else:
            result.append(line)
    return result


def _quoted(path: Path) -> str:
    text = str(path).replace("%", "%%")
    return f'"{text}"' if " " in text else text


def _unit_path(is_user: bool) -> Path:
    if not is_user:
        return _SYSTEM_UNIT
    home = os.environ.get("XDG_CONFIG_HOME")
    return (Path(home) if home else Path.home() / ".config") / _USER_UNIT
