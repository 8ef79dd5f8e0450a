"""The options that every command takes, and what they come to."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from pictrace.config import Config, default_config, find_config, load_config, load_network, with_overrides
from pictrace.errors import UsageError, shown
from pictrace.model import Network
from pictrace.service import log as service_log
from pictrace.store.index import INDEX

ConfigOption = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="Config file; found by itself where left out.")
]
StateOption = Annotated[Path | None, typer.Option("--state", metavar="DIR", help="Folder for what PicTrace remembers.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object per line on stdout.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Say only what went wrong.")]
VerboseOption = Annotated[bool, typer.Option("--verbose", "-v", help="Say more.")]
LogLevelOption = Annotated[
    str | None, typer.Option("--log-level", help="debug, info, warning or error; over --quiet and --verbose.")
]
ActOption = Annotated[
    bool | None,
    typer.Option("--act/--dry-run", help="Do what the rules say, or only say it; over `act` in the config."),
]
MethodsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--method", metavar="NAME,…", help="Say what other methods give, too: their names with commas, or all."
    ),
]
SeedSizeOption = Annotated[
    str | None,
    typer.Option("--size", metavar="PIXELS", help="The square for seed-v0 and seed-v1: so many pixels, or auto."),
]
PartsOption = Annotated[bool, typer.Option("--parts", help="Show what ssim is made of, three parts.")]
NetworkOption = Annotated[
    Path | None, typer.Option("--network", metavar="RECIPE", help="The recipe of a network for cnn; over the config's.")
]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]

_LEAST_SEED_SIDE, _MOST_SEED_SIDE = 32, 1024
_LEVELS = ("debug", "info", "warning", "error")


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """The options that every command takes."""

    config: Path | None = None
    state: Path | None = None
    json: bool = False
    quiet: bool = False
    verbose: bool = False
    log_level: str | None = None

    def setup_log(self, *, normal: str = "warning") -> None:
        """Send the log to stderr at the level asked for; ``normal`` is the command's own."""
        if self.log_level is not None and self.log_level not in _LEVELS:
            raise UsageError(f"--log-level {self.log_level}: expected one of {', '.join(_LEVELS)}")
        level = "debug" if self.verbose else "error" if self.quiet else normal
        service_log.setup(self.log_level or level, stream=sys.stderr, environ=os.environ)

    def load(self, folders: Sequence[Path] = (), *, act: bool | None = None) -> Config:
        """Return the config that holds for this command.

        Folders on the command line replace the roots of the config; with neither there is nothing to work on, which
        is left to the caller.
        """
        found = find_config(self.config, os.environ)
        absolute = [Path(os.path.abspath(folder.expanduser())) for folder in folders]  # noqa: PTH100 – keeps links
        config = default_config(absolute) if found is None else load_config(found)
        return with_overrides(config, folders=absolute or None, state=self.state, act=act)


def require_folders(folders: Sequence[Path]) -> None:
    """Refuse what is no folder.

    Raises:
        UsageError: names the first such path and what it is instead.
    """
    for folder in folders:
        path = folder.expanduser()
        if not path.is_dir():
            found = "a file" if path.exists() else "nothing there"
            raise UsageError(f"{shown(folder)}: expected a folder, found {found}")


def require_index(state: Path) -> None:
    """Refuse a state folder that holds no index: a mistyped one would answer that nothing is known.

    Raises:
        UsageError: names the folder.
    """
    if not (state / INDEX.name).exists():
        raise UsageError(
            f"{shown(state)}: expected the index of `pictrace watch` or `pictrace scan`, found none; "
            "scan a folder first, or name another one with --state"
        )


def require_file(path: Path, *, wanted: str = "a picture") -> Path:
    """Return the absolute path of a file that is there.

    Raises:
        UsageError: it is not; says what was wanted.
    """
    found = path.expanduser()
    if not found.is_file():
        raise UsageError(f"{shown(path)}: expected {wanted}, found {'a folder' if found.is_dir() else 'no file'}")
    return named_path(path)


def named_path(path: Path) -> Path:
    """Return the absolute path of a file that a person names, whether it is there or not."""
    named = path.expanduser()
    # A link is followed here, where a person names it; nowhere else.
    return named.resolve() if named.is_symlink() else named.absolute()


def confirm(question: str, *, yes: bool) -> bool:
    """Return whether the person at the terminal agrees.

    Raises:
        UsageError: there is nobody to ask, and ``--yes`` was not given.
    """
    if yes:
        return True
    if not sys.stdin.isatty():
        raise UsageError(f"{question} Nobody is there to answer: give --yes.")
    return typer.confirm(question, err=True)


def words_of(given: Sequence[str]) -> list[str]:
    """Return the words of an option that may be repeated and may hold several words with commas between them."""
    return [word.strip() for one in given for word in one.split(",") if word.strip()]


def methods_of(given: Sequence[str] | None) -> list[str]:
    """Return the names of methods after ``--method``, none where it was not given.

    Raises:
        UsageError: it was given without any name.
    """
    names = words_of(given or ())
    if given and not names:
        raise UsageError("--method: expected the names of methods, or all, found none")
    return names


def require_ssim_for(parts: bool, methods: Sequence[str]) -> None:
    """Refuse to show the parts of a method that is not asked for.

    Raises:
        UsageError: says which method that is.
    """
    if parts and not {"ssim", "all"} & set(methods):
        raise UsageError("--parts: expected it with --method ssim, or all")


def seed_side_of(size: str | None) -> int | None:
    """Return the side in pixels of the square that the seeds' methods squash to; None for what they chose.

    Raises:
        UsageError: it is no sensible number.
    """
    if size is None or size == "auto":
        return None
    if not size.isdecimal() or not _LEAST_SEED_SIDE <= int(size) <= _MOST_SEED_SIDE:
        raise UsageError(f"--size {size}: expected auto, or {_LEAST_SEED_SIDE} to {_MOST_SEED_SIDE} pixels")
    return int(size)


def network_of(recipe: Path | None, config: Config) -> Network | None:
    """Return the network that the command line names, else that of the config, None where neither does.

    Raises:
        ConfigError: the recipe is wrong; with line and column.
    """
    return config.network if recipe is None else load_network(recipe.expanduser())
