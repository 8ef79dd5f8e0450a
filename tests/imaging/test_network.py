"""Networks are run on pictures as their recipes say; what they give is computed here a second time, by numpy alone."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from pictrace.errors import NetworkError, OutOfMemoryError
from pictrace.fingerprint import WorkerPool
from pictrace.imaging import network_vector, network_version
from pictrace.imaging.network import _trouble, network_input
from pictrace.model import ArrayLayout, ChannelOrder, MapPool, Network, ResizeForm
from pictrace.pipeline.vectors import vector_of

NETWORKS = Path(__file__).resolve().parents[1] / "networks"
TINY = Network(
    name="tiny",
    model=NETWORKS / "tiny.onnx",
    width_pixels=64,
    height_pixels=48,
    shorter_side_pixels=64,
    scale=1 / 255,
    mean=(0.485, 0.456, 0.406),
    std=(0.229, 0.224, 0.225),
    output="features",
)
OF_LAST = replace(TINY, model=NETWORKS / "tiny-nhwc.onnx", layout=ArrayLayout.NHWC)


@pytest.fixture
def rgb() -> NDArray[np.uint8]:
    """Return a picture of the network's size, so that nothing is resized, with no two sides or colors alike."""
    down, across = np.mgrid[0:48, 0:64]
    noise = np.random.default_rng(3).integers(0, 60, (48, 64))
    return np.stack([4 * down, 3 * across, noise + down + across], axis=2).clip(0, 255).astype(np.uint8)


def weights() -> dict[str, NDArray[np.float64]]:
    """Return the weights that tests/networks/make_networks.py draws, drawn again."""
    random = np.random.default_rng(7)
    shapes = {"kernel": (0.15, (12, 3, 5, 5)), "bias": (0.1, 12), "matrix": (0.5, (4, 12)), "offset": (0.1, 4)}
    drawn = {name: random.normal(0, spread, shape) for name, (spread, shape) in shapes.items()}
    return {name: value.astype(np.float32).astype(np.float64) for name, value in drawn.items()}


def computed(rgb: NDArray[np.uint8]) -> dict[str, NDArray[np.float64]]:
    """Return what each layer of the tiny network gives for a picture of its size, with the recipe's mean and std."""
    values = (rgb / 255 - np.array(TINY.mean)) / np.array(TINY.std)
    padded = np.pad(values.transpose(2, 0, 1), ((0, 0), (2, 2), (2, 2)))
    windows = sliding_window_view(padded, (5, 5), axis=(1, 2))[:, ::2, ::2]
    known = weights()
    lines = np.einsum("cyxij,ocij->oyx", windows, known["kernel"]) + known["bias"][:, None, None]
    positive = np.maximum(lines, 0)
    features = positive.mean(axis=(1, 2))
    classes = known["matrix"] @ features + known["offset"]
    return {"lines": lines, "map": positive, "averages": features, "features": features, "classes": classes}


# `lines` and `averages` lie inside the graph, where OpenCV 5.0 gives another tensor when it is merely asked for them.
@pytest.mark.parametrize("output", ["lines", "map", "averages", "features", "classes"])
def test_each_layer_gives_what_numpy_computes(rgb: NDArray[np.uint8], output: str) -> None:
    vector = network_vector(rgb, replace(TINY, output=output))

    assert vector.dtype == np.float32
    np.testing.assert_allclose(vector, computed(rgb)[output].ravel(), rtol=1e-4, atol=1e-5)


def test_the_last_layer_is_taken_where_none_is_named(rgb: NDArray[np.uint8]) -> None:
    vector = network_vector(rgb, replace(TINY, output=None))

    np.testing.assert_allclose(vector, computed(rgb)["classes"], rtol=1e-4, atol=1e-5)


def test_a_map_is_averaged_where_the_recipe_says_so(rgb: NDArray[np.uint8]) -> None:
    vector = network_vector(rgb, replace(TINY, output="map", pool=MapPool.AVERAGE))

    np.testing.assert_allclose(vector, computed(rgb)["features"], rtol=1e-4, atol=1e-5)


def test_the_channel_may_come_last(rgb: NDArray[np.uint8]) -> None:
    np.testing.assert_allclose(network_vector(rgb, OF_LAST), computed(rgb)["features"], rtol=1e-4, atol=1e-5)


def test_the_order_of_the_channels_matters(rgb: NDArray[np.uint8]) -> None:
    swapped = replace(TINY, channels=ChannelOrder.BGR)

    blue_first = network_vector(rgb[:, :, ::-1].copy(), swapped)

    np.testing.assert_array_equal(blue_first, network_vector(rgb, TINY))
    assert not np.allclose(network_vector(rgb, swapped), blue_first, rtol=0.01)


@pytest.mark.parametrize("changed", [{"mean": (0.0, 0.0, 0.0)}, {"std": (1.0, 1.0, 1.0)}, {"scale": 1.0}])
def test_mean_deviation_and_scale_matter(rgb: NDArray[np.uint8], changed: dict[str, object]) -> None:
    assert not np.allclose(network_vector(rgb, replace(TINY, **changed)), network_vector(rgb, TINY), rtol=0.01)


def test_what_is_handed_in_is_what_the_recipe_says() -> None:
    rgb = np.zeros((48, 64, 3), np.uint8)
    rgb[5, 9] = 200, 100, 50

    given = network_input(rgb, replace(TINY, channels=ChannelOrder.BGR))

    assert given.shape == (1, 3, 48, 64)
    expected = (np.array([50, 100, 200]) / 255 - np.array(TINY.mean)) / np.array(TINY.std)
    np.testing.assert_allclose(given[0, :, 5, 9], expected, rtol=1e-5)


def test_squashing_keeps_all_and_cropping_keeps_the_center() -> None:
    wide = np.zeros((80, 240, 3), np.uint8)
    wide[:, :20] = 255  # far to the left
    squash = network_input(wide, replace(TINY, mean=(0.0,) * 3, std=(1.0,) * 3))
    crop = network_input(
        wide, replace(TINY, mean=(0.0,) * 3, std=(1.0,) * 3, resize=ResizeForm.CENTER_CROP, shorter_side_pixels=72)
    )

    assert squash.shape == crop.shape == (1, 3, 48, 64)
    assert squash.max() == pytest.approx(1.0)
    assert crop.max() == 0


def test_the_center_keeps_its_proportions() -> None:
    tall = np.zeros((400, 160, 3), np.uint8)
    tall[180:220, 60:100] = 255  # a square of a quarter of the width in the middle

    given = network_input(
        tall, replace(TINY, mean=(0.0,) * 3, std=(1.0,) * 3, resize=ResizeForm.CENTER_CROP, shorter_side_pixels=80)
    )

    bright = given[0, 0] > 0.5
    assert (bright.any(axis=1).sum(), bright.any(axis=0).sum()) == (20, 20)


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 5000, 3), (3000, 2, 3)])
def test_a_picture_of_any_shape_has_a_center(shape: tuple[int, int, int]) -> None:
    cropping = replace(TINY, resize=ResizeForm.CENTER_CROP, shorter_side_pixels=1000)

    assert network_input(np.zeros(shape, np.uint8), cropping).shape == (1, 3, 48, 64)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"width_pixels": 65}, r"expected an input of 1 × 3 × 48 × 65 \(nchw\).* found 'picture' of \? × 3 × 48 × 64"),
        ({"layout": ArrayLayout.NHWC}, r"expected an input of 1 × 48 × 64 × 3 \(nhwc\)"),
        ({"output": "feature"}, "expected the output 'feature', found none; it gives features"),
        ({"pool": MapPool.AVERAGE}, "expected a map of 4 sides to average, found 1 × 12"),
        ({"model": NETWORKS / "missing.onnx"}, r"missing\.onnx: the model cannot be read: No such file"),
        ({"model": NETWORKS / "make_networks.py"}, r"make_networks\.py: expected an ONNX model, found other bytes"),
        ({"model": NETWORKS}, "expected the file of an ONNX model"),
    ],
)
def test_what_does_not_fit_is_named(rgb: NDArray[np.uint8], changed: dict[str, object], said: str) -> None:
    with pytest.raises(NetworkError, match=said):
        network_vector(rgb, replace(TINY, **changed))


def test_a_model_that_was_cut_off_is_refused(rgb: NDArray[np.uint8], tmp_path: Path) -> None:
    half = tmp_path / "half.onnx"
    half.write_bytes(TINY.model.read_bytes()[:2000])

    with pytest.raises(NetworkError, match=r"half\.onnx: expected an ONNX model, found other bytes: cut off"):
        network_vector(rgb, replace(TINY, model=half))


def test_numbers_that_are_none_are_refused(rgb: NDArray[np.uint8], tmp_path: Path) -> None:
    broken = tmp_path / "broken.onnx"
    offset = weights()["offset"].astype("<f4").tobytes()
    assert offset in TINY.model.read_bytes()
    broken.write_bytes(TINY.model.read_bytes().replace(offset, np.full(4, np.nan, "<f4").tobytes()))

    with pytest.raises(NetworkError, match=r"broken\.onnx: expected finite numbers"):
        network_vector(rgb, replace(TINY, model=broken, output="classes"))


def test_the_version_follows_the_bytes_and_the_recipe_and_not_the_names(tmp_path: Path) -> None:
    elsewhere = tmp_path / "other.onnx"
    shutil.copy(TINY.model, elsewhere)

    version = network_version(TINY)

    assert network_version(replace(TINY, name="other", model=elsewhere)) == version
    assert 0 <= version < 2**48
    others = {
        network_version(one)
        for one in (replace(TINY, scale=1.0), replace(TINY, output="map"), replace(TINY, channels=ChannelOrder.BGR))
    }
    elsewhere.write_bytes(elsewhere.read_bytes() + b"\x42\x00")  # an empty description of the model
    others.add(network_version(replace(TINY, model=elsewhere)))
    assert len(others - {version}) == 4


def test_a_model_that_was_replaced_is_not_taken_for_the_old_one(rgb: NDArray[np.uint8]) -> None:
    with pytest.raises(NetworkError, match="another model than at the start"):
        network_vector(rgb, TINY, version=network_version(TINY) + 1)


def test_a_lack_of_memory_is_told_from_a_broken_model() -> None:
    lacking, broken = cv2.error("Failed to allocate 1048576 bytes"), cv2.error("Failed to parse onnx model")
    lacking.code, broken.code = cv2.Error.StsNoMem, cv2.Error.StsUnsupportedFormat

    assert isinstance(_trouble(TINY, "cannot be loaded", lacking), OutOfMemoryError)  # tried again with more of it
    assert isinstance(_trouble(TINY, "cannot be loaded", broken), NetworkError)


def test_a_worker_behind_its_bars_gives_the_same(photo) -> None:
    path = photo("a.png", seed=4)
    pool = WorkerPool(1)
    try:
        given = pool.submit(vector_of, path, TINY, network_version(TINY)).result()
        with pytest.raises(NetworkError, match=r"missing\.onnx"):
            pool.submit(vector_of, path, replace(TINY, model=NETWORKS / "missing.onnx"), 1).result()
    finally:
        pool.close()

    np.testing.assert_array_equal(given, vector_of(path, TINY, network_version(TINY)))
