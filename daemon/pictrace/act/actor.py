"""Carries out plans, takes them back, and brings to an end what a stop left open."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import logging
import os
import secrets
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

from pictrace.act.actions import ACTIONS, Draft, Scene
from pictrace.act.companions import is_companion, photo_of, travel_details, travelled_with, with_free_names
from pictrace.act.guard import hash_open, open_file, require_usable
from pictrace.act.hands import Hands
from pictrace.act.recovery import Recovery
from pictrace.act.redoing import planned_again
from pictrace.act.undoing import Undoer
from pictrace.act.units import travellers
from pictrace.act.world import World
from pictrace.errors import ActError
from pictrace.model import Change, ChangeKind, ChangeState, Match, Member, PhotoFile, Plan, Side, StatKey, Step
from pictrace.store import Journal

log = logging.getLogger(__name__)


class Actor:
    """The one who acts: every change is in the journal, durably, before its first effect.

    Args:
        world: roots, quarantine, clock.
        journal: opened.

    Attributes:
        is_recovery_due: what a stop left open could not be looked at yet; that comes before the next change.
    """

    def __init__(self, world: World, journal: Journal) -> None:
        self._world = world
        self._journal = journal
        self._hands = Hands(world, journal)
        self._undoer = Undoer(world, journal, self._hands)
        self.is_recovery_due = False
        self._recovery = Recovery(world, journal, self._hands, self._undoer)

    def carry_out(
        self, plan: Plan, *, duplicate: PhotoFile, keeper: PhotoFile, match: Match, finding: str
    ) -> list[Change]:
        """Carry a plan out; returns its changes as they stand in the journal afterwards.

        A change that cannot be made is ``aborted`` with the reason, and those after it are not tried; what went before
        a photo that could not comes back.

        Args:
            plan: what the rules want.
            duplicate, keeper: the files it names.
            match: how the two are related.
            finding: the finding as JSON, for the journal.

        Raises:
            BusyError: another program goes on making a change; nothing was planned.
        """
        with self._journal.acting():
            if self.is_recovery_due:
                self._recover()
            return self._carry_out_plan(plan, duplicate, keeper, match, finding)

    def _carry_out_plan(
        self, plan: Plan, duplicate: PhotoFile, keeper: PhotoFile, match: Match, finding: str
    ) -> list[Change]:
        self._recovery.end_those_of(duplicate.path)
        batch = secrets.token_hex(4)
        results: list[Change] = []
        for step in plan.steps:
            # One step after the other: a sidecar that `tag` wrote has to travel with the photo that `quarantine` moves.
            drafts: list[Change] = []
            for subject in _subjects(step.on, duplicate, keeper):
                other = keeper if subject is duplicate else duplicate
                scene = self._scene(subject, other, match, batch, is_duplicate=subject is duplicate)
                if scene is not None:
                    members = plan.members if subject is duplicate else ()
                    wanted = self._drafts(step, scene, members)
                    if not self._hands.did_already(wanted, subject.content_hash, plan.rule):
                        drafts.extend(self._planned(draft, scene, plan, finding) for draft in wanted)
            with self._journal.together():
                changes = self._journal.plan(drafts)
                for change in changes:
                    self._journal.unsettled.forget_tries(change)
            self._world.checkpoint("planned")
            results += self._carry_out(changes)
            if any(change.state is not ChangeState.DONE for change in results):
                break
        return results

    def undo(self, change_ids: Iterable[int]) -> list[Change]:
        """Take changes back, newest first; returns the changes that do so. A photo and its companions come together.

        An undo is taken back by doing anew what it took back, with the proofs that this needs.

        Raises:
            ActError: a change is not there, or is none that can be taken back.
        """
        asked = set(change_ids)
        wanted = asked | {other for change_id in asked for other in travelled_with(change_id, self._journal)}
        undone = []
        for change_id in sorted(wanted, reverse=True):
            with self._journal.acting():  # for each, so that nobody waits for all of them
                change = self._journal.change(change_id)
                if change is not None and change.kind is ChangeKind.UNDO:
                    undone += self._redone(change)
                elif change is None or not self._stays_with_photo(change, undone):
                    undone.append(self._undoer.undo(change_id))
        return undone

    def _stays_with_photo(self, change: Change, undone: list[Change]) -> bool:
        """Return whether a companion has to stay away, because its photo could not come back just now."""
        photo = photo_of(change, self._journal) if is_companion(change) else None
        return photo is not None and any(one.undoes == photo.id and one.state is not ChangeState.DONE for one in undone)

    def _redone(self, undo: Change) -> list[Change]:
        planned = planned_again(undo, self._world, self._journal)
        changes = self._journal.plan([change for change, _ in planned])
        self._world.checkpoint("planned")
        results = self._carry_out(changes)
        for result, (_, taken_back) in zip(results, planned, strict=True):
            if result.state is ChangeState.DONE:
                self._journal.advance(taken_back.id, ChangeState.UNDONE)
        return results

    def undoable(self) -> list[int]:
        """Return the ids of every change that can be taken back."""
        return self._undoer.undoable()

    def recover(self) -> list[Change]:
        """Bring every change that a stop left open to an end; run before all else in a root, as often as one likes.

        Raises:
            BusyError: another program goes on making a change; it is done before the next change of this one.
        """
        self.is_recovery_due = True
        with self._journal.acting():
            return self._recover()

    def _recover(self) -> list[Change]:
        ended = self._recovery.run()
        self.is_recovery_due = False
        return ended

    def _carry_out(self, changes: list[Change]) -> list[Change]:
        results: list[Change] = []
        failed = False
        for change in changes:
            if failed:
                results.append(self._aborted(change, "an earlier step of the plan could not be done"))
                continue
            result = self._attempt(change)
            failed = result.state is not ChangeState.DONE
            results.append(result)
        if failed:
            self._bring_companions_back(results)
        return results

    def _attempt(self, change: Change) -> Change:
        try:
            return self._hands.carry_out(change)
        except (ActError, OSError, LookupError) as problem:
            log.warning("not done: %s", problem)
            return self._hands.close_failed(change, problem)

    def _bring_companions_back(self, results: list[Change]) -> None:
        """Undo what already travelled for a photo that could not go."""
        for number, change in enumerate(results):
            if change.state is ChangeState.DONE and is_companion(change):
                photo = photo_of(change, self._journal)
                # With `on: both`, the other photo may have gone: its sidecar stays with it.
                if photo is None or photo.state is not ChangeState.DONE:
                    self._undoer.undo(change.id)
                    results[number] = self._journal.change(change.id) or change

    def _named(self, drafts: list[Draft]) -> list[Draft]:
        """Return the drafts with free names for what moves; where there are none, moving says so."""
        if any(not draft.kind.is_move and draft.kind is not ChangeKind.COPY for draft in drafts):
            return drafts
        with contextlib.suppress(ActError):
            return with_free_names(drafts)
        return drafts

    def _aborted(self, change: Change, reason: str) -> Change:
        return self._journal.advance(change.id, ChangeState.ABORTED, error=reason)

    def _scene(
        self, subject: PhotoFile, keeper: PhotoFile, match: Match, token: str, *, is_duplicate: bool
    ) -> Scene | None:
        root = self._world.root_of(subject.path)
        if root is None:
            return None
        now = datetime.datetime.fromtimestamp(self._world.wall_clock(), tz=datetime.UTC)
        return Scene(
            subject=subject,
            keeper=keeper,
            root=root,
            match=match,
            quarantine=self._world.quarantine_of(root),
            trash=partial(self._world.trash_of, root),
            is_duplicate=is_duplicate,
            sidecar_to_write=partial(self._hands.tagger.sidecar_to_write, subject.path),
            subject_says=self._world.metadata_of(subject.content_hash),
            other_says=self._world.metadata_of(keeper.content_hash),
            token=token,
            month=f"{now:%Y-%m}",
        )

    def _drafts(self, step: Step, scene: Scene, members: tuple[Member, ...]) -> list[Draft]:
        """Return what an action wants; where it moves its subject, with all that goes with that."""
        action = ACTIONS[step.action]
        wanted = action.drafts(step.options, scene)
        kinds = {draft.kind for draft in wanted}
        # Only now: to tag ten thousand photos of one folder, nobody has to list it ten thousand times.
        if any(kind.is_move for kind in kinds):
            wanted = action.drafts(step.options, self._with_unit(scene, members))
        elif ChangeKind.COPY in kinds:
            wanted = action.drafts(step.options, self._with_unit(scene, ()))
        return self._named(wanted)

    def _with_unit(self, scene: Scene, members: tuple[Member, ...]) -> Scene:
        going = {scene.subject.path.name, *(one.photo.path.name for one in members)}
        found = travellers(self._world, scene.subject, scene.keeper, going)
        return replace(scene, companions=tuple(found), members=members)

    def _planned(self, draft: Draft, scene: Scene, plan: Plan, finding: str) -> Change:
        # A sidecar travels with its photo: that is one act. What a person agreed to is none that the brake counts.
        photo, keeper = _photo_and_keeper(draft, scene)
        takes_away = draft.kind.is_move or draft.kind.is_link
        is_counted = takes_away and photo is not None and not plan.is_confirmed
        key, content_hash = self._looked_at(draft.source) if photo is None else (photo.key, photo.content_hash)
        return Change(
            id=0,
            kind=draft.kind,
            state=ChangeState.PLANNED,
            root=scene.root.identity,
            source=draft.source,
            target=draft.target,
            content_hash=content_hash,
            key=key,
            keeper=None if keeper is None else keeper.path,
            keeper_hash=None if keeper is None else keeper.content_hash,
            rule=plan.rule,
            finding=finding,
            batch=scene.token,
            made_at=self._world.wall_clock(),
            monotonic_at=self._world.monotonic() if is_counted else None,
            details=travel_details(draft, scene.subject.path),
        )

    def _looked_at(self, path: Path) -> tuple[StatKey | None, bytes]:
        """Return stat key and hash of a companion; one that cannot be read has none, and so is not moved."""
        try:
            require_usable(self._world, path)
            with open_file(self._world, path) as descriptor:
                return StatKey.of(os.fstat(descriptor)), hash_open(descriptor)
        except (ActError, OSError, LookupError):
            return None, hashlib.sha256(b"").digest()


def _photo_and_keeper(draft: Draft, scene: Scene) -> tuple[PhotoFile | None, PhotoFile | None]:
    """Return the photo that a draft is about and the one that stays for it; neither for what is no photo."""
    if draft.member is not None:
        return draft.member.photo, draft.member.keeper
    return (scene.subject, scene.keeper) if draft.belonging is None else (None, None)


def _subjects(on: Side, duplicate: PhotoFile, keeper: PhotoFile) -> tuple[PhotoFile, ...]:
    match on:
        case Side.DUPLICATE:
            return (duplicate,)
        case Side.KEEPER:
            return (keeper,)
        case Side.BOTH:
            return duplicate, keeper
