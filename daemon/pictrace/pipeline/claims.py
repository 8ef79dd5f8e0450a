"""Holds back acts in folders that another program manages or sends to other devices, or that a person closed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Final

from pictrace.config import Config
from pictrace.decide import is_moving
from pictrace.model import Plan, RootInfo, Side, Step
from pictrace.patience import StalledError
from pictrace.pipeline.library import Library
from pictrace.watch import Claim, IgnoreList, Program, managed_by, managed_in, quarantine_claim

# These leave nothing in a watched folder.
_WORDS: Final = frozenset({"notify", "ignore"})


class Claims:
    """Knows what speaks against plans, looked up afresh each time: a line, or a marker, is added while we run.

    Args:
        library: which photo lies in which root.
        config: where quarantine lies, and what is passed over.
    """

    def __init__(self, library: Library, config: Config) -> None:
        self._library = library
        self.adopt(config)

    def adopt(self, config: Config) -> None:
        """Go by another config from now on."""
        self._quarantine = config.quarantine
        self._ignore = IgnoreList.load(config.ignore)

    def of_plan(self, plan: Plan) -> str | None:
        """Return what speaks against carrying out a plan, None where nothing does."""
        found = self._obstacle(plan)
        return None if found is None else found[0]

    def is_waiting(self, plan: Plan | None) -> bool:
        """Return whether a plan is held until a person changes another program's settings: then it is judged again."""
        found = None if plan is None or plan.held is None else self._obstacle(plan)
        return found is not None and plan is not None and found == (plan.held, True)

    def _obstacle(self, plan: Plan) -> tuple[str, bool] | None:
        """Return what speaks against a plan, and whether that may pass."""
        steps = [step for step in plan.steps if step.action not in _WORDS]
        is_any_moved = any(map(is_moving, steps))
        paths = dict.fromkeys(path for step in steps for path in _subjects(step.on, plan))
        found = (self._asked(path, partial(self._looked_at, is_moved=is_any_moved)) for path in paths)
        put = (self._asked(path, self._looked_at_place) for step in steps for path in self._places(step, plan))
        return next((obstacle for obstacle in chain(found, put) if obstacle is not None), None)

    def _places(self, step: Step, plan: Plan) -> list[Path]:
        """Return where a step would put photos."""
        folder = step.options.get("to")
        if folder is None:
            return []
        roots = ((path, self._library.root_of(path)) for path in _subjects(step.on, plan))
        return [root.path / folder / path.name for path, root in roots if root is not None]

    def of_root(self, root: RootInfo) -> str | None:
        """Return what speaks against acts in a root, or in a folder directly in it; None where it may not act anyway.

        Raises:
            StalledError: its disk does not answer.
        """
        if not root.role.may_act:
            return None
        claim = self._library.ask(root, partial(_of_root, root.path, self._quarantine))
        return None if claim is None else claim.reason

    def _asked(self, path: Path, look: Callable[[Path, Path], tuple[str, bool] | None]) -> tuple[str, bool] | None:
        root = self._library.root_of(path)
        if root is None:
            return None  # the guard says so
        try:
            return self._library.ask(root, partial(look, path, root.path))
        except StalledError:
            return "the disk does not answer", True

    def _looked_at(self, path: Path, root: Path, *, is_moved: bool) -> tuple[str, bool] | None:
        # The index knows it until two scans have missed it; whoever closed the folder means now.
        hit = self._ignore.hit_below(root, path)
        if hit is not None:
            return f"its folder is not looked at any more: {hit}", False
        claim = managed_by(path, root=root) or (quarantine_claim(root, self._quarantine) if is_moved else None)
        return None if claim is None else (claim.reason, claim.program is Program.SYNCTHING)

    def _looked_at_place(self, path: Path, root: Path) -> tuple[str, bool] | None:
        # A name that the config passes over does not count: who keeps copies there need not have them looked at.
        hit = self._ignore.stop_below(root, path)
        claim = managed_by(path, root=root) if hit is None else None
        if hit is not None:
            return f"the folder it would be put in is closed: {hit}", False
        return None if claim is None else (claim.reason, False)


def _of_root(root: Path, quarantine: Path | None) -> Claim | None:
    return managed_in(root) or quarantine_claim(root, quarantine)


def _subjects(on: Side, plan: Plan) -> tuple[Path, ...]:
    match on:
        case Side.DUPLICATE:
            return (plan.duplicate,)
        case Side.KEEPER:
            return (plan.keeper,)
        case Side.BOTH:
            return plan.duplicate, plan.keeper
