"""The systemd unit for a config, made from the shipped one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pictrace.service.unit_words import argument, mount_unit_name, word
from pictrace.shipped import shipped_path
from pictrace.watch import mount_of

UNIT_NAME = "pictrace.service"
_STATE = Path("/var/lib/pictrace")  # StateDirectory= of the shipped unit
_HOMES = (Path("/home"), Path("/root"), Path("/run/user"))  # what ProtectHome= hides
_TEMPORARY = (Path("/tmp"), Path("/var/tmp"))  # noqa: S108 – what PrivateTmp= hides
_NOT_EXECUTABLE = (Path("/srv"), Path("/var"), Path("/tmp"))  # noqa: S108 – NoExecPaths= of the shipped unit
# What a user's own service manager cannot give, or gives another meaning; names ending in * stand for all that begin
# so. Without a mount namespace the service also sees the host unmount a disk, and has no need of BindsTo=.
_SYSTEM_ONLY = (
    *("After", "RequiresMountsFor", "User", "Group", "StateDirectory*", "CacheDirectory*", "RuntimeDirectory*"),
    *("ConfigurationDirectory*", "WorkingDirectory", "Protect*", "ProcSubset", "Private*", "DevicePolicy"),
    *("ReadWritePaths", "NoExecPaths", "RemoveIPC", "CapabilityBoundingSet", "AmbientCapabilities", "KeyringMode"),
    "IPAddressDeny",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRequest:
    """For whom a unit is written, what it runs, and on which folders; all paths are absolute.

    ``roots`` are those that may be acted on; ``readonly_roots`` are only looked at and may be away (archives).
    ``state`` and ``quarantine`` are folders of one's own, None for the default places.
    """

    is_user: bool
    executable: Path
    config: Path
    roots: tuple[Path, ...]
    readonly_roots: tuple[Path, ...] = ()
    state: Path | None = None
    quarantine: Path | None = None

    @property
    def written(self) -> tuple[Path, ...]:
        """Every folder that the service has to be able to write to, its own default ones not counted.

        One that lies in another is left out: made writable on its own, a rename between the two would fail.
        """
        own = [folder for folder in (self.state, self.quarantine) if folder is not None and folder != _STATE]
        folders = [*self.roots, *own]
        return tuple(folder for folder in folders if not _is_below(folder.parent, folders))


def _mount_point(path: Path) -> Path:
    return mount_of(path).point


def render_unit(request: UnitRequest, *, mount_point: Callable[[Path], Path] = _mount_point) -> str:
    """Return the text of the unit.

    Args:
        request: what it is for.
        mount_point: says on which mount a path lies.

    Raises:
        UsageError: a path cannot stand in a unit file.
    """
    command = f"{word(request.executable)} watch --config {argument(request.config)}"
    if request.state is not None:
        command += f" --state {argument(request.state)}"
    lines = {"ExecStart": [f"ExecStart={command}"]}
    if request.is_user:
        lines["WantedBy"] = ["WantedBy=default.target"]
    else:
        points = sorted({mount_point(folder) for folder in request.written} - {Path("/")})
        lines |= _mount_lines(request, [mount_unit_name(point) for point in points])
        lines |= _folder_lines(request)
    shipped = shipped_path(UNIT_NAME).read_text(encoding="utf-8")
    return _rewritten(shipped, lines, dropped=_SYSTEM_ONLY if request.is_user else ())


def obstacles(request: UnitRequest) -> list[str]:
    """Return why the unit could not run, a sentence each; a user's own unit has none."""
    if request.is_user:
        return []
    found = []
    if _is_below(request.executable, (*_HOMES, *_NOT_EXECUTABLE)):
        found.append(f"{request.executable} lies where a system service runs nothing: install into /opt/pictrace")
    if _is_below(request.config, (*_HOMES, *_TEMPORARY)):
        found.append(f"{request.config} is hidden from a system service: put it at /etc/pictrace/config.yaml")
    found += [
        f"{folder} is hidden from a system service, which has a /tmp of its own: move it"
        for folder in (*request.written, *request.readonly_roots)
        if _is_below(folder, _TEMPORARY)
    ]
    return found


def _mount_lines(request: UnitRequest, units: list[str]) -> dict[str, list[str]]:
    """Bind the unit to the mounts that it writes to.

    A folder made writable is a mount of its own in the unit's namespace: it would outlive the host's unmounting, and
    the service would go on writing to the old disk (measured). A mount that comes back starts the service again.
    Folders that are only read follow the host by themselves.
    """
    needed = " ".join(word(folder) for folder in (*request.written, _STATE))
    bound = [line for unit in units for line in (f"BindsTo={unit}", f"After={unit}")]
    wanted = ["WantedBy=multi-user.target", *(f"WantedBy={unit}" for unit in units)]
    return {"RequiresMountsFor": [f"RequiresMountsFor={needed}", *bound], "WantedBy": wanted}


def _folder_lines(request: UnitRequest) -> dict[str, list[str]]:
    """Open the folders of the request, and nothing else."""
    open_home = [f"BindPaths={word(folder)}" for folder in request.written if _is_below(folder, _HOMES)]
    open_home += [f"BindReadOnlyPaths={word(root)}" for root in request.readonly_roots if _is_below(root, _HOMES)]
    outside = [f"ReadWritePaths={word(folder)}" for folder in request.written if not _is_below(folder, _HOMES)]
    home = ["ProtectHome=tmpfs", *open_home] if open_home else ["ProtectHome=yes"]
    return {"ReadWritePaths": outside, "ProtectHome": home}


def _rewritten(text: str, lines: Mapping[str, list[str]], *, dropped: Iterable[str]) -> str:
    """Return the shipped unit with some settings replaced and some dropped, each with the comment above it."""
    result: list[str] = []
    comments: list[str] = []
    for line in text.splitlines():
        if line.startswith("#"):
            comments.append(line)
            continue
        key = line.partition("=")[0]
        new = [] if _is_named(key, dropped) else lines.get(key, [line])
        if new and not (new == [""] and result and result[-1] == ""):
            result += [*comments, *new]
        comments.clear()
    return "\n".join(result) + "\n"


def _is_named(key: str, names: Iterable[str]) -> bool:
    return any(key.startswith(name[:-1]) if name.endswith("*") else key == name for name in names)


def _is_below(path: Path, folders: Iterable[Path]) -> bool:
    return any(path.is_relative_to(folder) for folder in folders)
