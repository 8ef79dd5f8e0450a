"""Answers of a worker: plain values come back as they were, and nothing else comes through."""

from __future__ import annotations

import contextlib
import os
import pickle
import struct
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from pictrace.errors import UndecodableError
from pictrace.fingerprint import WorkerPool, hash_file
from pictrace.fingerprint.answers import AnswerError, decoded, encoded
from pictrace.fingerprint.shapes import shaped, wanted_of
from pictrace.match import compare
from pictrace.match.compare import examine
from pictrace.model import Match
from pictrace.pipeline.asking import TakenIn, take_in

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**100), 2**100)
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | st.just(Path("a/ü\udcff.jpg")),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
    max_leaves=30,
)


@given(plain)
def test_plain_values_come_back_as_they_were(value):
    assert decoded(encoded(value)) == value


@given(plain, st.data())
def test_no_part_of_an_answer_is_an_answer(value, data):
    whole = encoded(value)
    cut = data.draw(st.integers(0, len(whole) - 1))

    with pytest.raises(AnswerError):
        decoded(whole[:cut])
    with pytest.raises(AnswerError):
        decoded(whole + b"N")


@given(st.binary(max_size=200))
def test_any_bytes_are_an_answer_or_an_error(data):
    with contextlib.suppress(AnswerError):
        decoded(data)


@given(plain, st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=5))
def test_a_changed_answer_is_an_answer_or_an_error(value, changes):
    data = bytearray(encoded([value, np.zeros((3, 2), np.float32)]))
    for at, byte in changes:
        data[at % len(data)] = byte

    with contextlib.suppress(AnswerError):
        shaped(list[Any], decoded(bytes(data)))


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.uint64, np.float32, np.float64, np.bool_])
@pytest.mark.parametrize("shape", [(0, 4), (3,), (2, 3, 4)])
def test_arrays_come_back_as_they_were(dtype, shape):
    array = (np.random.default_rng(1).random(shape) * 100).astype(dtype)

    back = decoded(encoded(array))

    assert back.dtype == array.dtype
    np.testing.assert_array_equal(back, array)
    assert back.flags.writeable


@pytest.mark.parametrize("array", [np.array([object()]), np.zeros(2, [("x", "<u2")]), np.array(["text"])])
def test_arrays_of_anything_but_numbers_do_not_leave(array):
    with pytest.raises(TypeError):
        encoded(array)


@pytest.mark.parametrize("name", ["|O8", "<U4", "|V8", "<M8", "O", "<f9", ">f0", "x" * 50, "<f8,"])
def test_arrays_of_anything_but_numbers_do_not_arrive(name):
    forged = b"a" + encoded((name, [1], bytes(8)))

    with pytest.raises(AnswerError):
        decoded(forged)


@pytest.mark.parametrize("shape", [[2], [-1], [1, True, 9], [2**62, 2**62], [1] * 5, ["1"]])
def test_an_array_has_the_bytes_of_its_sides(shape):
    with pytest.raises(AnswerError):
        decoded(b"a" + encoded(("<f8", shape, bytes(8))))


@pytest.mark.parametrize(
    "data",
    [
        b"t\xff\xff\xff\xff" + bytes(100),  # four thousand million items
        b"t\x01\x00\x00\x00" * 500 + b"N",  # depth
        b"b\xff\xff\xff\x7fabc",
        b"i\x11\x00\x00\x00" + bytes(17),
        b"s\x01\x00\x00\x00\xff",
        b"m\x01\x00\x00\x00N",
        b"m\x02\x00\x00\x00l\x00\x00\x00\x00N",
        b"t" + struct.pack("<I", 200_000) + b"N" * 200_000,
        b"",
        pickle.dumps([1]),
    ],
)
def test_impossible_answers_are_refused(data):
    with pytest.raises(AnswerError):
        decoded(data)


def test_what_is_no_plain_value_does_not_leave():
    for value in (object(), {1, 2}, open, lambda: 1, 1j):
        with pytest.raises(TypeError):
            encoded([value])


# -- shapes


class Kind(StrEnum):
    ONE = "one"


class Pair(NamedTuple):
    first: int
    second: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    kind: Kind
    pair: Pair | None
    sizes: tuple[float, ...]
    names: dict[str, int]


def test_a_value_takes_the_shape_of_its_annotation():
    whole = Whole(kind=Kind.ONE, pair=Pair(3, np.arange(4)), sizes=(1, 2.5), names={"a": 1})

    back = shaped(Whole, decoded(encoded(whole)))

    assert (back.kind, back.sizes, back.names) == (Kind.ONE, (1.0, 2.5), {"a": 1})
    assert isinstance(back, Whole)
    assert isinstance(back.pair, Pair)
    assert back.pair.second.tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("wanted", "value"),
    [
        (int, True),
        (int, 1.0),
        (bytes, "text"),
        (str, b"bytes"),
        (list[int], (1,)),
        (list[int], ["1"]),
        (tuple[int, str], (1,)),
        (tuple[int, str], (1, "a", 2)),
        (int | None, "1"),
        (Kind, "two"),
        (Kind, None),
        (dict[str, int], {1: 1}),
        (Whole, ("one", None, ())),
        (Whole, ["one", None, (), {}]),
        (NDArray[np.int64], np.zeros(3)),
        (NDArray[np.int64], [1, 2]),
        (Path, "a"),
        (type(None), 0),
    ],
)
def test_a_value_of_another_shape_is_refused(wanted, value):
    with pytest.raises(AnswerError):
        shaped(wanted, value)


def test_what_the_daemon_asks_for_comes_back_as_it_was(photo):
    path, other = photo("a.jpg"), photo("b.png", seed=0, size=(200, 150))
    for function, args in ((take_in, (path, *hash_file(path))), (compare, (path, other)), (hash_file, (path,))):
        answer = function(*args)

        back = shaped(wanted_of(function), decoded(encoded(answer)))

        assert type(back) is type(answer)
        assert encoded(back) == encoded(answer)
    assert wanted_of(take_in) is TakenIn
    assert wanted_of(compare) is Match
    assert isinstance(shaped(wanted_of(examine), decoded(encoded(examine(path, other)))).match, Match)


# -- a worker that lies. It has the ends of its pipes open, and whoever broke a decoder can write into them.


@pytest.fixture
def pool():
    pool = WorkerPool(1)
    yield pool
    pool.close()


@pytest.fixture
def hurried_pool():
    pool = WorkerPool(1, seconds_per_task=3)
    yield pool
    pool.close()


def answers_end(pool):
    """Return the number of the file that a worker answers through: the one pipe that can be written."""
    for number in range(3, 1024):
        try:
            pool.submit(os.write, number, b"").result()
        except OSError:
            continue
        return number
    pytest.fail("no pipe found")


class Opens:
    """Opens a file where it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (open, (str(self.path), "w"))


@pytest.mark.parametrize("forge", [pickle.dumps, lambda value: encoded((True, 1)) + pickle.dumps(value)])
def test_a_forged_answer_is_not_unpickled(pool, tmp_path, forge):
    mark = tmp_path / "unpickled"
    data = forge(Opens(mark))

    with pytest.raises(UndecodableError, match="wrong answer"):
        pool.submit(os.write, answers_end(pool), struct.pack("!i", len(data)) + data).result()

    assert not mark.exists()
    assert pool.submit(os.getpid).result()


@pytest.mark.parametrize("data", [b"\x7f\xff\xff\xff", b"\xff\xff\xff\xff\x7f" + bytes(7)])
def test_an_answer_without_end_costs_only_its_task(pool, data):
    with pytest.raises(UndecodableError, match="beyond measure"):
        pool.submit(os.write, answers_end(pool), data).result()

    assert pool.submit(os.getpid).result()


def test_half_an_answer_costs_only_its_task(hurried_pool):
    end = answers_end(hurried_pool)

    with pytest.raises(UndecodableError, match="longer than 3 s"):
        hurried_pool.submit(os.write, end, b"\x00\x01\x00\x00half an answer").result()

    assert hurried_pool.submit(os.getpid).result()


def test_an_answer_of_another_shape_costs_only_its_task(pool, photo):
    path = photo("a.jpg")
    data = encoded((True, (b"short",)))
    end = answers_end(pool)
    pool.submit(os.write, end, b"").result()

    # What it answers to the next question lies in the pipe already.
    first = pool.submit(os.write, end, struct.pack("!i", len(data)) * 1 + data)
    first.exception()
    assert pool.submit(hash_file, path).result() == hash_file(path)
