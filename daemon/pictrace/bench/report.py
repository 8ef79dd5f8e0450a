"""What the matrix found, as tables for people and as JSON objects for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from pictrace.bench.comparing import MIXES, table
from pictrace.bench.judged import JudgedCopy, as_json
from pictrace.bench.matrix import Matrix, Speed
from pictrace.bench.negatives import Refused
from pictrace.bench.shares import Share
from pictrace.model import Relation

T = TypeVar("T")
Json = dict[str, Any]  # Any: JSON values of every type

ALL: Final = "all"
_MEASURES: Final = {
    "scale": "scale within 2 %",
    "angle": "angle within 1°",
    "axis": "axis",
    "box": "box IoU ≥ 0.9",
    "tile": "tile",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the matrix: a family, a variant of it, or all.

    Shares are of all copies, but ``measures`` of those that were found, and ``named`` of those that changed enough to
    be named.
    """

    family: str
    variant: str | None
    verified: Share
    found: Share
    relation: Share
    named: Share
    measures: dict[str, Share]
    called_burst: Share
    errors: int

    def to_json(self) -> Json:
        """Return the line as a JSON object."""
        return {
            "event": "matrix",
            "family": self.family,
            "variant": self.variant,
            "n": self.verified.n,
            "verified": self.verified.as_json(),
            "found": self.found.as_json(),
            "relation_right": self.relation.as_json(),
            "edit_named": self.named.as_json(),
            "measures_right": {name: share.as_json() for name, share in self.measures.items()},
            "called_burst": self.called_burst.as_json(),
            "errors": self.errors,
        }


def line_of(copies: Sequence[JudgedCopy], family: str, variant: str | None = None) -> Line:
    """Return the line that copies come to."""
    measures = dict.fromkeys(name for one in copies for name in one.measures)
    return Line(
        family=family,
        variant=variant,
        verified=Share.of(one.is_verified for one in copies),
        found=Share.of(one.is_found for one in copies),
        relation=Share.of(one.is_relation_right for one in copies),
        named=Share.of(one.is_named for one in copies if one.is_named is not None),
        measures={name: Share.of(one.measures[name] for one in copies if name in one.measures) for name in measures},
        called_burst=Share.of(one.is_called_burst for one in copies),
        errors=sum(one.error is not None for one in copies),
    )


def lines_of(matrix: Matrix) -> tuple[list[Line], list[Line]]:
    """Return a line for each family with one for all, and a line for each variant."""
    families = [line_of(members, name) for name, members in _grouped(matrix.copies, lambda one: one.family)]
    variants = [
        line_of(members, members[0].family, members[0].variant)
        for _, members in _grouped(matrix.copies, lambda one: f"{one.family}.{one.variant}")
    ]
    return ([*families, line_of(matrix.copies, ALL)] if matrix.copies else []), variants


def events(matrix: Matrix) -> Iterator[Json]:
    """Yield the JSON objects of a matrix: lines, pairs that are no copies, speed, and what was left out."""
    families, variants = lines_of(matrix)
    yield from (line.to_json() for line in (*families, *variants))
    if matrix.negatives:
        yield {"event": "negatives", **_refused_json(matrix.negatives)}
    for kind, members in _grouped(matrix.exposures, lambda one: one.kind):
        yield {"event": "exposures", "kind": kind, **_refused_json(members)}
    if matrix.exposures:
        yield {"event": "exposures", "kind": ALL, **_refused_json(matrix.exposures)}
    if matrix.speed is not None:
        yield {"event": "speed", **_speed_json(matrix.speed)}
    for name, reason in matrix.left_out.items():
        yield {"event": "left-out", "file": name, "reason": reason}


def pairs(matrix: Matrix) -> Iterator[Json]:
    """Yield one JSON object for each pair that was compared."""
    for copy in matrix.copies:
        yield {"event": "copy", **as_json(copy)}
    for event, members in (("negative", matrix.negatives), ("exposure", matrix.exposures)):
        for one in members:
            certainty = None if one.match is None else one.match.certainty.value
            yield {
                "event": event,
                "file": one.file,
                "other": one.other,
                "kind": one.kind or None,
                "relation": one.relation,
                "certainty": certainty,
            }


def tables(matrix: Matrix) -> str:
    """Return a matrix as tables in markdown, aligned so that they read well on a terminal too."""
    families, variants = lines_of(matrix)
    parts = []
    if families:
        parts += [_matrix_table(families), _matrix_table(variants)]
    if matrix.negatives:
        parts.append(_refused_table("pairs of different photos", [("all", matrix.negatives)]))
    if matrix.exposures:
        kinds = [*_grouped(matrix.exposures, lambda one: one.kind), (ALL, matrix.exposures)]
        parts.append(_refused_table("other exposures", kinds))
    if matrix.speed is not None:
        parts += _speed_tables(matrix.speed)
    return "\n\n".join(parts)


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as a table in markdown with columns of one width; the first row is its head."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    return "\n".join([lines[0], "| " + " | ".join("-" * width for width in widths) + " |", *lines[1:]])


def _matrix_table(lines: Sequence[Line]) -> str:
    is_by_variant = any(line.variant is not None for line in lines)
    head = ["attack" if is_by_variant else "family", "n", "verified", "or suspected", "relation right", "edit named"]
    rows = [[*head, "measures right", "called burst"]]
    for line in lines:
        name = line.family if line.variant is None else f"{line.family}.{line.variant}"
        measures = "; ".join(f"{_MEASURES[measure]} {share}" for measure, share in line.measures.items())
        shares = [str(share) for share in (line.verified, line.found, line.relation, line.named)]
        is_whole = line.family == ALL
        rows.append(
            [name, str(line.verified.n), *shares, ("–" if is_whole else measures) or "–", str(line.called_burst.hits)]
        )
    return aligned(rows)


def _refused_table(title: str, kinds: Sequence[tuple[str, Sequence[Refused]]]) -> str:
    relations = [Relation.BURST.value, Relation.SAME_SCENE.value, Relation.UNRELATED.value]
    rows = [[title, "n", "called a copy", "suspected", *relations]]
    for kind, members in kinds:
        told = [str(sum(one.relation == relation for one in members)) for relation in relations]
        suspected = str(sum(one.is_suspected for one in members))
        rows.append([kind, str(len(members)), str(Share.of(one.is_false_copy for one in members)), suspected, *told])
    return aligned(rows)


def _refused_json(members: Sequence[Refused]) -> Json:
    return {
        "n": len(members),
        "false_copies": Share.of(one.is_false_copy for one in members).as_json(),
        "suspected": sum(one.is_suspected for one in members),
        "relations": {name: len(some) for name, some in sorted(_grouped(members, lambda one: one.relation))},
        "pairs": [[one.file, one.other, one.relation] for one in members if one.is_false_copy or one.is_suspected],
    }


def _speed_json(speed: Speed) -> Json:
    return {
        "cached_compare_ms": {name: speed.comparing.told(mix) for name, mix in MIXES.items()},
        "fingerprint_12mp_ms": {
            "decode": round(speed.fingerprint.decode_ms, 1),
            "beyond_decode": round(speed.fingerprint.beyond_ms, 1),
        },
    }


def _speed_tables(speed: Speed) -> list[str]:
    cost = speed.fingerprint
    rows = [["milliseconds for 12 megapixels, median of 5", ""]]
    rows.append(["decoding", f"{cost.decode_ms:.1f}"])
    rows.append(["fingerprint beyond decoding", f"{cost.beyond_ms:.1f}"])
    return [aligned(table(speed.comparing)), aligned(rows)]


def _grouped(values: Iterable[T], key: Callable[[T], str]) -> list[tuple[str, list[T]]]:
    groups: dict[str, list[T]] = {}
    for value in values:
        groups.setdefault(key(value), []).append(value)
    return list(groups.items())
