"""The methods that others proposed for telling alike pictures, one module each. None of them decides.

They stand beside PicTrace's own matcher for comparison: `pictrace compare --method`, `bench`, `calibrate`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pictrace.errors import UsageError
from pictrace.match.methods.ahash import Ahash
from pictrace.match.methods.base import (
    IncomparableError,
    Method,
    MethodSettings,
    Metric,
    Reading,
    Sight,
    sight_of,
)
from pictrace.match.methods.blocks import Blocks
from pictrace.match.methods.cnn import NAME as CNN
from pictrace.match.methods.cnn import NO_NETWORK, Cnn
from pictrace.match.methods.colorhash import Colorhash
from pictrace.match.methods.cosine import Cosine
from pictrace.match.methods.crop_resistant import CropResistant
from pictrace.match.methods.dhash import Dhash
from pictrace.match.methods.euclid import Euclid
from pictrace.match.methods.hist import Histogram
from pictrace.match.methods.motion import Motion
from pictrace.match.methods.orb import Orb
from pictrace.match.methods.pdiff import Pdiff
from pictrace.match.methods.phash import Phash
from pictrace.match.methods.seed_v0 import SeedV0
from pictrace.match.methods.seed_v1 import SeedV1
from pictrace.match.methods.ssim import Ssim
from pictrace.match.methods.thumb4 import Thumb4
from pictrace.match.methods.wavelet import Wavelet
from pictrace.match.methods.whash import Whash

# How each method is made; its name on the command line is that of what is made.
ALL: tuple[Callable[[MethodSettings], Method], ...] = (
    lambda settings: Ssim(wants_parts=settings.wants_ssim_parts),
    lambda _: Euclid(),
    lambda _: Cosine(),
    lambda _: Histogram(),
    lambda _: Thumb4(),
    lambda _: Blocks(),
    lambda _: Ahash(),
    lambda _: Phash(),
    lambda _: Dhash(),
    lambda _: Whash(),
    lambda _: Colorhash(),
    lambda _: CropResistant(),
    lambda _: Orb(),
    lambda _: Wavelet(),
    lambda _: Motion(),
    lambda _: Pdiff(),
    lambda settings: SeedV0(settings.seed_side_pixels),
    lambda settings: SeedV1(settings.seed_side_pixels),
    lambda settings: Cnn(settings.network),
)

__all__ = [
    "ALL",
    "IncomparableError",
    "Method",
    "MethodSettings",
    "Metric",
    "Reading",
    "Sight",
    "about",
    "chosen",
    "sight_of",
]


def chosen(names: Iterable[str], settings: MethodSettings) -> list[Method]:
    """Return methods by their names, in the order of `ALL`, each once; the name ``all`` stands for every one.

    Without a network, ``all`` leaves out `cnn`.

    Raises:
        UsageError: a name is not known; lists those that are. Or `cnn` is asked for without a network.
    """
    known = {method.name: method for method in (make(settings) for make in ALL)}
    wanted = set(names)
    for name in wanted - {"all"}:
        if name not in known:
            raise UsageError(f"there is no method {name}: expected {', '.join(known)}")
    if settings.network is None:
        if CNN in wanted:
            raise UsageError(NO_NETWORK)
        del known[CNN]
    return [method for name, method in known.items() if name in wanted or "all" in wanted]


def about(name: str, settings: MethodSettings) -> str:
    """Return what a method's cuts hold for: those of a network are that network's; empty where it is always one."""
    return settings.network.name if name == CNN and settings.network is not None else ""
