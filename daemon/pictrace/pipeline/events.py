"""What the pipeline tells the world: values that print themselves as the JSON contract wants them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pictrace.model import (
    Certainty,
    Change,
    Direction,
    Edit,
    EditKind,
    Evidence,
    HeldPlan,
    Match,
    PhotoFile,
    Plan,
    Relation,
    Tombstone,
    Verdict,
)

Json = dict[str, Any]  # Any: JSON values of every type


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """An archive that is away; ``since`` when it was first missed, wall-clock seconds, None where nobody noted it."""

    root: Path
    since: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFinding:
    """A finding between two files that are there now; ``file`` is the later known.

    ``verdict``: what a person said of the two contents. ``away``: the other file lies in an archive that is away.
    ``is_only_told``: what is away became known after the file that is there (and is ``file``, but for equal bytes);
    no rule is asked.
    """

    file: PhotoFile
    other: PhotoFile
    match: Match
    id: int | None = None
    verdict: Verdict | None = None
    away: Away | None = None
    is_only_told: bool = False

    def side_at(self, path: Path) -> PhotoFile:
        """Return the one of its two files that lies at a path.

        Raises:
            LookupError: neither does.
        """
        for file in (self.file, self.other):
            if file.path == path:
                return file
        raise LookupError(f"{path}: the finding is about {self.file.path} and {self.other.path}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingEvent:
    """A finding, and what the rules want done about it.

    ``is_returned``: one of its files went for good before, and what was kept in its place is there.
    """

    finding: FileFinding
    plan: Plan | None = None
    is_returned: bool = False

    def to_json(self) -> Json:
        """Return the object of the JSON contract."""
        match, plan = self.finding.match, self.plan
        return {
            "event": "finding",
            "id": self.finding.id,
            **match_json(self.finding.file.path, self.finding.other.path, match),
            "keeper": None if plan is None else json_path(plan.keeper),
            "keeper_reason": None if plan is None else plan.keeper_reason,
            "rule": None if plan is None else plan.rule,
            "rule_place": None if plan is None else plan.place or None,
            "plan": [] if plan is None else [step.action for step in plan.steps],
            "held": None if plan is None else plan.held,
            **memory_json(self.finding.verdict, self.finding.away),
            **({"returned": True} if self.is_returned else {}),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedEvent:
    """A file that went for good before and is there again, while nothing is that was kept in its place."""

    path: Path
    stone: Tombstone

    def to_json(self) -> Json:
        """Return the object of the JSON contract."""
        return {
            "event": "returned",
            "file": json_path(self.path),
            "went": self.stone.farewell.value,
            "at": self.stone.made_at,
            "name": self.stone.name,
            "kept": None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeEvent:
    """A change as it stands in the journal now."""

    change: Change

    def to_json(self) -> Json:
        """Return the object of the JSON contract."""
        change = self.change
        return {
            "event": "change",
            "id": change.id,
            "kind": change.kind.value,
            "state": change.state.value,
            "from": json_path(change.source),
            "to": None if change.target is None else json_path(change.target),
            "beside": bool(change.details.get("beside")),
            "finding": change.details.get("finding_id"),
            "rule": change.rule,
            "undoes": change.undoes,
            "error": change.error,
            **({"unchanged": True} if change.details.get("is_unchanged") else {}),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldEvent:
    """A plan that the brake holds."""

    held: HeldPlan

    def to_json(self) -> Json:
        """Return the object of the JSON contract."""
        held = self.held
        return {
            "event": "held",
            "id": held.id,
            "file": json_path(held.file),
            "duplicate": json_path(held.duplicate),
            "keeper": json_path(held.keeper),
            "rule": held.rule,
            "plan": list(held.actions),
            "since": held.held_at,
            "confirmed": held.confirmed_at is not None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableEvent:
    """A file that could not be read, or holds no picture we can decode."""

    path: Path
    error: str

    def to_json(self) -> Json:
        """Return the object of the JSON contract."""
        return {"event": "unreadable", "file": json_path(self.path), "error": self.error}


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryEvent:
    """What a scan came to; ``held`` counts the plans that the brake held."""

    files: int
    photos: int
    fingerprinted: int
    findings: int
    changes: int
    unreadable: int
    seconds: float
    held: int = 0

    def to_json(self) -> Json:
        """Return the object of the JSON contract."""
        return {
            "event": "summary",
            "files": self.files,
            "photos": self.photos,
            "fingerprinted": self.fingerprinted,
            "findings": self.findings,
            "changes": self.changes,
            "held": self.held,
            "unreadable": self.unreadable,
            "seconds": round(self.seconds, 2),
        }


Event = FindingEvent | ReturnedEvent | ChangeEvent | HeldEvent | UnreadableEvent | SummaryEvent


def memory_json(verdict: Verdict | None, away: Away | None) -> Json:
    """Return what a person said and which archive is away, each only where there is something to say."""
    told: Json = {} if verdict is None else {"told": {"word": verdict.word.value, "at": verdict.made_at}}
    return told if away is None else {**told, "away": {"root": json_path(away.root), "since": away.since}}


def match_json(file: Path, other: Path, match: Match) -> Json:
    """Return the part of the contract that tells how two files are related."""
    return {
        "file": json_path(file),
        "other": json_path(other),
        "relation": match.relation.value,
        "similarity": round(match.similarity, 4),
        "certainty": match.certainty.value,
        "direction": match.direction.value,
        "edits": [{"kind": edit.kind.value, **edit.measures()} for edit in match.edits],
        "evidence": [
            {"name": e.name, "value": round(e.value, 5), "limit": round(e.limit, 5), "passed": e.passed}
            for e in match.evidence
        ],
    }


def match_from_json(told: Json) -> Match:
    """Return the match that `match_json` told.

    Raises:
        KeyError, TypeError, ValueError: it is none.
    """
    return Match(
        relation=Relation(told["relation"]),
        certainty=Certainty(told["certainty"]),
        similarity=float(told["similarity"]),
        direction=Direction(told["direction"]),
        edits=tuple(_edit(dict(edit)) for edit in told["edits"]),
        evidence=tuple(Evidence(**one) for one in told["evidence"]),
    )


def _edit(measures: Json) -> Edit:
    kind = EditKind(measures.pop("kind"))
    values: Json = {name: tuple(one) if isinstance(one, list) else one for name, one in measures.items()}
    return Edit(kind=kind, **values)


def json_path(path: Path) -> str:
    r"""Return a path as JSON text.

    A name that is no valid UTF-8 keeps its lone surrogates, which JSON writes as ``\udcXX``: a reader gets the exact
    bytes back with ``os.fsencode(json.loads(...))``.
    """
    return os.fspath(path)


SAME_BYTES = Match(relation=Relation.SAME_BYTES, certainty=Certainty.PROVED, similarity=1.0)
