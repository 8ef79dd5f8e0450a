"""Proves that the film or the original of a photo is there twice before it goes where it may be gone tomorrow."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from pictrace.act.belonging import Belonging
from pictrace.act.companions import own_picture, photo_of
from pictrace.act.guard import guarded, living_keeper
from pictrace.act.units import beside
from pictrace.act.world import World
from pictrace.errors import ActError, shown
from pictrace.model import Change
from pictrace.store import Journal


@contextmanager
def guarded_film(change: Change, world: World, journal: Journal) -> Iterator[int]:
    """Give the descriptor of what goes into the trash; the same one beside the photo that stays is held open.

    Desktops empty their trash by themselves, and ask nobody whether a film, or a photo as it was before exiftool wrote
    into it, is there a second time.

    Raises:
        ActError: says what does not hold; nothing was changed.
    """
    photo = photo_of(change, journal)
    with ExitStack() as stack:
        film = stack.enter_context(guarded(change, world, journal))
        status = os.fstat(film)
        for path in _places(photo, own_picture(change)):
            with suppress(ActError, OSError, LookupError):
                stack.enter_context(
                    living_keeper(world, path, change.content_hash, victim=change.source, status=status)
                )
                break
        else:
            raise ActError(
                f"{shown(change.source)}: the same file is not beside the photo that stays, and a trash is emptied "
                "without asking, so both it and its photo stay"
            )
        yield film


def _places(photo: Change | None, belonging: Belonging | None) -> list[Path]:
    """Return where the same file may be: beside the photo that stays."""
    return [] if photo is None or photo.keeper is None or belonging is None else beside(photo.keeper, belonging)
