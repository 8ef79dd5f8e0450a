"""Two photos, their relation, the edits between them, and the evidence."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum

Box = tuple[float, float, float, float]  # left, top, right, bottom; relative to the picture, 0..1


class Relation(StrEnum):
    """How two photos are related: exactly one per finding."""

    SAME_BYTES = "same-bytes"
    SAME_PIXELS = "same-pixels"
    RENDITION = "rendition"
    EDITED = "edited"
    PART = "part"
    BURST = "burst"
    SAME_SCENE = "same-scene"
    UNRELATED = "unrelated"  # only ever the answer of a comparison asked for, never stored

    @property
    def is_copy(self) -> bool:
        """Whether one of the two was made from the other; bursts and views of one scene were not."""
        return self not in (Relation.BURST, Relation.SAME_SCENE, Relation.UNRELATED)


class Certainty(StrEnum):
    """How sure a finding is."""

    PROVED = "proved"  # hashes are equal
    VERIFIED = "verified"  # geometry and pixels agree
    SUSPECTED = "suspected"  # related for sure, but copy and other exposure cannot be told apart

    @property
    def rank(self) -> int:
        """Return 0 for suspected up to 2 for proved."""
        return [Certainty.SUSPECTED, Certainty.VERIFIED, Certainty.PROVED].index(self)


class Direction(StrEnum):
    """Which of the two comes from the other."""

    FILE_FROM_OTHER = "file-from-other"
    OTHER_FROM_FILE = "other-from-file"
    UNKNOWN = "unknown"


class EditKind(StrEnum):
    """What was done to one photo to get the other."""

    RE_ENCODED = "re-encoded"
    RESIZED = "resized"
    ROTATED = "rotated"
    MIRRORED = "mirrored"
    CROPPED = "cropped"
    RECOLORED = "recolored"
    GRAYSCALE = "grayscale"
    BORDERED = "bordered"
    OVERLAID = "overlaid"
    BLURRED = "blurred"
    NOISED = "noised"
    PERSPECTIVE = "perspective"
    COLLAGE_TILE = "collage-tile"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One measured edit; only the measures that belong to its kind are set.

    ``scale`` is file / other along a side. ``degrees`` is how far the file is turned clockwise against the other.
    ``axis`` is ``horizontal`` (left and right swapped) or ``vertical``. ``kept`` and ``share`` are parts of an area.
    ``box`` is relative to the larger picture, of which a part is shown or which was made around the other one;
    ``source_box`` says which part of the smaller one is seen there.
    """

    kind: EditKind
    scale: float | None = None
    degrees: float | None = None
    axis: str | None = None
    kept: float | None = None
    share: float | None = None
    box: Box | None = None
    source_box: Box | None = None
    sides: tuple[str, ...] | None = None

    def measures(self) -> dict[str, object]:
        """Return the measures that are set, by name, as they stand in JSON."""
        values = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "kind"}
        return {k: list(v) if isinstance(v, tuple) else v for k, v in values.items() if v is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One measurement with the limit it was held against."""

    name: str
    value: float
    limit: float
    passed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What comparing two photos gave, before it is known which files hold them.

    The *file* is the one asked about, the *other* the one it is compared with. ``similarity`` is 0..1 and means the
    same for every relation: see docs/matching.md. ``matcher_version``: a newer matcher judges again.
    """

    relation: Relation
    certainty: Certainty
    similarity: float
    direction: Direction = Direction.UNKNOWN
    edits: tuple[Edit, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    matcher_version: int = 1

    @property
    def is_sure_copy(self) -> bool:
        """Whether the two are copies, verified or proved."""
        return self.relation.is_copy and self.certainty is not Certainty.SUSPECTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A match between two photos in the library; ``file`` is the later known of the two.

    ``id`` is None for ``same-bytes``, which is read off the file table and not stored.
    """

    id: int | None
    file: bytes  # content hash
    other: bytes  # content hash; equal to ``file`` for same-bytes
    match: Match
