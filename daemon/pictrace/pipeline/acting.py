"""Brings the acting room together with the roots, for the daemon and for the commands that take things back."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from pictrace.act import Actor, QuarantineKeeper, Trash, World, allowed_actions
from pictrace.config import Config
from pictrace.decide import ActionSpec
from pictrace.model import CLOCK, Change, Clock
from pictrace.pipeline.farewells import Farewells
from pictrace.pipeline.library import Library
from pictrace.store import Index, Journal
from pictrace.watch import mount_of


def _unsent(_: str) -> None:
    """Stand in for somebody who sends messages."""


def may_go_on() -> bool:
    """Stand in for somebody who may have no more time for a running program."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whoever acts: ``announce`` sends a message outside, ``go_on`` says whether a running program may go on."""

    announce: Callable[[str], None] = _unsent
    go_on: Callable[[], bool] = may_go_on


def known_actions(config: Config) -> Mapping[str, ActionSpec]:
    """Return the actions that the rules of a config may name."""
    return allowed_actions(may_run=config.allow_run)


def users_trash() -> Trash:
    """Return where the trash folders are of the user PicTrace runs as."""
    data = Path(os.environ.get("XDG_DATA_HOME", ""))
    if not data.is_absolute():
        data = Path(os.path.expanduser("~/.local/share"))  # noqa: PTH111 – who has no home has no trash there
    return Trash(home=data / "Trash", uid=os.getuid(), mount_point=lambda path: mount_of(path).point)


def make_world(config: Config, library: Library, clock: Clock, owner: Owner | None = None) -> World:
    """Return what acting needs to know of the world; an owner is told what goes outside, and may end a program."""
    owner = owner or Owner()
    return World(
        root_of=library.root_of,
        state_of=library.state,
        wall_clock=clock.wall,
        monotonic=clock.monotonic,
        quarantine=config.quarantine,
        trash=users_trash(),
        announce=owner.announce,
        go_on=owner.go_on,
        metadata_of=library.metadata_of,
    )


class Acting:
    """The journal and the actor alone, for commands that run beside a daemon or without one."""

    def __init__(self, config: Config, clock: Clock = CLOCK) -> None:
        self.index = Index.open(config.state, wall_clock=clock.wall)
        self.journal = Journal.open(config.state, clock=clock)
        self.library = Library.known(self.index)
        for root in self.library.roots:
            self.journal.put_root(root)
        self.world = make_world(config, self.library, clock)
        self.actor = Actor(self.world, self.journal)
        self.keeper = QuarantineKeeper(self.world, self.journal, self.library.living)

    def __enter__(self) -> Acting:
        """Return itself; leaving closes the store."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the store."""
        self.index.close()
        self.journal.close()

    def farewells(self) -> Farewells:
        """Return what remembers photos that go for good; leaving it ends its worker."""
        return Farewells(
            index=self.index, journal=self.journal, living=self.library.living, wall_clock=self.world.wall_clock
        )

    def undoable(self) -> list[int]:
        """Return the ids of every change that can be taken back."""
        return self.actor.undoable()

    def undo(self, change_ids: list[int]) -> list[Change]:
        """Take changes back, newest first."""
        return self.actor.undo(change_ids)
