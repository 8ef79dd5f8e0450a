"""The lower half of the sheet: the file with what disagrees in color, and the other one as it lies over the file."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from pictrace.imaging import resized
from pictrace.match.drawing import heat
from pictrace.match.drawing.canvas import BOLD, FAINT, INK, Canvas, Pixels, hatched, text_width
from pictrace.match.drawing.heat import WHOLE, View
from pictrace.match.drawing.panel import Panel
from pictrace.match.examination import Examination

_TITLE_SIZE: Final = 24
_LEGEND_SIZE: Final = 20
_BAR: Final = (220, 20)
_SWATCH: Final = (40, 20)


def pixels_of(view: View, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return a part of a picture of some width and height as left, top, right, bottom in whole pixels; never empty."""
    left, top = int(view[0] * size[0]), int(view[1] * size[1])
    right, bottom = (int(np.ceil(view[2] * size[0])), int(np.ceil(view[3] * size[1])))
    return min(left, size[0] - 1), min(top, size[1] - 1), max(right, left + 1), max(bottom, top + 1)


def draw_maps(canvas: Canvas, examination: Examination, panels: tuple[Panel, Panel], view: View) -> None:
    """Draw both; each panel shows as much of the file as the view says."""
    titles = ("What disagrees, on FILE" + ("" if view == WHOLE else ", enlarged"), "OTHER as it lies over FILE")
    drawings = (_heat(examination, panels[0], view), _laid_over(examination, panels[1], view))
    for panel, title, drawing in zip(panels, titles, drawings, strict=True):
        canvas.text(title, (panel.left, panel.top - 14), _TITLE_SIZE, INK, BOLD)
        canvas.paste(drawing, panel.at)
        canvas.box(panel.at, panel.size, FAINT)


def draw_legend(canvas: Canvas, examination: Examination, at: tuple[int, int], right: int) -> None:
    """Say what the colors mean, from a top left corner to the right, and how much is clearly different."""
    left, top = at
    base = top + 17
    x = canvas.text("agrees", (left, base), _LEGEND_SIZE, FAINT) + 10
    canvas.paste(heat.scale_bar(*_BAR), (x, top))
    x = canvas.text("clearly different", (x + _BAR[0] + 10, base), _LEGEND_SIZE, FAINT) + 36
    canvas.paste(hatched(*_SWATCH), (x, top))
    canvas.text("not shared, or too plain to say", (x + _SWATCH[0] + 10, base), _LEGEND_SIZE, FAINT)
    words = _sum_of(examination.disagreement)
    canvas.text(words, (right - text_width(words, _LEGEND_SIZE, BOLD), base), _LEGEND_SIZE, INK, BOLD)


def _sum_of(disagreement: NDArray[np.float32]) -> str:
    share = heat.share_different(disagreement)
    if share is None:
        return "nowhere enough detail to compare"
    return f"{f'{share:.1%}' if share else 'nothing'} of what was compared is clearly different"


def _heat(examination: Examination, panel: Panel, view: View) -> Pixels:
    file = examination.file_rgb
    size = file.shape[1], file.shape[0]
    left, top, right, bottom = pixels_of(view, size)
    seen = (left / size[0], top / size[1], right / size[0], bottom / size[1])
    return heat.heat_map(resized(file[top:bottom, left:right], *panel.size), examination.disagreement, seen)


def _laid_over(examination: Examination, panel: Panel, view: View) -> Pixels:
    """Return the other picture where it lies over the file; hatched where it has nothing."""
    file, other, matrix = examination.file_rgb, examination.other_rgb, examination.matrix
    if matrix is None:
        return hatched(*panel.size)
    left, top, right, bottom = pixels_of(view, (file.shape[1], file.shape[0]))
    across, down = panel.width / (right - left), panel.height / (bottom - top)
    to_panel = np.array([[across, 0, -left * across], [0, down, -top * down], [0, 0, 1]])
    there = to_panel @ np.linalg.inv(matrix)
    # Beyond its edge the picture goes on as it ends: no dark seam there.
    laid = cv2.warpPerspective(other, there, panel.size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    known = np.full(other.shape[:2], 255, np.uint8)
    is_known = cv2.warpPerspective(known, there, panel.size, flags=cv2.INTER_NEAREST) > 0
    return np.where(is_known[..., None], laid, hatched(*panel.size)).astype(np.uint8)
