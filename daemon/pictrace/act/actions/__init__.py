"""What a rule can have done: one module an action."""

from pictrace.act.actions.base import Action, Draft, Scene
from pictrace.act.actions.copy import Copy
from pictrace.act.actions.hardlink import Hardlink
from pictrace.act.actions.merge_metadata import MergeMetadata
from pictrace.act.actions.move import Move
from pictrace.act.actions.notify import Notify
from pictrace.act.actions.quarantine import Quarantine
from pictrace.act.actions.reflink import Reflink
from pictrace.act.actions.run import Run
from pictrace.act.actions.tag import Tag
from pictrace.act.actions.trash import Trash

ALL: tuple[Action, ...] = (
    Tag(),
    MergeMetadata(),
    Copy(),
    Move(),
    Quarantine(),
    Trash(),
    Hardlink(),
    Reflink(),
    Notify(),
    Run(is_allowed=True),
)
# Every action, as whoever carries plans out needs them; what a config allows, `allowed` says.
ACTIONS: dict[str, Action] = {action.name: action for action in ALL}


def allowed(*, may_run: bool) -> dict[str, Action]:
    """Return the actions that rules may name; `run` among them refuses where the config does not allow it."""
    return {**ACTIONS, Run.name: Run(is_allowed=may_run)}


__all__ = ["ACTIONS", "ALL", "Action", "Draft", "Scene", "allowed"]
