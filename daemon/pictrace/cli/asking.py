"""The questions of `pictrace init`, and what holds where nobody is there to answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import typer

from pictrace.cli.first_config import fitting_role
from pictrace.config import RootConfig, ready_made_sets
from pictrace.config.places import absolute_path, quarantine_clash
from pictrace.errors import UsageError, shown
from pictrace.model import Role
from pictrace.watch.survey import Survey

T = TypeVar("T")


class Asking:
    """Asks the person at the terminal; where nobody is, what was given holds, and the safe defaults do.

    Four questions at most: roles, rules, quarantine, and whether to write.
    """

    def __init__(self, *, is_wanted: bool) -> None:
        self.is_wanted = is_wanted

    def roles(self, surveys: Sequence[Survey], given: Sequence[Role]) -> list[Role]:
        """Return a role for each folder; where acts do harm it is `readonly`, whatever was given."""
        fitting = [fitting_role(one, has_others=len(surveys) > 1) for one in surveys]
        if len(given) not in (0, 1, len(surveys)):
            raise UsageError(f"--role: expected one for all folders or one for each, found {len(given)}")
        wanted = list(given) if len(given) == len(surveys) else [given[0]] * len(surveys) if given else fitting
        if self.is_wanted and not given:
            suggested = " ".join(role.value for role in fitting)
            question = f"Roles ({', '.join(Role)}), one for each folder"
            wanted = _answered(question, suggested, lambda answer: _roles_of(answer, len(surveys)))
        return [Role.READONLY if its is Role.READONLY else asked for its, asked in zip(fitting, wanted, strict=True)]

    def rules(self, fitting: dict[str, str], given: Sequence[str]) -> dict[str, str]:
        """Return the sets to write, each with why it is there."""
        names = list(given)
        if self.is_wanted and not given:
            known = ", ".join(ready_made_sets())
            names = _answered(f"Rules, in this order (known: {known})", " ".join(fitting), _sets_of)
        _require_sets(names, "--rules ")
        return {name: fitting.get(name, "you asked for it") for name in names} if names else fitting

    def quarantine(self, given: str | None, roots: Sequence[RootConfig]) -> Path | None:
        """Return the quarantine folder, None where it lies beside the photos."""
        if self.is_wanted and given is None and any(root.role.may_act for root in roots):
            question = "Put photos away `beside` the others, or in which folder"
            return _answered(question, "beside", lambda answer: _place_of(answer, roots))
        return _place_of(given or "beside", roots, "--quarantine ")

    def agrees(self, file: Path) -> bool:
        """Return whether the file is to be written."""
        return not self.is_wanted or typer.confirm(f"Write {shown(file)}?", default=True, err=True)


def _answered(question: str, suggested: str, read: Callable[[str], T]) -> T:
    """Return what a person answers; what cannot be read is said, and asked again: earlier answers are not lost."""

    def checked(answer: str) -> T:
        try:
            return read(answer)
        except UsageError as problem:
            raise typer.BadParameter(str(problem)) from problem

    answered: T = typer.prompt(question, default=suggested, value_proc=checked, err=True)
    return answered


def _sets_of(answer: str) -> list[str]:
    names = answer.replace(",", " ").split()
    _require_sets(names)
    return names


def _require_sets(names: Iterable[str], option: str = "") -> None:
    for name in names:
        if name not in ready_made_sets():
            raise UsageError(f"{option}{name}: expected one of {', '.join(ready_made_sets())}")


def _place_of(answer: str, roots: Sequence[RootConfig], option: str = "") -> Path | None:
    """Return a quarantine folder, None for beside the photos."""
    if answer == "beside":
        return None
    try:
        place = absolute_path(answer)
    except ValueError as problem:
        raise UsageError(f"{option}{answer}: expected `beside`, or an absolute folder") from problem
    clash = quarantine_clash(place, roots)
    if clash is not None:
        raise UsageError(clash)
    return place


def _roles_of(answer: str, count: int) -> list[Role]:
    words = answer.replace(",", " ").split()
    try:
        roles = [Role(word) for word in words]
    except ValueError as problem:
        raise UsageError(f"{answer}: expected roles from {', '.join(Role)}") from problem
    if len(roles) not in (1, count):
        raise UsageError(f"{answer}: expected one role, or {count}")
    return roles if len(roles) == count else roles * count
