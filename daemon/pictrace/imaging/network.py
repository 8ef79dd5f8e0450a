"""Runs a neural network on a picture, by OpenCV (docs/adr/0016 says why); in workers, as everything that decodes."""

from __future__ import annotations

import difflib
import hashlib
import stat
from functools import lru_cache
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from pictrace.errors import NetworkError, OutOfMemoryError, shown
from pictrace.imaging.arrays import Pixels, resized
from pictrace.imaging.memory import may_have_lacked
from pictrace.imaging.onnx_outline import Outline, outline, with_output
from pictrace.model import ArrayLayout, ChannelOrder, MapPool, Network, ResizeForm

# Grows when the same model and recipe give other numbers than before.
_VERSION: Final = 1
# EfficientNet's last map has 62,720.
MOST_NUMBERS: Final = 65_536
# Protobuf can hold no more.
_MOST_BYTES: Final = 2**31 - 1


def network_version(network: Network) -> int:
    """Return a number of 48 bits that stands for a model's bytes and how they are used; it is another for others.

    Raises:
        NetworkError: the model cannot be read.
    """
    try:
        _require_model(network.model)
        with network.model.open("rb") as stream:  # piece by piece: this runs in the daemon itself
            digest = hashlib.file_digest(stream, "sha256").digest()
    except OSError as error:
        raise _unreadable(network.model, error) from error
    return _version(network, digest)


def network_vector(rgb: Pixels, network: Network, version: int | None = None) -> NDArray[np.float32]:
    """Return what a network makes of a picture: float32, shape (numbers,), finite.

    Args:
        rgb: uint8, shape (height, width, 3), upright.
        network: the model stays loaded until another one is asked for.
        version: what `network_version` gave; a model that is another one by now is refused. None: any.

    Raises:
        NetworkError: the model cannot be read or run, or gives something else than the recipe says.
        OutOfMemoryError: there is too little memory for it.
    """
    net = _loaded(network, version)
    try:
        net.setInput(network_input(rgb, network))
        output = net.forward() if network.output is None else net.forward(network.output)
    except cv2.error as error:
        raise _trouble(network, "cannot be run", error) from error
    if output is None:
        raise NetworkError(network.model, f"gives nothing for the output '{shown(network.output or '')}'")
    return _vector(np.asarray(output), network)


def network_input(rgb: Pixels, network: Network) -> NDArray[np.float32]:
    """Return a picture as a network wants it: float32, one picture, in the recipe's size, order and scale."""
    height, width = network.height_pixels, network.width_pixels
    if network.resize is ResizeForm.CENTER_CROP:
        rgb = _center(rgb, network)
    picture = resized(rgb, width, height)
    if network.channels is ChannelOrder.BGR:
        picture = picture[:, :, ::-1]
    mean, std = np.array(network.mean, np.float32), np.array(network.std, np.float32)
    values = (picture.astype(np.float32) * np.float32(network.scale) - mean) / std
    if network.layout is ArrayLayout.NCHW:
        values = values.transpose(2, 0, 1)
    return np.ascontiguousarray(values[np.newaxis], dtype=np.float32)


def _center(rgb: Pixels, network: Network) -> Pixels:
    """Return the center of a picture that becomes the network's input when its shorter side gets the recipe's length.

    Cut out before it is resized: a strip of 1 × 500 pixels would become one of 100,000 first.
    """
    part = min(rgb.shape[:2]) / network.shorter_side_pixels
    height = min(rgb.shape[0], max(1, round(network.height_pixels * part)))
    width = min(rgb.shape[1], max(1, round(network.width_pixels * part)))
    top, left = (rgb.shape[0] - height) // 2, (rgb.shape[1] - width) // 2
    return rgb[top : top + height, left : left + width]


@lru_cache(maxsize=1)
def _loaded(network: Network, version: int | None) -> cv2.dnn.Net:
    if not hasattr(cv2.dnn, "ENGINE_NEW"):
        raise NetworkError(network.model, f"running it needs OpenCV 5 or newer, found {cv2.__version__}")
    data = _read(network.model)
    if version is not None and _version(network, hashlib.sha256(data).digest()) != version:
        raise NetworkError(network.model, "another model than at the start; start PicTrace again to use it")
    try:
        says = outline(data)
    except ValueError as problem:
        raise NetworkError(network.model, f"expected an ONNX model, found other bytes: {problem}") from problem
    _require_fit(network, says)
    if network.output is not None and network.output not in says.outputs:
        data = with_output(data, network.output)
    try:
        # The older engine, which it would fall back to, gives tensors other names.
        net = cv2.dnn.readNetFromONNX(np.frombuffer(data, np.uint8), cv2.dnn.ENGINE_NEW)
    except cv2.error as error:
        raise _trouble(network, "cannot be loaded", error) from error
    return net


def _require_fit(network: Network, says: Outline) -> None:
    """Refuse a recipe that is for another model."""
    sides: tuple[int, ...] = (3, network.height_pixels, network.width_pixels)
    if network.layout is ArrayLayout.NHWC:
        sides = (*sides[1:], sides[0])
    if len(says.inputs) != 1:
        raise NetworkError(network.model, f"expected a model with one input, found {len(says.inputs)}")
    ((name, found),) = says.inputs.items()
    is_fit = len(found) in (0, 4) and all(have in (None, want) for have, want in zip(found, (1, *sides), strict=False))
    if not is_fit:
        wanted, given = (
            " × ".join("?" if side is None else str(side) for side in shape) for shape in ((1, *sides), found)
        )
        raise NetworkError(
            network.model,
            f"expected an input of {wanted} ({network.layout}), as the recipe says, found '{shown(name)}' of {given}",
        )
    _require_output(network, says)


def _require_output(network: Network, says: Outline) -> None:
    if network.output is None:
        if len(says.outputs) != 1:
            names = ", ".join(shown(name) for name in says.outputs)
            raise NetworkError(network.model, f"expected one output, found {names}: name one as `output` in the recipe")
    elif network.output not in says.tensors:
        near = difflib.get_close_matches(network.output, says.tensors, n=1)
        known = near or says.outputs
        raise NetworkError(
            network.model,
            f"expected the output '{shown(network.output)}', found none; it gives {', '.join(map(shown, known))}",
        )


def _vector(output: NDArray[np.float32], network: Network) -> NDArray[np.float32]:
    found = " × ".join(map(str, output.shape))
    if output.ndim < 2 or output.shape[0] != 1:
        raise NetworkError(network.model, f"expected an output for one picture, found {found}")
    if network.pool is MapPool.AVERAGE:
        if output.ndim != 4:
            raise NetworkError(network.model, f"expected a map of 4 sides to average, found {found}: leave `pool` out")
        output = output.mean(axis=(2, 3) if network.layout is ArrayLayout.NCHW else (1, 2))
    vector = np.ascontiguousarray(output.ravel(), dtype=np.float32)
    if not 2 <= len(vector) <= MOST_NUMBERS:
        advice = "; `pool: average` makes one of each channel" if len(vector) > MOST_NUMBERS else ""
        raise NetworkError(network.model, f"expected 2 to {MOST_NUMBERS} numbers, found {len(vector)}{advice}")
    if not np.isfinite(vector).all():
        raise NetworkError(network.model, "expected finite numbers, found some that are not")
    return vector


def _version(network: Network, model_digest: bytes) -> int:
    used = [getattr(network, name) for name in network.__dataclass_fields__ if name not in ("name", "model")]
    digest = hashlib.sha256(model_digest + repr((_VERSION, [str(value) for value in used])).encode())
    return int.from_bytes(digest.digest()[:6], "big")


def _read(path: Path) -> bytes:
    try:
        _require_model(path)
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error


def _require_model(path: Path) -> None:
    status = path.stat()
    if not stat.S_ISREG(status.st_mode) or status.st_size > _MOST_BYTES:
        raise NetworkError(path, "expected the file of an ONNX model, of less than 2 GiB")


def _unreadable(path: Path, error: OSError) -> NetworkError:
    return NetworkError(path, f"the model cannot be read: {error.strerror}")


def _trouble(network: Network, what: str, error: cv2.error) -> NetworkError | OutOfMemoryError:
    said = " ".join(str(getattr(error, "err", "") or error).split())
    if getattr(error, "code", None) == cv2.Error.StsNoMem or may_have_lacked(None, str(error)):
        return OutOfMemoryError(network.model, f"{what}: too little memory")
    return NetworkError(network.model, f"{what} by OpenCV {cv2.__version__}: {shown(said)[:200]}")
