"""The table of attacks: what is done to a photograph, how it is stored, and which relation words are right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pairs import around, chains, overlay, shape, tone
from pairs.storing import PNG, Storage, stored_bytes, stored_lossless
from pictrace.bench.copies.around import WithOthers
from pictrace.bench.copies.canvas import Drawn, Random, Step

# Twice the sides of more is beyond any photograph, and takes seconds.
_MOST_PIXELS_ENLARGED = 7_000_000
_JPEG: Final = Storage()
# Where a slight edit may fairly be taken for what compression does.
SLIGHT: Final = ("edited", "rendition")
_WHITE, _BLACK = (255, 255, 255), (0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """One way to make a copy.

    ``make`` gives the picture; ``with_others`` does where other photographs are needed; ``store`` writes the file
    from the original's bytes instead. ``relations``: the words that are right; empty: the one that follows from the
    edits. ``most_pixels``: of the originals it is done to.
    """

    name: str
    family: str
    make: Step | None = None
    with_others: WithOthers | None = None
    store: Callable[[Path, Path], None] | None = None
    storage: Storage = _JPEG
    relations: tuple[str, ...] = ()
    most_pixels: int | None = None


def _same(copy: Drawn, _: Random) -> Drawn:
    return copy


def _jpegs() -> list[Attack]:
    return [
        Attack(name=f"jpeg{quality}", family="jpeg", make=_same, storage=Storage(quality=quality))
        for quality in (90, 70, 50, 30, 20, 10)
    ]


def _formats() -> list[Attack]:
    return [
        Attack(name="webp80", family="format", make=_same, storage=Storage(suffix=".webp", quality=80)),
        Attack(name="webp50", family="format", make=_same, storage=Storage(suffix=".webp", quality=50)),
        Attack(name="heic60", family="format", make=_same, storage=Storage(suffix=".heic", quality=60)),
        Attack(name="avif60", family="format", make=_same, storage=Storage(suffix=".avif", quality=60)),
    ]


def _metadata() -> list[Attack]:
    pixels = ("same-pixels",)
    return [
        # Seen as files they are same-bytes, seen as pictures same-pixels.
        Attack(name="bytes", family="metadata", store=stored_bytes, relations=("same-bytes", "same-pixels")),
        Attack(name="stripped", family="metadata", store=stored_lossless, relations=pixels),
        Attack(name="png", family="metadata", make=_same, storage=PNG, relations=pixels),
        Attack(
            name="exif-flag",
            family="metadata",
            make=_same,
            storage=Storage(suffix=".png", quality=None, exif="turned"),
            relations=pixels,
        ),
        Attack(
            name="exif-flag-jpeg",
            family="metadata",
            make=_same,
            storage=Storage(exif="turned"),
            relations=("rendition",),
        ),
    ]


def _resizes() -> list[Attack]:
    plain = [
        Attack(
            name=f"resize{scale:g}",
            family="resize",
            make=shape.resize(scale),
            most_pixels=_MOST_PIXELS_ENLARGED if scale > 1 else None,
        )
        for scale in (0.1, 0.25, 0.5, 0.75, 1.5, 2.0)
    ]
    stretched = Attack(name="stretch", family="resize", make=shape.resize(0.8, wider=1.12), relations=SLIGHT)
    return [*plain, stretched]


def _tones() -> list[Attack]:
    steps: dict[str, Step] = {
        "brighter": tone.brightness(1.3),
        "darker": tone.brightness(0.7),
        "contrast-more": tone.contrast(1.4),
        "contrast-less": tone.contrast(0.65),
        "gamma-lighter": tone.gamma(0.65),
        "gamma-darker": tone.gamma(1.5),
        "saturation-more": tone.saturation(1.5),
        "saturation-less": tone.saturation(0.5),
        "warmer": tone.balance(1.15, 0.85),
        "colder": tone.balance(0.87, 1.15),
        "auto-contrast": tone.auto_contrast,
        "fade": tone.fade,
    }
    return [Attack(name=name, family="tone", make=step) for name, step in steps.items()]


def _filters() -> list[Attack]:
    return [
        Attack(name="gray", family="filter", make=tone.gray),
        Attack(name="sepia", family="filter", make=tone.sepia),
        Attack(name="vignette", family="filter", make=tone.vignette),
        Attack(name="clarendon", family="filter", make=tone.clarendon),
    ]


def _degraded() -> list[Attack]:
    return [
        Attack(name="blur1", family="degrade", make=tone.blur(1.0), relations=SLIGHT),
        Attack(name="blur2", family="degrade", make=tone.blur(2.0), relations=SLIGHT),
        Attack(name="sharpen", family="degrade", make=tone.sharpen, relations=SLIGHT),
        Attack(name="noise5", family="degrade", make=tone.noise(5), relations=SLIGHT),
        Attack(name="noise10", family="degrade", make=tone.noise(10), relations=SLIGHT),
        Attack(name="noise20", family="degrade", make=tone.noise(20), relations=SLIGHT),
    ]


def _crops() -> list[Attack]:
    plain = [
        Attack(name=f"crop{percent}", family="crop", make=shape.crop(percent / 100))
        for percent in (90, 80, 60, 40, 20, 10)
    ]
    return [
        *plain,
        Attack(name="crop-wide", family="crop", make=shape.crop(0.5, aspect=2.0)),
        Attack(name="crop-square", family="crop", make=shape.crop(0.5, aspect=1.0)),
        Attack(name="crop-resize", family="crop", make=chains.after_each_other(shape.crop(0.6), shape.resize(0.5))),
        Attack(name="crop-exif", family="crop", make=shape.crop(0.7), storage=Storage(exif="kept")),
    ]


def _turns() -> list[Attack]:
    quarters = [Attack(name=f"turn{degrees}", family="turn", make=shape.quarter(degrees)) for degrees in (90, 180, 270)]
    tilts = [
        Attack(name=f"tilt{degrees}", family="tilt", make=shape.tilt(degrees)) for degrees in (1, 2, 5, 10, 20, 35)
    ]
    corners = [
        Attack(name="tilt5-black", family="tilt", make=shape.tilt(5, _BLACK)),
        Attack(name="tilt10-white", family="tilt", make=shape.tilt(10, _WHITE)),
        Attack(name="tilt20-black", family="tilt", make=shape.tilt(20, _BLACK)),
    ]
    return [*quarters, *tilts, *corners]


def _mirrors() -> list[Attack]:
    return [
        Attack(name="mirror", family="mirror", make=shape.mirror),
        Attack(name="flip", family="mirror", make=shape.flip),
        Attack(name="mirror-crop", family="mirror", make=chains.after_each_other(shape.mirror, shape.crop(0.7))),
    ]


def _borders() -> list[Attack]:
    steps: dict[str, Step] = {
        "border-white": around.border((0.06, 0.06, 0.06, 0.06), _WHITE),
        "polaroid": around.border((0.05, 0.05, 0.22, 0.05), (250, 248, 240)),
        "letterbox-wide": around.letterbox(16 / 9, is_blurred=False),
        "letterbox-tall": around.letterbox(4 / 5, is_blurred=False),
        "letterbox-blurred": around.letterbox(9 / 16, is_blurred=True),
    }
    return [Attack(name=name, family="border", make=step) for name, step in steps.items()]


def _overlays() -> list[Attack]:
    steps: dict[str, Step] = {
        "watermark": overlay.corner_watermark,
        "watermark-tiled": overlay.tiled_watermark,
        "caption": overlay.caption,
        "date-stamp": overlay.date_stamp,
        "stickers": overlay.stickers,
        "scribble": overlay.scribble,
        "rounded": overlay.rounded_corners,
    }
    return [Attack(name=name, family="overlay", make=step) for name, step in steps.items()]


def _embedded() -> list[Attack]:
    return [
        Attack(name="phone", family="screenshot", make=around.phone_screenshot, storage=PNG),
        Attack(name="phone-jpeg", family="screenshot", make=around.phone_screenshot, storage=Storage(quality=75)),
        Attack(name="desktop", family="screenshot", make=around.desktop_screenshot, storage=PNG),
        Attack(name="collage2x2", family="collage", with_others=around.collage((2, 2), 10, is_filled=False)),
        Attack(name="collage1+2", family="collage", with_others=around.collage((1, 2), 0, is_filled=True)),
        Attack(name="print", family="photo-of-photo", make=around.photo_of_print, storage=Storage(quality=85)),
    ]


def _others() -> list[Attack]:
    mirrored = chains.after_each_other(shape.mirror, chains.heavy)
    return [
        Attack(name="perspective", family="perspective", make=shape.perspective(0.08)),
        Attack(name="chain-light", family="chain", make=chains.light, storage=Storage(quality=80), relations=SLIGHT),
        Attack(name="chain-medium", family="chain", make=chains.medium, storage=Storage(quality=70)),
        Attack(name="heavy", family="heavy-chain", make=chains.heavy, storage=Storage(quality=60)),
        Attack(name="heavy-mirror", family="heavy-chain", make=mirrored, storage=Storage(quality=60)),
        Attack(name="messenger", family="messenger", make=chains.MESSENGER, storage=Storage(quality=70)),
        Attack(name="negative", family="negative", make=tone.negative),
    ]


ATTACKS: Final[tuple[Attack, ...]] = (
    *_metadata(),
    *_jpegs(),
    *_formats(),
    *_resizes(),
    *_tones(),
    *_filters(),
    *_degraded(),
    *_crops(),
    *_turns(),
    *_mirrors(),
    *_borders(),
    *_overlays(),
    *_embedded(),
    *_others(),
)
FAMILIES: Final[dict[str, tuple[Attack, ...]]] = {
    family: tuple(attack for attack in ATTACKS if attack.family == family)
    for family in dict.fromkeys(attack.family for attack in ATTACKS)
}
# Left out of all means: the descriptors that everything else rests on turn with the colors.
LEFT_OUT: Final = "negative"
