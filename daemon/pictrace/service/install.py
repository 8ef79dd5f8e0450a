"""Puts the unit where systemd finds it, and says what to run next."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from pictrace.errors import UsageError, shown
from pictrace.service.unit import UNIT_NAME, UnitRequest, obstacles, render_unit

__all__ = ["UnitRequest", "install_unit", "obstacles", "render_unit", "unit_path"]

_SYSTEM_FOLDER = Path("/etc/systemd/system")


def unit_path(environ: Mapping[str, str], *, is_user: bool) -> Path:
    """Return the file that holds the unit."""
    if not is_user:
        return _SYSTEM_FOLDER / UNIT_NAME
    given = environ.get("XDG_CONFIG_HOME", "")
    # The XDG specification: a relative value is to be taken as unset.
    config = Path(given) if given.startswith("/") else Path.home() / ".config"
    return config / "systemd" / "user" / UNIT_NAME


def install_unit(request: UnitRequest, *, force: bool, path: Path | None = None) -> list[str]:
    """Write the unit; return what was done and the commands to run next, a line each.

    Args:
        request: what the unit is for.
        force: replace a unit that differs.
        path: another place than systemd's own.

    Raises:
        UsageError: the unit could not run, another one is there, or it cannot be written; nothing was changed.
    """
    found = obstacles(request)
    if found:
        raise UsageError("; ".join(found))
    place = path or unit_path(os.environ, is_user=request.is_user)
    text = render_unit(request)
    try:
        is_written = _write(place, text, force=force)
    except OSError as error:
        advice = "" if request.is_user else "; run this as root, or use --user"
        raise UsageError(f"{shown(place)} cannot be written: {error.strerror}{advice}") from error
    return [f"{'written' if is_written else 'unchanged'}: {shown(place)}", "next:", *_next_commands(request)]


def _write(path: Path, text: str, *, force: bool) -> bool:
    """Replace the file in one step; return False where it says so already."""
    is_there = os.path.lexists(path)  # also a link to nowhere, or to /dev/null: a masked unit
    if is_there and path.is_file() and path.read_bytes() == text.encode():
        return False
    if is_there and not force:
        raise UsageError(
            f"{shown(path)} is there already and says something else: compare it with --dry-run, then use --force"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)
    return True


def _next_commands(request: UnitRequest) -> list[str]:
    if request.is_user:
        return [
            "  systemctl --user daemon-reload",
            f"  systemctl --user enable --now {UNIT_NAME}",
            "  loginctl enable-linger    # keep it running while you are logged out",
        ]
    return [
        "  id -u pictrace || useradd --system --home-dir /var/lib/pictrace --shell /usr/sbin/nologin pictrace",
        "  # give the user pictrace the right to read and write the photo folders: docs/install.md",
        "  systemctl daemon-reload",
        f"  systemctl enable --now {UNIT_NAME}",
    ]
