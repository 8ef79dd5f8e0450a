"""What every method keeps to, whichever it is."""

from __future__ import annotations

import contextlib
import math
from pathlib import Path

import cv2
import numpy as np
import pytest

from pictrace.config import load_network
from pictrace.errors import UsageError
from pictrace.match.methods import ALL, IncomparableError, Method, MethodSettings, Sight, chosen

from ...conftest import draw_photo  # type: ignore[import-not-found]  # noqa: TID252 – of the tests

SETTINGS = MethodSettings(network=load_network(Path(__file__).resolve().parents[2] / "networks" / "tiny.yaml"))
METHODS = [make(SETTINGS) for make in ALL]
REPEATABLE = [method for method in METHODS if not method.is_record_only]
DOCS = Path(__file__).resolve().parents[3] / "docs" / "methods.md"


def sight(rgb: np.ndarray) -> Sight:
    return Sight(path=Path("drawn.png"), rgb=np.ascontiguousarray(rgb))


def photograph(seed: int = 1, size: tuple[int, int] = (320, 240)) -> np.ndarray:
    return np.asarray(draw_photo(seed, *size).convert("RGB"))


def blurred() -> np.ndarray:
    return cv2.GaussianBlur(photograph(2), (0, 0), 25)


def flat(level: int = 120) -> np.ndarray:
    return np.full((90, 120, 3), level, np.uint8)


PICTURES = {"photograph": photograph(), "blurred": blurred(), "flat": flat(), "black": flat(0), "white": flat(255)}


def named(method: Method) -> str:
    return method.name


@pytest.mark.parametrize("method", METHODS, ids=named)
@pytest.mark.parametrize("picture", PICTURES)
def test_equal_pictures_give_the_perfect_value(method: Method, picture: str) -> None:
    a, b = (method.describe(sight(PICTURES[picture].copy())) for _ in range(2))

    values = method.compare(a, b).values

    assert values == {metric.name: metric.perfect for metric in method.metrics}


@pytest.mark.parametrize("method", METHODS, ids=named)
def test_units_are_written_with_the_minus_of_a_keyboard(method: Method) -> None:
    assert not [metric.unit for metric in method.metrics if "\N{MINUS SIGN}" in metric.unit]


@pytest.mark.parametrize("method", REPEATABLE, ids=named)
def test_the_order_of_two_pictures_changes_nothing(method: Method) -> None:
    a, b = method.describe(sight(photograph())), method.describe(sight(photograph(5, (200, 260))))

    assert method.compare(a, b) == method.compare(b, a)


@pytest.mark.parametrize("method", REPEATABLE, ids=named)
def test_a_second_run_gives_the_same(method: Method) -> None:
    pictures = photograph(), photograph(5)
    first, again = (method.compare(*(method.describe(sight(one)) for one in pictures)) for _ in range(2))

    assert first == again


@pytest.mark.parametrize("method", METHODS, ids=named)
def test_another_photograph_is_further_away_than_a_copy(method: Method) -> None:
    original, other = photograph(1), photograph(5)
    copy = cv2.imdecode(cv2.imencode(".jpg", original, [cv2.IMWRITE_JPEG_QUALITY, 60])[1], cv2.IMREAD_COLOR)
    a, b, c = (method.describe(sight(one)) for one in (original, copy, other))

    near, far = method.compare(a, b).values, method.compare(a, c).values

    for metric in method.metrics:
        assert metric.is_closer(near[metric.name], far[metric.name])


@pytest.mark.parametrize("method", METHODS, ids=named)
@pytest.mark.parametrize("side", range(1, 9))
def test_a_tiny_picture_is_equal_to_itself_and_no_error_with_another(method: Method, side: int) -> None:
    tiny, large = photograph()[:side, :side], photograph()
    a, again, b = (method.describe(sight(one)) for one in (tiny, tiny.copy(), large))

    assert method.compare(a, again).values == {metric.name: metric.perfect for metric in method.metrics}
    for one, other in ((a, b), (b, a)):
        with contextlib.suppress(IncomparableError):
            assert all(map(math.isfinite, method.compare(one, other).values.values()))


def test_names_are_told_apart() -> None:
    assert len({method.name for method in METHODS}) == len(METHODS)


@pytest.mark.parametrize("method", METHODS, ids=named)
def test_each_has_its_section_in_the_docs(method: Method) -> None:
    assert f"\n## `{method.name}`\n" in DOCS.read_text(encoding="utf-8")


def test_all_stands_for_each_of_them() -> None:
    assert [method.name for method in chosen(["all"], SETTINGS)] == [method.name for method in METHODS]


def test_an_unknown_name_is_refused_with_those_known() -> None:
    with pytest.raises(UsageError, match=r"there is no method shim: expected .*ssim"):
        chosen(["shim"], MethodSettings())
