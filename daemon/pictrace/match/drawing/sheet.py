"""Puts the drawing of a match together: words, both pictures with what joins them, and where they disagree."""

from __future__ import annotations

import colorsys
from typing import Final

import cv2
import numpy as np

from pictrace.match.drawing.canvas import BOLD, FAINT, INK, Canvas, Color, Pixels, Points, fitted, wrapped
from pictrace.match.drawing.maps import draw_legend, draw_maps, pixels_of
from pictrace.match.drawing.panel import Panel, Space, placed
from pictrace.match.drawing.side import Side, sides_of
from pictrace.match.examination import Examination
from pictrace.match.wording import certainty_words, direction_words, edit_words, limit_words, relation_words
from pictrace.model import Certainty, Match, Relation

_WIDTH: Final = 1600
_MARGIN: Final = 36
_INNER: Final = _WIDTH - 2 * _MARGIN
_CAPTION, _NOTE, _GAP = 50, 48, 40
_TITLE_SIZE, _TEXT_SIZE, _NOTE_SIZE, _BADGE_SIZE = 32, 24, 20, 26
_TITLE_PIXELS, _LINE_PIXELS = 68, 34
_PICTURES: Final = Space(left=_MARGIN, width=_INNER, most_height=620, gap=_GAP, caption=_CAPTION)
_MAPS: Final = Space(left=_MARGIN, width=_INNER, most_height=480, gap=_GAP, caption=_CAPTION)
_MOST_POINTS: Final = 60
_MOST_FAILED: Final = 4
_SPREAD: Final = (6, 4)
_SLANT: Final = 0.2
# What the other one has nothing of is so much paler.
_PALER: Final = 0.62

_COPY_COLOR: Final[Color] = (24, 128, 62)
_DOUBT_COLOR: Final[Color] = (176, 112, 0)
_NO_COPY_COLOR: Final[Color] = (92, 98, 108)


def drawn(examination: Examination, *, file_name: str, other_name: str) -> Pixels:
    """Return a picture that shows how two pictures are related, uint8 RGB, 1600 pixels wide.

    Both stand side by side (stacked where both are wide) with the outline of each in the other and lines between what
    they share. Below them lies the file with what disagrees in color, beside the other one as it lies over the file.

    Args:
        examination: the match and how it was found.
        file_name, other_name: names as they may be shown; long ones are shortened.
    """
    sides = sides_of(examination, file_name, other_name)
    lines = _lines(examination.match)
    panels = placed(sides[0].size, sides[1].size, _PICTURES, _MARGIN + _TITLE_PIXELS + _LINE_PIXELS * len(lines))
    bottom = _bottom(panels) + _NOTE
    maps = None
    if examination.matrix is not None:
        left, top, right, low = pixels_of(sides[0].view(), sides[0].size)
        size = right - left, low - top
        maps = placed(size, size, _MAPS, bottom, second_left=panels[1].left)
        bottom = _bottom(maps) + _NOTE
    canvas = Canvas(_WIDTH, bottom + _MARGIN // 2)
    _draw_head(canvas, examination.match, _title(examination.match, sides), lines)
    is_beside = panels[1].left > panels[0].left
    rights = panels[1].left - _GAP if is_beside else _WIDTH - _MARGIN, _WIDTH - _MARGIN
    for side, panel, whose, right in zip(sides, panels, reversed(sides), rights, strict=True):
        _draw_side(canvas, side, panel, whose, right)
    _join(canvas, _points(examination, sides), panels)
    if maps is not None:
        draw_maps(canvas, examination, maps, sides[0].view())
        draw_legend(canvas, examination, (_MARGIN, _bottom(maps) + 14), _WIDTH - _MARGIN)
    return canvas.pixels


def as_png(rgb: Pixels) -> bytes:
    """Return a picture as the bytes of a PNG file."""
    _, encoded = cv2.imencode(".png", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))
    return encoded.tobytes()


def _bottom(panels: tuple[Panel, Panel]) -> int:
    return max(panel.bottom for panel in panels)


def _title(match: Match, sides: tuple[Side, Side]) -> str:
    """Return the relation as a sentence; of a part the geometry tells which one lies inside the other."""
    words = relation_words(match, "FILE", "OTHER")
    if match.relation is Relation.PART and sides[0].share != sides[1].share:
        inner, outer = sides if sides[0].share > sides[1].share else sides[::-1]
        words = f"{inner.tag} lies inside {outer.tag}{', it seems' if _is_doubtful(match) else ''}"
    return f"{words}."


def _lines(match: Match) -> list[str]:
    sure = f"Certainty {certainty_words(match)}.  Similarity: {match.similarity:.2f}."
    if match.relation.is_copy:
        sure += f"  Direction: {direction_words(match, 'FILE', 'OTHER')}."
    lines = [sure]
    if match.edits:
        lines.insert(0, "What was done: " + " · ".join(edit_words(edit, match.direction) for edit in match.edits) + ".")
    failed = [f"{one.name} {one.value:.4g}, needs {limit_words(one)}" for one in match.evidence if not one.passed]
    if failed:
        more = " …" if len(failed) > _MOST_FAILED else ""
        lines.append("Limits missed: " + " · ".join(failed[:_MOST_FAILED]) + more)
    return [line for words in lines for line in wrapped(words, _INNER, _TEXT_SIZE)]


def _is_doubtful(match: Match) -> bool:
    return match.relation is not Relation.UNRELATED and match.certainty is Certainty.SUSPECTED


def _draw_head(canvas: Canvas, match: Match, title: str, lines: list[str]) -> None:
    color = _NO_COPY_COLOR
    if match.relation.is_copy:
        color = _DOUBT_COLOR if _is_doubtful(match) else _COPY_COLOR
    label = match.relation.value.replace("-", " ").upper() + "?" * _is_doubtful(match)
    end = canvas.badge(label, (_MARGIN, _MARGIN - 8), _BADGE_SIZE, color)
    canvas.text(title, (end + 18, _MARGIN + 25), _TITLE_SIZE, INK, BOLD)
    for number, line in enumerate(lines):
        canvas.text(line, (_MARGIN, _MARGIN + _TITLE_PIXELS + 8 + _LINE_PIXELS * number), _TEXT_SIZE)


def _draw_side(canvas: Canvas, side: Side, panel: Panel, whose: Side, right: int) -> None:
    """Draw a picture with its name, which may run on to the right so far."""
    end = canvas.text(side.tag, (panel.left, panel.top - 14), _TEXT_SIZE, side.color, BOLD) + 14
    canvas.text(fitted(side.name, right - end, _TEXT_SIZE), (end, panel.top - 14), _TEXT_SIZE)
    canvas.paste(_dimmed(panel, side), panel.at)
    canvas.box(panel.at, panel.size, side.color, 4)
    # The box of a part says what its outline says, and leaves out what a collage cut off.
    corners = side.shared if side.box is None else side.box
    if corners is not None and len(corners) and not side.is_whole:
        canvas.polygon(panel.on_sheet(corners), whose.color, 3)
    canvas.text(_note(side, whose), (panel.left, panel.bottom + 28), _NOTE_SIZE, FAINT)


def _note(side: Side, whose: Side) -> str:
    if not side.share:
        return f"nothing of it in {whose.tag}"
    return f"{'all' if side.is_whole else f'{side.share:.0%}'} of it lies in {whose.tag}"


def _dimmed(panel: Panel, side: Side) -> Pixels:
    """Return a picture in the size of its panel, paler where the other one has nothing of it."""
    picture = panel.shown(side.picture)
    if side.shared is None or side.is_whole:
        return picture
    is_shared = np.ones(picture.shape[:2], np.bool_)
    for corners in side.outlines:
        inside = np.zeros(picture.shape[:2], np.uint8)
        if len(corners):
            local = panel.on_sheet(corners) - np.array(panel.at)
            cv2.fillPoly(inside, [np.round(local).astype(np.int32)], 1)
        is_shared &= inside > 0
    pale = 255 - (255 - picture.astype(np.float32)) * (1 - _PALER)
    return np.where(is_shared[..., None], picture, pale.astype(np.uint8))


def _join(canvas: Canvas, points: Points, panels: tuple[Panel, Panel]) -> None:
    """Join what the two share; the color says in which direction from the middle of the file a point lies."""
    if not len(points):
        return
    chosen = points[_evenly(points[:, :2], _MOST_POINTS)]
    away = chosen[:, :2] - chosen[:, :2].mean(axis=0)
    hues = np.arctan2(away[:, 1], away[:, 0]) / (2 * np.pi) % 1.0
    colors = [_hue(float(hue)) for hue in hues]
    canvas.lines(panels[0].on_sheet(chosen[:, :2]), panels[1].on_sheet(chosen[:, 2:]), colors, 0.6)


def _points(examination: Examination, sides: tuple[Side, Side]) -> Points:
    """Return what the two share; spots spread over it where they were laid together without single points."""
    if len(examination.points) or examination.matrix is None:
        return examination.points
    across, down = np.meshgrid(np.linspace(0.1, 0.9, _SPREAD[0]), np.linspace(0.1, 0.9, _SPREAD[1]))
    # Slanted, so that the lines of one row do not cover each other.
    down += (across - 0.5) * _SLANT
    spots = np.column_stack([across.ravel(), down.ravel(), np.ones(across.size)]) * [*sides[0].size, 1]
    there = spots @ examination.matrix.T
    found = np.column_stack([spots[:, :2], there[:, :2] / there[:, 2:]])
    is_inside = (there[:, 2] > 0) & ((found[:, 2:] >= 0) & (found[:, 2:] <= sides[1].size)).all(axis=1)
    return np.asarray(found[is_inside], np.float64)


def _evenly(points: Points, count: int) -> list[int]:
    """Return which points to take so that they lie as far from each other as they can (Gonzalez, 1985)."""
    chosen = [0]
    nearest = np.hypot(*(points - points[0]).T)
    while len(chosen) < count and nearest.max() > 0:
        chosen.append(int(nearest.argmax()))
        nearest = np.minimum(nearest, np.hypot(*(points - points[chosen[-1]]).T))
    return chosen


def _hue(hue: float) -> Color:
    red, green, blue = colorsys.hsv_to_rgb(hue, 0.95, 0.92)
    return round(red * 255), round(green * 255), round(blue * 255)
