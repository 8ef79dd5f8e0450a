"""Where the config and the state lie, and which folders may not lie in which."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from pictrace.config.values import RootConfig
from pictrace.errors import shown
from pictrace.patience import real_path

SYSTEM_CONFIG = Path("/etc/pictrace/config.yaml")
OWN_FOLDER = ".pictrace"  # in each root; the only place in it that is PicTrace's own
ROOT_ID = "root-id"  # the marker file in it
QUARANTINE = "quarantine"  # the folder in it, where quarantine lies beside the photos


def find_config(explicit: Path | None, environ: Mapping[str, str]) -> Path | None:
    """Return the config file to use, None where there is none.

    A file that was asked for, by the option or by ``$PICTRACE_CONFIG``, is returned even where it is missing:
    reading it then says so, which is better than quietly using another.
    """
    asked = explicit or (Path(environ["PICTRACE_CONFIG"]) if environ.get("PICTRACE_CONFIG") else None)
    if asked is not None:
        return asked.expanduser()
    own = own_config(environ)
    places = [SYSTEM_CONFIG] if own is None else [own, SYSTEM_CONFIG]
    return next((place for place in places if _is_something(place)), None)


def own_config(environ: Mapping[str, str]) -> Path | None:
    """Return where a person's own config lies, whether it is there or not; None for a user without a home."""
    folder = _xdg(environ, "XDG_CONFIG_HOME", ".config")
    return None if folder is None else folder / "pictrace" / "config.yaml"


def default_state(environ: Mapping[str, str]) -> Path:
    """Return the state folder where the config names none: systemd's ``StateDirectory=``, else the XDG one."""
    given = environ.get("STATE_DIRECTORY", "").split(":")[0]
    if given:
        return Path(given)
    own = _xdg(environ, "XDG_STATE_HOME", ".local/state")
    return Path("/var/lib/pictrace") if own is None else own / "pictrace"


def absolute_path(text: str) -> Path:
    """Return a folder name with ``~`` expanded and ``..`` taken out, links kept.

    Raises:
        ValueError: it is not absolute, or not a path at all.
    """
    if "\0" in text:
        raise ValueError(text)
    expanded = os.path.expanduser(text)  # noqa: PTH111 – leaves an unknown ~user as it is, which is then refused
    if not os.path.isabs(expanded):  # noqa: PTH117 – as above
        raise ValueError(text)
    return Path(os.path.normpath(expanded))


def repeated_root(roots: Iterable[RootConfig]) -> RootConfig | None:
    """Return the first root that is the same folder as one before it, by name or through a link."""
    seen: set[Path] = set()
    for root in roots:
        names = {root.path, real_path(root.path)}
        if names & seen:
            return root
        seen |= names
    return None


def quarantine_clash(quarantine: Path | None, roots: Iterable[RootConfig]) -> str | None:
    """Return what speaks against a quarantine folder, None where nothing does."""
    if quarantine is None:
        return None
    place = real_path(quarantine)
    for root in roots:
        path = real_path(root.path)
        if path.is_relative_to(place):
            return f"the root {shown(root.path)} lies in the quarantine folder {shown(quarantine)}"
        if place.is_relative_to(path) and place.relative_to(path).parts[0] != OWN_FOLDER:
            return (
                f"the quarantine folder {shown(quarantine)} lies in the root {shown(root.path)}, so what is put away "
                f"would be found again; expected `beside`, or a folder outside every root"
            )
    return None


def own_folder(root: Path) -> Path:
    """Return the folder in a root that is PicTrace's own."""
    return root / OWN_FOLDER


def quarantine_beside(root: Path) -> Path:
    """Return where quarantine lies beside the photos of a root."""
    return own_folder(root) / QUARANTINE


def _xdg(environ: Mapping[str, str], name: str, below_home: str) -> Path | None:
    # The XDG specification: a relative value is to be taken as unset.
    if environ.get(name, "").startswith("/"):
        return Path(environ[name])
    return Path(environ["HOME"]) / below_home if environ.get("HOME", "").startswith("/") else None


def _is_something(path: Path) -> bool:
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True  # there, but not for us: reading it will say why
    return True
