"""Things laid over a picture: a watermark."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from pictrace.bench.copies.canvas import Drawn, Random

_NAME = "© Studio North"
_WIDTH_OF_NAME = 0.8
# A pixel that changed by less (levels) still shows the picture.
_COVERED_LEVELS = 12


def watermark(copy: Drawn, random: Random) -> Drawn:
    """Write a name across the middle, half transparent, four fifths as wide as the picture."""

    def draw(layer: Image.Image) -> None:
        pen = ImageDraw.Draw(layer)
        part = _WIDTH_OF_NAME * layer.width / pen.textlength(_NAME, font=font(100))
        size = max(11.0, 100 * part)
        y = float(random.uniform(0.35, 0.65)) * layer.height - size / 2
        pen.text(((1 - _WIDTH_OF_NAME) / 2 * layer.width, y), _NAME, fill=(255, 255, 255, 128), font=font(size))

    return laid_over(copy, draw)


def laid_over(copy: Drawn, draw: Callable[[Image.Image], None]) -> Drawn:
    """Return a picture with a layer over it, drawn on a transparent one of its size."""
    layer = Image.new("RGBA", copy.size, (255, 255, 255, 0))
    draw(layer)
    picture = Image.fromarray(copy.rgb)
    picture.paste(layer.convert("RGB"), mask=layer.getchannel("A"))
    rgb = np.array(picture)
    changed = np.abs(rgb.astype(np.int16) - copy.rgb).max(axis=2) > _COVERED_LEVELS
    return copy.looking(rgb, "overlaid", share=float(changed.mean()))


def font(size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return the font that Pillow carries with it, in pixels."""
    return ImageFont.load_default(size)
