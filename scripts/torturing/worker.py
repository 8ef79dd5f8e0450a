"""A generated plan that uses each photo again and again, and the acting part of PicTrace to carry it out."""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from torturing.house import ROOT, House

from pictrace.act import Actor, QuarantineKeeper, Trash, World
from pictrace.errors import ActError
from pictrace.model import (
    Certainty,
    Change,
    ChangeState,
    Match,
    Member,
    PhotoFile,
    Plan,
    Relation,
    Role,
    RootInfo,
    RootState,
    StatKey,
    Step,
)
from pictrace.store import Journal

_T = TypeVar("_T")
Hook = Callable[[str], None]

_OPERATIONS = 5
_STEPS = {
    "quarantine": (Step(action="quarantine"),),
    "tag": (Step(action="tag", options={"tags": ["pictrace/{relation}"]}),),
    "tag and quarantine": (Step(action="tag", options={"tags": ["pictrace/copy"]}), Step(action="quarantine")),
    "copy": (Step(action="copy", options={"to": "Kept"}),),
    "copy and quarantine": (Step(action="copy", options={"to": "Kept"}), Step(action="quarantine")),
    "trash": (Step(action="trash"),),
    "hardlink": (Step(action="hardlink"),),
    "reflink": (Step(action="reflink"),),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One thing to do; ``first`` and ``second`` choose among the photos, or the changes, that are there then."""

    kind: str
    first: int
    second: int


def generate(seed: int) -> list[Operation]:
    """Return a plan: a handful of operations over few photos, so that each photo is used several times."""
    dice = random.Random(seed)
    kinds = (*_STEPS, "move", "quarantine", "move", "undo", "restore", "undo all", "purge")
    chosen = [dice.choice((*_STEPS, "move"))] + [dice.choice(kinds) for _ in range(_OPERATIONS - 1)]
    return [Operation(kind=kind, first=dice.randrange(1000), second=dice.randrange(1000)) for kind in chosen]


class SlowJournal(Journal):
    """A journal that tells a hook before each of its writes."""

    hook: Hook = staticmethod(lambda _: None)

    def plan(self, changes: list[Change]) -> list[Change]:  # type: ignore[override]  # a list is what it is given
        """Tell, then write."""
        self.hook("journal: plan")
        return super().plan(changes)

    def advance(self, change_id: int, state: ChangeState, **learnt: object) -> Change:
        """Tell, then write."""
        self.hook(f"journal: {state.value}")
        return super().advance(change_id, state, **learnt)  # type: ignore[arg-type]  # handed on as given

    def set_purged(self, change_id: int, *, is_purged: bool = True) -> Change:
        """Tell, then write."""
        self.hook("journal: purged" if is_purged else "journal: kept")
        return super().set_purged(change_id, is_purged=is_purged)


class Worker:
    """The acting part of PicTrace over a house; made anew in each process.

    Args:
        house: where it acts.
        hook: told before each write of the journal and at each checkpoint.
    """

    def __init__(self, house: House, hook: Hook) -> None:
        self._house = house
        self.journal = SlowJournal.open(house.state)
        self.journal.hook = hook  # type: ignore[method-assign]  # one hook a process
        self._roots = {identity: _root(identity, top) for identity, top in house.tops.items()}
        for root in self._roots.values():
            self.journal.put_root(root)
        self._world = World(
            root_of=self._root_of,
            state_of=lambda _: RootState.USABLE,
            wall_clock=time.time,
            quarantine=house.quarantine,
            trash=Trash(home=house.trash, uid=os.getuid(), mount_point=lambda _: house.near),
            checkpoint=lambda word: hook(f"checkpoint: {word}"),
        )
        self.actor = Actor(self._world, self.journal)
        self.keeper = QuarantineKeeper(self._world, self.journal, self._living)

    def run(self, operations: list[Operation]) -> None:
        """Carry a plan out; what is refused is refused."""
        for operation in operations:
            with contextlib.suppress(ActError):
                self._do(operation)

    def _do(self, operation: Operation) -> None:
        match operation.kind:
            case "undo":
                self.actor.undo(_pick(self.actor.undoable()[:4], operation.first))
            case "undo all":
                self.actor.undo(self.actor.undoable())
            case "restore":
                held = _pick(self.journal.quarantined(), operation.first)
                self.actor.undo([change.id for one in held for change in self._together(one)])
            case "purge":
                for held in _pick(self.journal.quarantined(), operation.first):
                    for change in self._purgeable(held):
                        self.keeper.purge(change)
            case _:
                self._act(operation)

    def _together(self, held: Change) -> list[Change]:
        return [change for change in self.journal.quarantined() if change.batch == held.batch]

    def _purgeable(self, held: Change) -> list[Change]:
        return [change for change, _ in self.keeper.ages() if change.batch == held.batch]

    def _act(self, operation: Operation) -> None:
        photos = self._house.photos()
        if len(photos) < 2:
            return
        victim = photos.pop(operation.first % len(photos))
        equal = [path for path in photos if path.read_bytes() == victim.read_bytes()]
        choice = equal if equal and operation.kind in ("hardlink", "reflink") else photos
        keeper = choice[operation.second % len(choice)]
        members = self._members(victim)
        if members is None:
            return  # a rule would hold it
        steps = _STEPS.get(operation.kind) or (Step(action="move", options={"to": self._target(operation)}),)
        self.actor.carry_out(
            Plan(
                rule="torture", steps=steps, keeper=keeper, duplicate=victim, keeper_reason="torture", members=members
            ),
            duplicate=self._row(victim),
            keeper=self._row(keeper),
            match=Match(relation=Relation.RENDITION, certainty=Certainty.VERIFIED, similarity=0.99),
            finding="{}",
        )

    def _members(self, victim: Path) -> tuple[Member, ...] | None:
        """Return the RAW that has to go with a photo, None where no equal one stays."""
        raw = victim.with_suffix(".cr2")
        if not raw.exists():
            return ()
        equal = [row for row in self._living(self._row(raw).content_hash) if row.path != raw]
        return (Member(photo=self._row(raw), keeper=equal[0]),) if equal else None

    def _target(self, operation: Operation) -> str:
        tops = [Path("Copies"), *(top / "Moved" for name, top in self._house.tops.items() if name != ROOT)]
        return str(tops[(operation.first + operation.second) % len(tops)])

    def _root_of(self, path: Path) -> RootInfo | None:
        return next((root for root in self._roots.values() if path.is_relative_to(root.path)), None)

    def _row(self, path: Path) -> PhotoFile:
        root = self._root_of(path)
        return PhotoFile(
            id=1,
            root=root.identity if root else "",
            path=path,
            key=StatKey.of(path.lstat()),
            content_hash=hashlib.sha256(path.read_bytes()).digest(),
            first_seen=0.0,
            is_arrival=True,
        )

    def _living(self, content_hash: bytes) -> list[PhotoFile]:
        photos = self._house.photos()
        files = [*photos, *(raw for photo in photos if (raw := photo.with_suffix(".cr2")).exists())]
        return [row for path in files if (row := self._row(path)).content_hash == content_hash]


def _root(identity: str, top: Path) -> RootInfo:
    status = top.stat()
    return RootInfo(
        identity=identity,
        path=top,
        role=Role.LIBRARY,
        dev=status.st_dev,
        ino=status.st_ino,
        filesystem="torture",
        is_indexed=True,
    )


def _pick(choice: list[_T], number: int) -> list[_T]:
    return [choice[number % len(choice)]] if choice else []
