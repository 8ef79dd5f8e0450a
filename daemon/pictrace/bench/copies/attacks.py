"""The 29 attacks in 8 families by which PicTrace is held against the methods it grew out of.

``benchmarks/pairs`` has 94 in 21 families, drawn at random places, for the bars of this repository. Both are made of
the same steps and tell the truth in the same way. There are two lists because this one is what the earlier methods
were measured with, number for number, and what runs in minutes on anyone's folder.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pictrace.bench.copies import around, overlay, shape, tone
from pictrace.bench.copies.around import WithOthers
from pictrace.bench.copies.canvas import Drawn, Random, Step

_WHITE, _BLACK = (255, 255, 255), (0, 0, 0)
_USUAL_QUALITY: Final = 90
# What most cameras and programs store: the copy itself is no edit.
_EITHER: Final = ("rendition", "edited")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """One way to make a copy.

    ``make`` gives the picture; ``needs_others``: it asks for other photos. ``named``: the edit that has to be named.
    ``relations``: the words that are right; empty: the one that follows from what was done.
    """

    family: str
    variant: str
    named: str
    make: WithOthers
    needs_others: bool = False
    suffix: str = ".jpg"
    quality: int = _USUAL_QUALITY
    relations: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name, ``crop.50``."""
        return f"{self.family}.{self.variant}"

    def file_name(self, stem: str) -> str:
        """Return the name of a copy of a photo, ``a.crop.50.jpg``."""
        return f"{stem}.{self.name}{self.suffix}"


def _alone(step: Step) -> WithOthers:
    return lambda copy, random, _: step(copy, random)


def _same(copy: Drawn, _: Random) -> Drawn:
    return copy


def _squashed(copy: Drawn, _: Random) -> Drawn:
    """Squash it into the square of its shorter side."""
    side = min(copy.size)
    return shape.resized(copy, side, side)


def _stored() -> list[Attack]:
    kept = [
        Attack(family="reencode", variant=f"jpeg{quality}", named="re-encoded", make=_alone(_same), quality=quality)
        for quality in (75, 30, 10)
    ]
    return [
        *kept,
        Attack(family="reencode", variant="webp40", named="re-encoded", make=_alone(_same), suffix=".webp", quality=40),
    ]


def _resizes() -> list[Attack]:
    scales = {"half": 0.5, "quarter": 0.25, "larger": 1.5}
    kept = [
        Attack(family="resize", variant=variant, named="resized", make=_alone(shape.resize(scale)))
        for variant, scale in scales.items()
    ]
    return [
        *kept,
        Attack(family="resize", variant="square", named="resized", make=_alone(_squashed), relations=_EITHER),
    ]


def _shapes() -> list[Attack]:
    crops = [
        Attack(family="crop", variant=f"{away}", named="cropped", make=_alone(shape.crop(1 - away / 100)))
        for away in (10, 25, 50, 75)  # percent of the area that is cut off
    ]
    turns = {
        "90": shape.quarter(90),
        "180": shape.quarter(180),
        # Cut to an upright rectangle, as a photo app straightens: no corner of a canvas is left.
        "5": shape.tilt(5),
        "20": shape.tilt(20),
    }
    return [
        *crops,
        *(
            Attack(family="rotate", variant=variant, named="rotated", make=_alone(step))
            for variant, step in turns.items()
        ),
        Attack(family="mirror", variant="h", named="mirrored", make=_alone(shape.mirror)),
        Attack(family="mirror", variant="v", named="mirrored", make=_alone(shape.flip)),
    ]


def _colors() -> list[Attack]:
    steps = {
        "lighter": tone.lighter(40),
        "contrast": tone.contrast(1.5),
        "gamma": tone.gamma(0.6),
        "saturation": tone.saturation(1.8),
    }
    recolored = [
        Attack(family="colour", variant=variant, named="recolored", make=_alone(step))
        for variant, step in steps.items()
    ]
    return [*recolored, Attack(family="colour", variant="gray", named="grayscale", make=_alone(tone.gray))]


def _surrounded() -> list[Attack]:
    borders = {"border10": (0.1, _WHITE), "border20": (0.2, _BLACK)}
    two = around.collage((2,), 10, is_filled=True, row_height_pixels=440)
    four = around.collage((2, 2), 10, is_filled=False)
    return [
        Attack(family="overlay", variant="watermark", named="overlaid", make=_alone(overlay.watermark)),
        *(
            Attack(family="overlay", variant=variant, named="bordered", make=_alone(around.border((part,) * 4, color)))
            for variant, (part, color) in borders.items()
        ),
        Attack(family="overlay", variant="screenshot", named="collage-tile", make=_alone(around.phone_screenshot)),
        Attack(family="collage", variant="1x2", named="collage-tile", make=two, needs_others=True),
        Attack(family="collage", variant="2x2", named="collage-tile", make=four, needs_others=True),
    ]


ATTACKS: Final[tuple[Attack, ...]] = (*_stored(), *_resizes(), *_shapes(), *_colors(), *_surrounded())
FAMILIES: Final[dict[str, tuple[Attack, ...]]] = {
    family: tuple(attack for attack in ATTACKS if attack.family == family)
    for family in dict.fromkeys(attack.family for attack in ATTACKS)
}
