"""What the rules want, and the disk changes it takes."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from pictrace.model.file import PhotoFile, StatKey


class Side(StrEnum):
    """On which of the two an action works."""

    DUPLICATE = "duplicate"
    KEEPER = "keeper"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One action of a rule, with its options as the action declared them."""

    action: str
    on: Side = Side.DUPLICATE
    options: dict[str, Any] = field(default_factory=dict)  # Any: each action declares and checks its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Another photo of the duplicate's exposure that goes with it, and the photo it is itself a copy of."""

    photo: PhotoFile
    keeper: PhotoFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the rules want done about one finding; ``place`` is the file and line of the rule.

    ``keeper_reason`` is the line of the keeper policy that decided. ``held``: why it is not carried out now, None
    where nothing stands in its way. ``members`` are photos of one exposure with the duplicate that go with it.
    ``is_confirmed``: a person saw this very plan and agreed, so the brake lets it go.
    """

    rule: str
    steps: tuple[Step, ...]
    keeper: Path
    duplicate: Path
    keeper_reason: str
    held: str | None = None
    is_confirmed: bool = False
    members: tuple[Member, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPlan:
    """A plan that the brake holds until a person confirms it; what is let go is judged anew, so no step is kept.

    ``file`` is the one whose findings led to it, ``root`` the identity of the root that ``duplicate`` lies in.
    ``actions`` are the names of its steps, to be shown. ``is_backlog_allowed``: how it was judged.
    """

    id: int = 0
    root: str
    file: Path
    duplicate: Path
    keeper: Path
    rule: str
    actions: tuple[str, ...]
    is_backlog_allowed: bool
    held_at: float = 0.0  # wall clock, a label
    confirmed_at: float | None = None


class ChangeKind(StrEnum):
    """A reversible disk change, or a word said outside."""

    MOVE = "move"
    QUARANTINE = "quarantine"
    TRASH = "trash"
    HARDLINK = "hardlink"
    REFLINK = "reflink"
    COPY = "copy"
    TAG = "tag"
    MERGE_METADATA = "merge-metadata"
    NOTIFY = "notify"
    RUN = "run"
    UNDO = "undo"

    @property
    def is_reversible(self) -> bool:
        """Whether a change of this kind can be taken back: not what was said or run, nor what takes another back."""
        return self not in (ChangeKind.NOTIFY, ChangeKind.RUN, ChangeKind.UNDO)

    @property
    def writes_sidecar(self) -> bool:
        """Whether it changes a sidecar, whose previous bytes the journal keeps."""
        return self in (ChangeKind.TAG, ChangeKind.MERGE_METADATA)

    @property
    def is_move(self) -> bool:
        """Whether the photo itself goes to another place, with what belongs to it."""
        return self in (ChangeKind.MOVE, ChangeKind.QUARANTINE, ChangeKind.TRASH)

    @property
    def is_link(self) -> bool:
        """Whether the name stays and its data becomes that of the keeper; the old file goes into quarantine."""
        return self in (ChangeKind.HARDLINK, ChangeKind.REFLINK)


class ChangeState(StrEnum):
    """Where a change stands in the journal."""

    PLANNED = "planned"
    COPYING = "copying"
    COPIED = "copied"
    LINKING = "linking"
    DONE = "done"
    ABORTED = "aborted"
    UNDONE = "undone"
    NEEDS_ATTENTION = "needs-attention"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One reversible disk change, as the journal holds it.

    ``source`` is acted on and ``target`` is where it goes; for what writes a sidecar, ``target`` is that.
    ``key`` and ``content_hash`` are those of the source when the plan was made, ``keeper`` and
    ``keeper_hash`` those of the photo that stays. ``temporary`` is the name a copy has before it is whole.
    ``before`` holds the bytes that a written file had, None where there was none.
    """

    id: int
    kind: ChangeKind
    state: ChangeState
    root: str
    source: Path
    target: Path | None
    content_hash: bytes
    key: StatKey | None = None
    keeper: Path | None = None
    keeper_hash: bytes | None = None
    temporary: Path | None = None
    before: bytes | None = None
    rule: str | None = None
    finding: str | None = None  # the finding as JSON, so that the reason outlives the index
    batch: str = ""  # changes of one plan share it: they are undone together
    undoes: int | None = None  # the change this one takes back
    error: str | None = None
    made_at: float = 0.0  # wall clock, a label
    monotonic_at: float | None = None  # monotonic clock, for the brake; None where it does not count, or no more
    details: dict[str, Any] = field(default_factory=dict)  # Any: what the kind needs, plain JSON values
