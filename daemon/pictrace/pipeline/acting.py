"""Brings the acting room together with the roots, for the daemon and for the commands that take things back."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType

from pictrace.act import ACTIONS, Actor, QuarantineKeeper, World
from pictrace.config import Config
from pictrace.decide import ActionSpec
from pictrace.model import CLOCK, Change, Clock
from pictrace.pipeline.farewells import Farewells
from pictrace.pipeline.library import Library
from pictrace.store import Index, Journal


def known_actions() -> Mapping[str, ActionSpec]:
    """Return the actions that rules may name."""
    return ACTIONS


def make_world(config: Config, library: Library, clock: Clock) -> World:
    """Return what acting needs to know of the world."""
    return World(
        root_of=library.root_of,
        state_of=library.state,
        wall_clock=clock.wall,
        monotonic=clock.monotonic,
        quarantine=config.quarantine,
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
