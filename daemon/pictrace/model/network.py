"""A neural network that describes photos by numbers, as its recipe says: what to hand in, and what to take out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class ChannelOrder(StrEnum):
    """The order of the colors that a network was trained with."""

    RGB = "rgb"
    BGR = "bgr"


class ArrayLayout(StrEnum):
    """The order of the axes: picture, channel, height, width, or with the channel last."""

    NCHW = "nchw"
    NHWC = "nhwc"


class ResizeForm(StrEnum):
    """How a picture of any proportions becomes one of the network's size."""

    SQUASH = "squash"
    CENTER_CROP = "center-crop"


class MapPool(StrEnum):
    """What is made of an output that has a height and a width."""

    NONE = "none"  # all its numbers, one after the other
    AVERAGE = "average"  # one number a channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """An ONNX model and how it is used.

    ``scale``, ``mean`` and ``std``: a channel's value v from 0 to 255 is handed in as (v · scale − mean) / std; the
    latter two in the order of ``channels``. ``shorter_side_pixels``: what the shorter side becomes before the center is
    cut out. ``output``: the name of the tensor to take; None: the only one that the model gives.
    """

    name: str
    model: Path
    width_pixels: int
    height_pixels: int
    shorter_side_pixels: int
    channels: ChannelOrder = ChannelOrder.RGB
    layout: ArrayLayout = ArrayLayout.NCHW
    resize: ResizeForm = ResizeForm.SQUASH
    scale: float = 1.0
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    std: tuple[float, float, float] = (1.0, 1.0, 1.0)
    output: str | None = None
    pool: MapPool = MapPool.NONE
