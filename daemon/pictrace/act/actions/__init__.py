"""What a rule can have done: one module an action."""

from pictrace.act.actions.base import Action, Draft, Scene
from pictrace.act.actions.merge_metadata import MergeMetadata
from pictrace.act.actions.move import Move
from pictrace.act.actions.notify import Notify
from pictrace.act.actions.quarantine import Quarantine
from pictrace.act.actions.tag import Tag

ALL: tuple[Action, ...] = (Tag(), MergeMetadata(), Move(), Quarantine(), Notify())
ACTIONS: dict[str, Action] = {action.name: action for action in ALL}

__all__ = ["ACTIONS", "ALL", "Action", "Draft", "Scene"]
