"""Fills the variables in the steps of a rule for one finding, and looks again at the folders that come of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pictrace.config import listing
from pictrace.config.places import OWN_FOLDER
from pictrace.decide.actions import is_moving
from pictrace.decide.facts import Case, SideFacts
from pictrace.decide.variables import NotKnownError, Subject, filled
from pictrace.errors import shown
from pictrace.model import Side, Step

# Option names by action: those in which variables may stand.
VariableOptions = Mapping[str, tuple[str, ...]]

_FORBIDDEN_PARTS = ("..", OWN_FOLDER)


def filled_steps(
    step: Step, case: Case, rule: str, names: tuple[str, ...], roots: Collection[Path]
) -> tuple[Step, ...]:
    """Return a step with the values of its variables, as two where they differ between the two photos.

    Args:
        step: as it was compiled.
        case: the finding with its roles.
        rule: the name of the rule that wants it.
        names: the options in which variables may stand.
        roots: those that the config names.

    Raises:
        NotKnownError: a variable has no value here, or the folder that comes of it is none to put a photo in.
    """
    if not names:
        return (step,)
    sides = (Side.DUPLICATE, Side.KEEPER) if step.on is Side.BOTH else (step.on,)
    wanted = []
    for on in sides:
        subject = Subject(side=case.keeper if on is Side.KEEPER else case.duplicate, case=case, rule=rule)
        filled_step = replace(step, on=on, options=_filled_options(step.options, subject, names))
        if filled_step.options != step.options:
            _check_folder(filled_step, subject.side, roots)
        wanted.append(filled_step)
    if all(one.options == wanted[0].options for one in wanted):
        return (replace(wanted[0], on=step.on),)
    return tuple(wanted)


def _check_folder(step: Step, side: SideFacts, roots: Collection[Path]) -> None:
    """Refuse a folder that only came of the variables: what was checked before is what stands in front of them."""
    if "to" not in step.options:
        return
    folder = side.root / step.options["to"]
    if any(part in _FORBIDDEN_PARTS for part in folder.parts):
        raise NotKnownError(f"{shown(folder)} is no folder to put a photo in")
    if not any(folder.is_relative_to(root) for root in (*roots, side.root)):
        raise NotKnownError(f"{shown(folder)} lies in no root (roots: {listing(map(shown, roots))})")
    if is_moving(step) and folder == side.path.parent:
        raise NotKnownError(f"{shown(side.path.name)} lies in {shown(folder)} already")


def _filled_options(
    plain: dict[str, Any],  # Any: each action declares and checks its own
    subject: Subject,
    names: tuple[str, ...],
) -> dict[str, Any]:
    options = dict(plain)
    for name in names:
        value = plain.get(name)
        if isinstance(value, str):
            options[name] = filled(value, subject)
        elif isinstance(value, list):
            options[name] = [filled(text, subject) for text in value]
    if "to" in names and "to" in plain and not plain["to"].startswith("/"):
        # A photo at the top of its root has an empty {folder}: `{folder}/x` must not become `/x`.
        options["to"] = options["to"].lstrip("/")
    return options
