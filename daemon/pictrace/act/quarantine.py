"""The quarantine as a place: what lies there, and purging it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path

from pictrace.act.belonging import Belonging
from pictrace.act.changes import remove_quarantined
from pictrace.act.companions import companions_in, is_companion, own_picture, photo_of
from pictrace.act.guard import hash_open, living_keeper, open_file, require_usable
from pictrace.act.mover import Mover
from pictrace.act.units import beside
from pictrace.act.world import World
from pictrace.errors import ActError, shown
from pictrace.model import Change, ChangeState, PhotoFile
from pictrace.store import Age, Journal


class QuarantineKeeper:
    """Purges, and restores without a journal.

    Args:
        living: the files that hold a content now; purging needs one outside quarantine.
    """

    def __init__(self, world: World, journal: Journal, living: Callable[[bytes], Iterable[PhotoFile]]) -> None:
        self._world = world
        self._journal = journal
        self._living = living
        self._mover = Mover(world, journal)

    def ages(self) -> list[tuple[Change, Age]]:
        """Return all that lies in quarantine with its age, oldest first, companions after all photos."""
        self._journal.uptime.note()
        now = self._world.wall_clock()
        held = sorted(self._journal.quarantined(), key=is_companion)
        return [(change, self._journal.uptime.age(change.id, now=now)) for change in held]

    def purge(self, change: Change) -> Change:
        """Remove one file from quarantine for good.

        Raises:
            ActError: the photo it was a copy of does not live any more, or the file is not the one that was put away.
        """
        with self._journal.acting():
            return self._purge(change)

    def _purge(self, change: Change) -> Change:
        if change.target is None:
            raise ActError(f"change {change.id} names no place in quarantine")
        require_usable(self._world, change.source)
        if is_companion(change):
            self._require_purged_photo(change)
        with ExitStack() as stack:
            inside = stack.enter_context(open_file(self._world, change.target))
            if hash_open(inside) != change.content_hash:
                raise ActError(f"{shown(change.target)}: is not the file that was put away, so it stays")
            if change.keeper is not None or not is_companion(change):
                stack.enter_context(self._living_keeper(change, change.target, os.fstat(inside)))
            for companion in [change] if is_companion(change) else companions_in(change, self._journal):
                if companion.state is ChangeState.DONE and not self._journal.is_purged(companion.id):
                    self._require_living_copy(companion)
            # The word first: after a stop between the two, recovery finds the file and takes the word back.
            purged = self._journal.set_purged(change.id)
            self._world.checkpoint("purged written")
            self._mover.ledger.write(change, event="purged")
            remove_quarantined(self._world.top_of(change.target), change.target)
            self._journal.unsettled.note(change.id, None)
        return purged

    def _require_purged_photo(self, change: Change) -> None:
        """Refuse what belongs to a photo that is still there: after a stop between the two, it would be without it."""
        photo = photo_of(change, self._journal)
        if photo is None or not self._journal.is_purged(photo.id):
            raise ActError(f"{shown(change.source)}: the photo it belongs to was not purged, so it stays")

    def _require_living_copy(self, companion: Change) -> None:
        """Refuse to throw away a film or a photo that went along and is nowhere else: it would be lost.

        Raises:
            ActError: it is not there, or not the same.
        """
        belonging = own_picture(companion)
        if belonging is None or companion.target is None:
            return
        with open_file(self._world, companion.target) as inside:
            for path in self._copies_of(companion, belonging):
                with suppress(ActError, OSError, LookupError), self._kept(path, companion, os.fstat(inside)):
                    return
        word = "video" if belonging is Belonging.LIVE_VIDEO else "original"
        raise ActError(
            f"{shown(companion.source)}: this {word} is not beside the photo that stays, so both it and its photo "
            f"stay; `pictrace undo {companion.id}` puts them back"
        )

    def _copies_of(self, companion: Change, belonging: Belonging) -> Iterator[Path]:
        """Yield where the same bytes may be: beside the photo that stays, or as a photo that is known."""
        photo = photo_of(companion, self._journal)
        for keeper in () if photo is None else self._living(photo.keeper_hash or photo.content_hash):
            yield from beside(keeper.path, belonging)
        for file in self._living(companion.content_hash):
            yield file.path

    def _kept(self, path: Path, change: Change, status: os.stat_result) -> AbstractContextManager[None]:
        """Hold a file open that was read just now and holds what lies in quarantine."""
        victim = change.target or change.source
        return living_keeper(self._world, path, change.content_hash, victim=victim, status=status)

    @contextmanager
    def _living_keeper(self, change: Change, target: Path, status: os.stat_result) -> Iterator[None]:
        """Hold a file open that was read just now and is the photo this one was a copy of."""
        wanted = change.keeper_hash or change.content_hash
        with ExitStack() as stack:
            for file in self._living(wanted):
                with suppress(ActError, OSError, LookupError):
                    stack.enter_context(living_keeper(self._world, file.path, wanted, victim=target, status=status))
                    break
            else:
                raise ActError(
                    f"{shown(target)}: the photo it was a copy of is not there any more, so it stays; "
                    f"`pictrace undo {change.id}` puts it back"
                )
            yield
