"""The words of PicTrace as frozen values: no I/O, no arrays; and the clocks, to be handed in."""

from pictrace.model.clock import CLOCK, Clock
from pictrace.model.file import FileState, PhotoFile, Role, RootInfo, RootState, StatKey
from pictrace.model.finding import (
    Box,
    Certainty,
    Direction,
    Edit,
    EditKind,
    Evidence,
    Finding,
    Match,
    Relation,
)
from pictrace.model.memory import Farewell, Remains, Tombstone, Verdict, Word
from pictrace.model.network import ArrayLayout, ChannelOrder, MapPool, Network, ResizeForm
from pictrace.model.photo import METADATA_VERSION, Fingerprint, Metadata, Photo, PhotoState
from pictrace.model.plan import Change, ChangeKind, ChangeState, HeldPlan, Member, Plan, Side, Step

__all__ = [
    "CLOCK",
    "METADATA_VERSION",
    "ArrayLayout",
    "Box",
    "Certainty",
    "Change",
    "ChangeKind",
    "ChangeState",
    "ChannelOrder",
    "Clock",
    "Direction",
    "Edit",
    "EditKind",
    "Evidence",
    "Farewell",
    "FileState",
    "Finding",
    "Fingerprint",
    "HeldPlan",
    "MapPool",
    "Match",
    "Member",
    "Metadata",
    "Network",
    "Photo",
    "PhotoFile",
    "PhotoState",
    "Plan",
    "Relation",
    "Remains",
    "ResizeForm",
    "Role",
    "RootInfo",
    "RootState",
    "Side",
    "StatKey",
    "Step",
    "Tombstone",
    "Verdict",
    "Word",
]
