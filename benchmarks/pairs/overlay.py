"""Things laid over a picture: watermarks, captions, dates, stickers, scribbles, rounded corners."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from pictrace.bench.copies.canvas import Drawn, Random
from pictrace.bench.copies.overlay import font as letters
from pictrace.bench.copies.overlay import laid_over

_WORDS = ("just another day", "look who came home", "no words needed", "best summer ever", "when the train is late")
_COLORS = ((255, 214, 64), (232, 72, 85), (64, 140, 240), (90, 200, 120))


def corner_watermark(copy: Drawn, random: Random) -> Drawn:
    """Put a signature into one corner, half transparent."""

    def draw(layer: Image.Image) -> None:
        size = max(11, min(layer.size) // 14)
        pen, face = ImageDraw.Draw(layer), letters(size)
        wide = pen.textlength("© Studio North", font=face)
        x = (0.02 * layer.width, layer.width * 0.98 - wide)[int(random.integers(2))]
        y = (0.02 * layer.height, layer.height * 0.97 - size * 1.2)[int(random.integers(2))]
        pen.text((x, y), "© Studio North", fill=(255, 255, 255, 170), font=face)

    return laid_over(copy, draw)


def tiled_watermark(copy: Drawn, random: Random) -> Drawn:
    """Repeat a word all over the picture, aslant, as stock agencies do."""

    def draw(layer: Image.Image) -> None:
        size = max(12, min(layer.size) // 12)
        longest = round(1.5 * max(layer.size))
        sheet = Image.new("RGBA", (longest, longest), (255, 255, 255, 0))
        pen, font = ImageDraw.Draw(sheet), letters(size)
        for row, y in enumerate(range(0, longest, size * 3)):
            for x in range(-(row % 2) * size * 3, longest, size * 7):
                pen.text((x, y), "PREVIEW", fill=(255, 255, 255, 90), font=font)
        turned = sheet.rotate(float(random.uniform(20, 35)))
        corner = (longest - layer.width) // 2, (longest - layer.height) // 2
        layer.paste(turned.crop((*corner, corner[0] + layer.width, corner[1] + layer.height)))

    return laid_over(copy, draw)


def caption(copy: Drawn, random: Random) -> Drawn:
    """Lay a dark bar with white words over the upper or the lower part."""

    def draw(layer: Image.Image) -> None:
        height = max(16, round(layer.height * float(random.uniform(0.10, 0.15))))
        top = round(layer.height * (0.06 if random.random() < 0.5 else 0.80))
        pen = ImageDraw.Draw(layer)
        pen.rectangle((0, top, layer.width, top + height), fill=(0, 0, 0, 255))
        words = _WORDS[int(random.integers(len(_WORDS)))]
        font = letters(max(9, round(height * 0.55)))
        x = max(0.0, (layer.width - pen.textlength(words, font=font)) / 2)
        pen.text((x, top + height * 0.15), words, fill=(255, 255, 255, 255), font=font)

    return laid_over(copy, draw)


def date_stamp(copy: Drawn, random: Random) -> Drawn:
    """Burn an orange date into the lower right corner, as film cameras did."""

    def draw(layer: Image.Image) -> None:
        size = max(11, min(layer.size) // 16)
        pen, font = ImageDraw.Draw(layer), letters(size)
        words = f"{random.integers(1, 29):02} {random.integers(1, 13):02} '{random.integers(85, 100)}"
        x = layer.width * 0.95 - pen.textlength(words, font=font)
        pen.text((x, layer.height * 0.93 - size), words, fill=(255, 140, 40, 255), font=font)

    return laid_over(copy, draw)


def stickers(copy: Drawn, random: Random) -> Drawn:
    """Stick two to four faces and stars somewhere."""

    def draw(layer: Image.Image) -> None:
        pen = ImageDraw.Draw(layer)
        for number in range(int(random.integers(2, 5))):
            radius = min(layer.size) * float(random.uniform(0.06, 0.12))
            x, y = (float(random.uniform(radius, side - radius)) for side in layer.size)
            color = (*_COLORS[int(random.integers(len(_COLORS)))], 255)
            (_face if number % 2 == 0 else _star)(pen, (x, y), radius, color)

    return laid_over(copy, draw)


def scribble(copy: Drawn, random: Random) -> Drawn:
    """Draw an arrow and a wild line by hand."""

    def draw(layer: Image.Image) -> None:
        pen, width = ImageDraw.Draw(layer), max(2, min(layer.size) // 100)
        color = (*_COLORS[int(random.integers(len(_COLORS)))], 255)
        spots = random.uniform(0.1, 0.9, (7, 2)) * layer.size
        pen.line([tuple(spot) for spot in spots[:5]], fill=color, width=width, joint="curve")
        start, end = spots[5:]
        pen.line([tuple(start), tuple(end)], fill=color, width=width * 2)
        along = (end - start) / max(1.0, float(np.hypot(*(end - start)))) * width * 7
        side = np.array([-along[1], along[0]]) / 2
        pen.polygon([tuple(end + along), tuple(end + side), tuple(end - side)], fill=color)

    return laid_over(copy, draw)


def rounded_corners(copy: Drawn, _: Random) -> Drawn:
    """Fill what lies outside rounded corners with white."""

    def draw(layer: Image.Image) -> None:
        mask = Image.new("L", layer.size, 255)
        ImageDraw.Draw(mask).rounded_rectangle(
            (0, 0, layer.width - 1, layer.height - 1), radius=0.10 * min(layer.size), fill=0
        )
        layer.paste((255, 255, 255, 255), mask=mask)

    return laid_over(copy, draw)


def _face(
    pen: ImageDraw.ImageDraw, middle: tuple[float, float], radius: float, color: tuple[int, int, int, int]
) -> None:
    x, y = middle
    ink = (30, 30, 30, 255)
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=color, outline=ink, width=2)
    for side in (-1, 1):
        eye = x + side * radius * 0.35, y - radius * 0.3
        pen.ellipse((eye[0] - radius / 8, eye[1] - radius / 8, eye[0] + radius / 8, eye[1] + radius / 8), fill=ink)
    mouth = (x - radius / 2, y - radius * 0.2, x + radius / 2, y + radius * 0.55)
    pen.arc(mouth, 20, 160, fill=ink, width=max(2, round(radius / 10)))


def _star(
    pen: ImageDraw.ImageDraw, middle: tuple[float, float], radius: float, color: tuple[int, int, int, int]
) -> None:
    angles = np.arange(10) * np.pi / 5 - np.pi / 2
    reach = np.where(np.arange(10) % 2 == 0, radius, radius * 0.45)
    spots = np.column_stack([np.cos(angles), np.sin(angles)]) * reach[:, None] + middle
    pen.polygon([tuple(spot) for spot in spots], fill=color)
