"""Several edits one after the other, as they happen to photographs that travel."""

from __future__ import annotations

from collections.abc import Callable

from pairs import around, overlay, shape, tone
from pairs.storing import through_jpeg
from pictrace.bench.copies.canvas import Drawn, Random, Step

_LIGHT: tuple[Callable[[Random], Step], ...] = (
    lambda random: shape.resize(float(random.uniform(0.5, 0.9))),
    lambda random: stored(int(random.integers(60, 86))),
    lambda random: tone.brightness(float(random.uniform(0.85, 1.2))),
    lambda random: tone.saturation(float(random.uniform(0.7, 1.3))),
    lambda random: shape.crop(float(random.uniform(0.8, 0.95))),
)
_MEDIUM: tuple[Callable[[Random], Step], ...] = (
    lambda random: shape.resize(float(random.uniform(0.35, 0.8))),
    lambda random: shape.crop(float(random.uniform(0.5, 0.85))),
    lambda random: shape.tilt(float(random.uniform(1, 8))),
    lambda random: tone.gamma(float(random.uniform(0.65, 1.5))),
    lambda _: tone.clarendon,
    lambda _: around.border((0.04, 0.04, 0.04, 0.04), (255, 255, 255)),
    lambda _: overlay.corner_watermark,
    lambda random: stored(int(random.integers(35, 66))),
)


def stored(quality: int) -> Step:
    """Return the step that stores as JPEG and opens it again."""
    return lambda copy, _: copy.looking(through_jpeg(copy.rgb, quality))


def after_each_other(*steps: Step) -> Step:
    """Return the step that does several."""

    def step(copy: Drawn, random: Random) -> Drawn:
        for one in steps:
            copy = one(copy, random)
        return copy

    return step


def light(copy: Drawn, random: Random) -> Drawn:
    """Do two light edits."""
    return _drawn_from(_LIGHT, 2)(copy, random)


def medium(copy: Drawn, random: Random) -> Drawn:
    """Do three clear edits."""
    return _drawn_from(_MEDIUM, 3)(copy, random)


def heavy(copy: Drawn, random: Random) -> Drawn:
    """Crop, tilt, change the tone, lay stickers over it, make it small and store it poorly."""
    return after_each_other(
        shape.crop(float(random.uniform(0.5, 0.7))),
        shape.tilt(float(random.uniform(3, 9))),
        tone.gamma(float(random.choice((0.6, 1.6)))),
        tone.saturation(float(random.uniform(0.5, 1.5))),
        overlay.stickers,
        shape.resize(float(random.uniform(0.45, 0.6))),
        stored(45),
    )(copy, random)


def _drawn_from(kinds: tuple[Callable[[Random], Step], ...], number: int) -> Step:
    def step(copy: Drawn, random: Random) -> Drawn:
        picks = sorted(random.choice(len(kinds), number, replace=False))
        return after_each_other(*(kinds[pick](random) for pick in picks))(copy, random)

    return step


MESSENGER = after_each_other(shape.longest_side(1600), stored(70), shape.longest_side(1600))
