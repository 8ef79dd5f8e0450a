"""Which pictures of a scene each method puts nearest to each other, copies or not: accuracy, and seconds a pair.

The form of an article on finding duplicate images, its experiments 1 and 2: of each group the first picture is the
one asked about, all other pictures of the folder are candidates, and as many as the group has besides are taken.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pictrace.bench.copies import Group
from pictrace.bench.running import Tell, Wanted, bench_pool, in_chunks, measured
from pictrace.bench.shares import Share
from pictrace.bench.tally import clean
from pictrace.match.methods import Metric

Json = dict[str, Any]
_ROWS, _COLUMNS = 4, 5
_MILLISECONDS: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """How many true neighbors one number of a method puts among the nearest; seconds for describing and comparing."""

    method: str
    metric: Metric
    share: Share
    seconds_a_pair: float
    untold: int

    def to_json(self) -> Json:
        """Return it as plain values."""
        return {
            "method": self.method,
            "metric": self.metric.name,
            "accuracy": clean(round(self.share.value, 4)),
            "hits": self.share.hits,
            "of": self.share.n,
            "seconds_a_pair": clean(round(self.seconds_a_pair, 6)),
            "could_not_tell": self.untold,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupsResult:
    """What a folder of groups came to."""

    folder: Path
    groups: int
    pictures: int
    rows: tuple[Accuracy, ...]

    def to_json(self) -> Json:
        """Return the object of the JSON contract."""
        return {
            "event": "groups",
            "folder": str(self.folder),
            "groups": self.groups,
            "pictures": self.pictures,
            "rows": [row.to_json() for row in self.rows],
        }


@dataclass(slots=True)
class _Seen:
    """What was measured with one number: the values of candidates by the picture asked about."""

    values: dict[Path, dict[Path, float]] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    untold: int = 0


def accuracies(folder: Path, groups: Sequence[Group], what: Wanted, tell: Tell) -> GroupsResult:
    """Return how well each method finds the other pictures of each group.

    Args:
        folder: that holds them, for the answer.
        groups: of two pictures and more each.
        what: the methods.
        tell: hears how many pairs are done.
    """
    asked = [group.files[0] for group in groups]
    pictures = [path for group in groups for path in group.files]
    seen = {(name, metric.name): _Seen() for name, metric in what.metrics}
    pool = bench_pool()
    try:
        chunks = list(in_chunks(asked, pictures, height=_ROWS, width=_COLUMNS))
        for row, column, outcome in measured(pool, chunks, what, tell):
            for (name, metric), one in seen.items() if row != column else ():
                if name != outcome.method:
                    continue
                if outcome.reading is None:
                    one.untold += 1
                    continue
                one.values.setdefault(row, {})[column] = outcome.reading.values[metric]
                took = outcome.describe_milliseconds + outcome.compare_milliseconds
                one.seconds.append(took / _MILLISECONDS)
    finally:
        pool.close()
    rows = tuple(_accuracy(name, metric, seen[name, metric.name], groups) for name, metric in what.metrics)
    return GroupsResult(folder=folder, groups=len(groups), pictures=len(pictures), rows=rows)


def _accuracy(name: str, metric: Metric, seen: _Seen, groups: Sequence[Group]) -> Accuracy:
    hits = sum(neighbors_found(group, seen.values.get(group.files[0], {}), metric) for group in groups)
    return Accuracy(
        method=name,
        metric=metric,
        share=Share(hits=hits, n=sum(len(group.files) - 1 for group in groups)),
        seconds_a_pair=statistics.median(seen.seconds) if seen.seconds else float("nan"),
        untold=seen.untold,
    )


def neighbors_found(group: Group, values: Mapping[Path, float], metric: Metric) -> int:
    """Return how many of a group's other pictures are among as many nearest candidates.

    Args:
        group: whose first picture was asked about.
        values: what each candidate gave; one of which nothing could be told is not among them, and is never near.
        metric: what the values mean. Of equal ones those come first that are not of the group.
    """
    members = set(group.files[1:])
    nearest = sorted(
        values, key=lambda path: (-values[path] if metric.is_similarity else values[path], path in members, path)
    )
    return len(members.intersection(nearest[: len(members)]))
