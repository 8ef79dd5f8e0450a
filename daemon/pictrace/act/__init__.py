"""Carries plans out, one journalled and reversible change at a time. Only `changes` alters a watched folder."""

from pictrace.act.actions import ACTIONS
from pictrace.act.actions import allowed as allowed_actions
from pictrace.act.actor import Actor
from pictrace.act.belonging import Belonging, Companion, Photos, companions_of, is_pair
from pictrace.act.changes import write_marker
from pictrace.act.guard import leaning_on, place_of
from pictrace.act.ledger import MANIFEST
from pictrace.act.manifest import Restored, restore_from_manifest
from pictrace.act.quarantine import QuarantineKeeper
from pictrace.act.sidecar_names import existing_sidecar, photos_in
from pictrace.act.trash import Trash
from pictrace.act.world import World

__all__ = [
    "ACTIONS",
    "MANIFEST",
    "Actor",
    "Belonging",
    "Companion",
    "Photos",
    "QuarantineKeeper",
    "Restored",
    "Trash",
    "World",
    "allowed_actions",
    "companions_of",
    "existing_sidecar",
    "is_pair",
    "leaning_on",
    "photos_in",
    "place_of",
    "restore_from_manifest",
    "write_marker",
]
