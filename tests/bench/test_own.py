"""How PicTrace's own answers are ranked beside the numbers of methods."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from pictrace.bench.own import OWN_CUT, OWN_METRIC, likeness
from pictrace.model import Certainty, Match, Relation


def match(relation: Relation, similarity: float, certainty: Certainty = Certainty.VERIFIED) -> Match:
    return Match(relation=relation, certainty=certainty, similarity=similarity)


def verified(similarity: float) -> float:
    return likeness(match(Relation.EDITED, similarity))


def suspected(similarity: float) -> float:
    return likeness(match(Relation.EDITED, similarity, Certainty.SUSPECTED))


def same_scene(similarity: float, shared_points: int = 0) -> float:
    return likeness(match(Relation.SAME_SCENE, similarity), shared_points)


def unrelated(similarity: float, shared_points: int = 0) -> float:
    return likeness(match(Relation.UNRELATED, similarity), shared_points)


def test_the_relation_goes_before_how_similar_two_pictures_are() -> None:
    """The least of each kind is nearer than the most of the next."""
    kinds = [
        (verified(0.0), verified(1.0)),
        (suspected(0.0), suspected(1.0)),
        (same_scene(0.0), same_scene(1.0, shared_points=100_000)),
        (unrelated(0.0), unrelated(1.0, shared_points=100_000)),
    ]

    assert all(better[0] > worse[1] for better, worse in itertools.pairwise(kinds))


@pytest.mark.parametrize("kind", [verified, suspected, same_scene, unrelated])
def test_of_one_kind_the_more_similar_pair_is_nearer(kind: Callable[..., float]) -> None:
    values = [kind(similarity) for similarity in (0.0, 0.01, 0.5, 0.99, 1.0)]

    assert values == sorted(set(values))


@pytest.mark.parametrize("kind", [same_scene, unrelated])
def test_of_pictures_that_are_no_copies_those_that_share_more_points_are_nearer(kind: Callable[..., float]) -> None:
    values = [kind(0.5, shared_points=points) for points in (0, 1, 20, 400)]

    assert values == sorted(set(values))


def test_only_a_verified_copy_is_above_the_cut_and_only_an_equal_one_perfect() -> None:
    assert verified(0.0) > OWN_CUT > suspected(1.0)
    assert verified(1.0) == OWN_METRIC.perfect > verified(0.999)
