"""The configuration as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from pictrace.config.located import Located
from pictrace.model import Network, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class RootConfig:
    """A folder to watch: absolute, ``~`` expanded, links kept."""

    path: Path
    role: Role = Role.LIBRARY


@dataclass(frozen=True, slots=True, kw_only=True)
class Brake:
    """How many photos of one root may be moved away in an hour; more are held until a person confirms.

    ``percent_of_root`` lets a large root have more than ``count_per_hour``. A number that the config names is meant as
    it stands, so there it is 0.
    """

    count_per_hour: int
    percent_of_root: int = 0

    def limit(self, photos: int) -> int:
        """Return how many of a root with so many photos."""
        return max(self.count_per_hour, photos * self.percent_of_root // 100)


DEFAULT_BRAKE = Brake(count_per_hour=50, percent_of_root=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Channels:
    """Where `notify` goes beside the log: this machine's desktop, and addresses as apprise has them.

    ``most_per_hour``: more messages are counted, and told of in the next one. ``desktop_at`` and ``urls_at``: where the
    config says so, for complaints.
    """

    desktop: bool = False
    urls: tuple[str, ...] = field(default=(), repr=False)  # they hold passwords
    desktop_at: Located | None = field(default=None, repr=False, compare=False)
    urls_at: tuple[Located, ...] = field(default=(), repr=False, compare=False)
    most_per_hour: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """All that a config file says, with the defaults filled in.

    ``quarantine`` is None where it lies beside the photos, in ``.pictrace/quarantine`` of each root. ``ignore`` adds
    patterns to the shipped list, ``!pattern`` takes a shipped one away. ``keep`` and ``rules`` are YAML values with
    their places, included sets already in place; `pictrace.decide.compile_rules` reads them. ``declared_roots`` are
    those the file names, also where folders on the command line replaced them: rules may speak of them.
    """

    file: Path | None
    roots: tuple[RootConfig, ...]
    state: Path
    declared_roots: tuple[Path, ...] = ()
    quarantine: Path | None = None
    quiet_seconds: float = 5.0
    longest_wait_seconds: float = 600.0
    rescan_seconds: float = 3600.0
    act: bool = False
    backlog_act: bool = False
    brake: Brake | None = DEFAULT_BRAKE
    memory_bytes: int | None = None
    workers: int | None = None
    network: Network | None = None
    ignore: tuple[str, ...] = ()
    keep: tuple[Located, ...] | None = None
    rules: tuple[Located, ...] = ()
    allow_run: bool = False
    notify: Channels = Channels()
