"""A network's vectors as a part of fingerprints, and as a source of candidates; it never decides."""

from __future__ import annotations

import shutil
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from pictrace.config import load_network
from pictrace.errors import ConfigError
from pictrace.fingerprint import VERSIONS
from pictrace.imaging import network_version
from pictrace.match import MATCHER_VERSION, Candidate
from pictrace.match.index import ENTRIES_VERSION
from pictrace.model import Network
from pictrace.pipeline.intake import Landed
from pictrace.pipeline.judge import _MOST_ALIKE
from pictrace.pipeline.suspects import looking_alike, suspected
from pictrace.pipeline.vectors import vector_of

TINY = load_network(Path(__file__).resolve().parents[1] / "networks" / "tiny.yaml")


def begin(line: Any, network: Network | None) -> None:
    line.network = network
    line.restart()


def stored(line: Any, name: str, network: Network = TINY) -> np.ndarray | None:
    vector = line.index.vectors.vector(line.hash(name), network_version(network))
    return None if vector is None else np.frombuffer(vector, "<f4")


def waiting(line: Any, network: Network | None) -> set[str]:
    rows = line.index.files.unjudged(
        matcher_version=MATCHER_VERSION,
        entries_version=ENTRIES_VERSION,
        fingerprint_versions=VERSIONS,
        vector_version=None if network is None else network_version(network),
    )
    return {row.path.name for row in rows}


def test_without_a_network_no_vector_is_computed(line: Any, comparer: Any, photographs: Any) -> None:
    line.land("cat.jpg", photographs["cat"])

    assert "vector_of" not in line.tasks()
    assert stored(line, "cat.jpg") is None


def test_a_new_photo_gets_its_vector(line: Any, comparer: Any, photographs: Any) -> None:
    begin(line, TINY)

    line.land("cat.jpg", photographs["cat"])

    vector = stored(line, "cat.jpg")
    assert vector is not None
    np.testing.assert_array_equal(vector, vector_of(line.folder / "cat.jpg", TINY, network_version(TINY)))


def test_what_only_the_vector_brings_is_compared_and_nothing_more(line: Any, comparer: Any, photographs: Any) -> None:
    begin(line, TINY)
    line.land("cat.jpg", photographs["cat"])

    line.land("coffee.jpg", photographs["coffee"])

    assert comparer.asked == [("coffee.jpg", "cat.jpg")]
    assert line.findings("coffee.jpg") == {}  # the comparer said unrelated, however near the vectors


def test_without_the_vector_it_would_not_be(line: Any, comparer: Any, photographs: Any) -> None:
    line.land("cat.jpg", photographs["cat"])
    line.land("coffee.jpg", photographs["coffee"])

    assert comparer.asked == []


def test_no_photo_is_compared_with_more_than_a_few_by_vectors(line: Any, comparer: Any, photo: Any) -> None:
    begin(line, TINY)
    for seed in range(_MOST_ALIKE + 3):
        line.land(f"{seed}.png", Image.open(photo(f"drawn{seed}.png", seed=50 + seed)))
    comparer.asked.clear()

    line.land("last.png", Image.open(photo("drawn.png", seed=99)))

    assert 0 < len(comparer.asked) <= _MOST_ALIKE + 2  # two may come by hash or votes


def test_photos_known_before_are_taken_up_and_compared_again(line: Any, comparer: Any, photographs: Any) -> None:
    line.land("cat.jpg", photographs["cat"])
    line.land("coffee.jpg", photographs["coffee"])
    assert waiting(line, None) == set()
    begin(line, TINY)

    assert waiting(line, TINY) == {"cat.jpg", "coffee.jpg"}
    line.land("cat.jpg")
    line.land("coffee.jpg")

    assert waiting(line, TINY) == set()
    assert stored(line, "cat.jpg") is not None
    assert comparer.asked == [("coffee.jpg", "cat.jpg")]


def test_another_recipe_computes_that_part_anew_and_no_other(line: Any, comparer: Any, photographs: Any) -> None:
    begin(line, TINY)
    line.land("cat.jpg", photographs["cat"])
    other = replace(TINY, output="classes")
    begin(line, other)
    line.tasks()

    line.land("cat.jpg")

    tasks = line.tasks()
    assert tasks.count("vector_of") == 1
    assert "take_in" not in tasks
    assert stored(line, "cat.jpg") is None
    vector = stored(line, "cat.jpg", other)
    assert vector is not None
    assert len(vector) == 4


def test_a_photo_that_has_its_vector_is_left_in_peace(line: Any, comparer: Any, photographs: Any) -> None:
    begin(line, TINY)
    line.land("cat.jpg", photographs["cat"])
    begin(line, TINY)
    line.tasks()

    line.land("cat.jpg")

    assert line.tasks() == []


def test_a_model_that_goes_away_costs_vectors_and_nothing_else(
    line: Any, comparer: Any, photographs: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    own = replace(TINY, model=tmp_path / "own.onnx")
    shutil.copy(TINY.model, own.model)
    begin(line, own)
    own.model.write_bytes(b"no network")
    vector_of.__globals__["network_vector"].__globals__["_loaded"].cache_clear()

    line.land("cat.jpg", photographs["cat"])

    assert line.judged == [line.folder / "cat.jpg"]
    assert stored(line, "cat.jpg") is None
    assert "no vector" in caplog.text
    assert "own.onnx: another model than at the start" in caplog.text


def test_a_network_that_cannot_be_used_is_a_wrong_config(line: Any, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"tiny\.onnx: the network 'tiny': expected the output 'nothing'"):
        begin(line, replace(TINY, output="nothing"))

    begin(line, None)  # for the fixture's end


@pytest.mark.parametrize("wrong", [np.zeros(3, np.float32), np.full(12, np.nan, np.float32)])
def test_a_worker_that_answers_nonsense_leaves_no_vector(
    line: Any, comparer: Any, photographs: Any, wrong: np.ndarray
) -> None:
    begin(line, TINY)
    submit = line.pool.submit
    line.pool.submit = lambda function, *args: submit((lambda *_: wrong) if function is vector_of else function, *args)

    line.land("cat.jpg", photographs["cat"])

    assert line.judged == [line.folder / "cat.jpg"]
    assert stored(line, "cat.jpg") is None


@pytest.mark.parametrize(
    "wrong", [b"\1\2\3\4\5", bytes(4), np.full(12, np.nan, "<f4").tobytes()], ids=["odd", "short", "nan"]
)
def test_a_stored_vector_of_wrong_numbers_is_computed_anew(
    line: Any, comparer: Any, photographs: Any, wrong: bytes
) -> None:
    begin(line, TINY)
    line.land("cat.jpg", photographs["cat"])
    good = stored(line, "cat.jpg")
    line.index.vectors.put(line.hash("cat.jpg"), wrong, network_version(TINY))
    begin(line, TINY)

    line.land("cat.jpg")

    np.testing.assert_array_equal(stored(line, "cat.jpg"), good)


def test_a_later_photo_waits_for_the_vector_of_an_earlier_one(line: Any, comparer: Any, photographs: Any) -> None:
    for name in ("cat", "coffee"):
        line.land(f"{name}.jpg", photographs[name])
    begin(line, TINY)
    cat, held, submit = line.folder / "cat.jpg", Future(), line.pool.submit
    line.pool.submit = lambda function, *args: (
        held if function is vector_of and args[0] == cat else submit(function, *args)
    )

    for name in ("cat.jpg", "coffee.jpg"):
        line.scheduler.add(line.intake.take_in(Landed(path=line.folder / name, is_arrival=False)))
    for _ in range(20):
        line.scheduler.step(0)
    before = list(comparer.asked)
    held.set_result(vector_of(cat, TINY, network_version(TINY)))
    for _ in range(20):
        line.scheduler.step(0)

    assert before == []
    assert comparer.asked == [("coffee.jpg", "cat.jpg")]


def test_votes_are_not_taken_for_those_of_a_vector() -> None:
    by_vector = [Candidate(photo_id=one, distance=None, cosine=one / 10) for one in range(1, 6)]
    voted = Candidate(photo_id=9, distance=None, votes=5.0, cosine=0.45)
    near = Candidate(photo_id=8, distance=3, cosine=0.99)

    assert suspected([near, voted, *by_vector]) == [voted]
    assert [one.photo_id for one in looking_alike([near, voted, *by_vector], 3)] == [5, 9, 4]
