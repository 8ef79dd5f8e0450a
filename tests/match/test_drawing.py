"""The drawing of a match: what has to be on it, and where."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from skimage import data

from pictrace.match.drawing import as_png, drawn
from pictrace.match.drawing.canvas import fitted, text_width
from pictrace.match.drawing.heat import heat_map, painted
from pictrace.match.drawing.outline import area, outline
from pictrace.match.drawing.panel import Space, placed
from pictrace.match.drawing.side import sides_of
from pictrace.match.examination import Examination
from pictrace.model import Box, Certainty, Direction, Edit, EditKind, Evidence, Match, Relation

Pixels = NDArray[np.uint8]
WIDTH = 1600
SPACE = Space(left=30, width=1500, most_height=600, gap=40, caption=50)


@pytest.fixture(scope="module")
def cat() -> Pixels:
    return np.asarray(data.chelsea())


def examination(
    file: Pixels,
    other: Pixels,
    matrix: NDArray[np.float64] | None = None,
    *,
    relation: Relation = Relation.EDITED,
    certainty: Certainty = Certainty.VERIFIED,
    edits: tuple[Edit, ...] = (),
    evidence: tuple[Evidence, ...] = (),
    points: NDArray[np.float64] | None = None,
    disagreement: NDArray[np.float32] | None = None,
) -> Examination:
    return Examination(
        match=Match(
            relation=relation,
            certainty=certainty,
            similarity=0.9,
            direction=Direction.FILE_FROM_OTHER,
            edits=edits,
            evidence=evidence,
        ),
        file_rgb=file,
        other_rgb=other,
        matrix=matrix,
        points=np.zeros((0, 4)) if points is None else points,
        disagreement=np.zeros((8, 12), np.float32) if disagreement is None else disagreement,
    )


def sheet(it: Examination) -> Pixels:
    return drawn(it, file_name="file.jpg", other_name="other.jpg")


def shift(across: float, down: float) -> NDArray[np.float64]:
    return np.array([[1, 0, across], [0, 1, down], [0, 0, 1]], np.float64)


def count(drawing: Pixels, color: tuple[int, int, int]) -> int:
    return int((drawing == color).all(axis=2).sum())


def test_both_pictures_are_on_the_sheet(cat: Pixels) -> None:
    red, blue = np.full_like(cat, (250, 10, 20)), np.full_like(cat, (10, 20, 250))

    drawing = sheet(examination(red, blue))

    assert drawing.dtype == np.uint8
    assert drawing.shape[1:] == (WIDTH, 3)
    assert count(drawing[:, : WIDTH // 2], (250, 10, 20)) > 100_000
    assert count(drawing[:, WIDTH // 2 :], (10, 20, 250)) > 100_000


def test_drawing_twice_gives_the_same(cat: Pixels) -> None:
    it = examination(cat, cat, np.eye(3), points=np.array([[50.0, 60, 50, 60], [300, 200, 300, 200]]))

    np.testing.assert_array_equal(sheet(it), sheet(it))


def test_what_is_not_shared_gets_paler(cat: Pixels) -> None:
    dark = np.full_like(cat, 20)

    drawing = sheet(examination(dark[100:200, 150:300], dark, shift(150, 100)))

    assert count(drawing[:, : WIDTH // 2], (20, 20, 20)) > 100_000, "the crop is shared as a whole"
    side = sides_of(examination(dark[100:200, 150:300], dark, shift(150, 100)), "", "")[1]
    assert side.share == pytest.approx(100 * 150 / (300 * 451))
    pale = 255 - (255 - 20) * 0.38
    assert count(drawing[:, WIDTH // 2 :], (int(pale),) * 3) > 200_000


def test_the_outline_of_a_crop_lies_where_it_was_cut() -> None:
    corners = outline(shift(30, 20), (100, 50), (400, 300))

    assert {tuple(corner) for corner in corners.tolist()} == {(30, 20), (130, 20), (130, 70), (30, 70)}


def test_the_outline_ends_at_the_edge_of_the_picture() -> None:
    corners = outline(shift(-50, -25), (100, 50), (400, 300))

    assert {tuple(corner) for corner in corners.tolist()} == {(0, 0), (50, 0), (50, 25), (0, 25)}


def test_the_outline_of_what_lies_outside_is_empty() -> None:
    corners = outline(shift(900, 0), (100, 50), (400, 300))

    assert len(corners) == 0
    assert area(corners) == 0.0


def test_the_outline_of_a_turned_picture_has_its_area() -> None:
    turn = np.array([[0.6, -0.8, 200], [0.8, 0.6, 100], [0, 0, 1]])

    corners = outline(turn, (100, 50), (1000, 1000))

    assert area(corners) == pytest.approx(100 * 50)


def test_a_plane_that_goes_beyond_the_horizon_is_cut_there() -> None:
    # The far end of the picture lies behind whoever looks.
    steep = np.array([[1, 0, 0], [0, 1, 0], [-0.015, 0, 1]], np.float64)

    corners = outline(steep, (100, 50), (400, 300))

    assert len(corners) >= 3
    assert (corners >= -1e-6).all()
    assert (corners <= np.array([400, 300]) + 1e-6).all()


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_the_sign_of_a_matrix_means_nothing(sign: float) -> None:
    corners = outline(sign * shift(30, 20), (100, 50), (400, 300))

    assert area(corners) == pytest.approx(100 * 50)


def test_disagreement_is_red_where_it_is_and_nowhere_else(cat: Pixels) -> None:
    disagreement = np.zeros((8, 12), np.float32)
    disagreement[1:3, 8:11] = 1.5

    drawing = heat_map(np.full_like(cat, 128), disagreement).astype(int)

    height, width = cat.shape[:2]
    redness = drawing[..., 0] - drawing[..., 1]
    assert redness[int(height * 0.25), int(width * 0.8)] > 60
    assert redness[int(height * 0.75), int(width * 0.8)] < 0
    assert redness[int(height * 0.25), int(width * 0.2)] < 0


def test_the_map_is_the_same_seen_larger(cat: Pixels) -> None:
    disagreement = np.zeros((10, 10), np.float32)
    disagreement[:5, 5:] = 2.0
    gray = np.full((200, 200, 3), 128, np.uint8)

    whole = heat_map(gray, disagreement)
    part = heat_map(gray[:100, :100], disagreement, (0.5, 0.0, 1.0, 0.5))

    np.testing.assert_allclose(part.astype(int), whole[:100, 100:].astype(int), atol=1)


def test_what_cannot_be_said_is_hatched_and_gray() -> None:
    disagreement = np.zeros((4, 4), np.float32)
    disagreement[:, 2:] = np.nan

    drawing = heat_map(np.full((100, 100, 3), (200, 60, 90), np.uint8), disagreement).astype(int)

    unknown = drawing[:, 70:]
    assert (np.ptp(unknown, axis=2) <= 1).all(), "gray"
    assert len(np.unique(unknown)) > 1, "hatched"
    assert (np.ptp(drawing[:, :30], axis=2) > 5).all(), "colored"


def test_an_empty_map_is_hatched_all_over() -> None:
    drawing = heat_map(np.full((40, 60, 3), (200, 60, 90), np.uint8), np.zeros((0, 0), np.float32))

    assert (np.ptp(drawing.astype(int), axis=2) <= 1).all()


def test_more_disagreement_covers_more() -> None:
    _, cover = painted(np.array([0.4, 0.6, 0.8, 1.0, 1.5, 2.0], np.float32))

    assert (np.diff(cover) > 0).all()


def test_points_that_belong_together_are_joined_in_one_color(cat: Pixels) -> None:
    plain = np.full_like(cat, 255)
    point = np.array([[100.0, 100.0, 350.0, 200.0]])

    with_line = sheet(examination(plain, plain, None, points=point))
    without = sheet(examination(plain, plain, None))

    drawn_at = np.argwhere((with_line != without).any(axis=2))
    scale = (WIDTH - 2 * 36 - 40) / 2 / cat.shape[1]
    assert drawn_at[:, 1].min() == pytest.approx(36 + 100 * scale, abs=8)
    assert drawn_at[:, 1].max() == pytest.approx(36 + (WIDTH - 2 * 36 + 40) / 2 + 350 * scale, abs=8)
    assert np.ptp(drawn_at[:, 0]) == pytest.approx(100 * scale, abs=14)


def test_what_was_laid_together_without_points_is_joined_all_the_same() -> None:
    plain = np.full((300, 450, 3), 255, np.uint8)
    mirror = np.array([[-1, 0, 450], [0, 1, 0], [0, 0, 1]], np.float64)

    upper = sheet(examination(plain, plain, mirror))[200:700]

    between = upper[:, WIDTH // 2 - 10 : WIDTH // 2 + 10]
    assert (np.ptp(between.astype(int), axis=2) > 40).any(axis=1).sum() >= 4, "one line a row of spots at least"


def test_the_other_is_shown_as_it_lies_over_the_file() -> None:
    other = np.full((300, 400, 3), (30, 60, 200), np.uint8)
    file = np.full((300, 400, 3), (120, 120, 120), np.uint8)

    drawing = sheet(examination(file, other, shift(-200, 0), disagreement=np.zeros((3, 4), np.float32)))

    lower = drawing[drawing.shape[0] * 6 // 10 :]
    columns = np.argwhere((lower == (30, 60, 200)).all(axis=2))[:, 1]
    assert columns.size > 20_000
    assert columns.min() > WIDTH // 2 + 150, "only the right half of the file has something of the other"


@pytest.mark.parametrize(
    ("box", "is_in_file"), [((0.5, 0.1, 0.9, 0.5), True), ((0.0, 0.0, 0.5, 1.0), False), ((0.0, 0.9, 0.1, 1.0), None)]
)
def test_the_box_of_a_part_goes_where_the_geometry_says(box: Box, is_in_file: bool | None) -> None:
    # Half of the other lies, at a third of its size, in the upper right of the file.
    file, other = np.full((300, 400, 3), 90, np.uint8), np.full((360, 960, 3), 90, np.uint8)
    matrix = np.array([[3, 0, -600], [0, 3, -90], [0, 0, 1]], np.float64)
    tile = Edit(kind=EditKind.COLLAGE_TILE, box=box)
    if not is_in_file:
        matrix = np.array([[1.2, 0, 0], [0, 1.2, 0], [0, 0, 1]])

    sides = sides_of(examination(file, other, matrix, relation=Relation.PART, edits=(tile,)), "", "")

    found = [side.box is not None for side in sides]
    assert found == ([False, False] if is_in_file is None else [is_in_file, not is_in_file])


def test_a_collage_is_said_to_hold_the_other_and_shown_enlarged(cat: Pixels) -> None:
    collage = np.full((600, 900, 3), 240, np.uint8)
    collage[20:170, 640:866] = cv2.resize(cat, (226, 150))
    matrix = np.array([[451 / 226, 0, -640 * 451 / 226], [0, 2, -40], [0, 0, 1]])
    tile = Edit(kind=EditKind.COLLAGE_TILE, box=(640 / 900, 20 / 600, 866 / 900, 170 / 600))

    side = sides_of(examination(collage, cat, matrix, relation=Relation.PART, edits=(tile,)), "", "")[0]

    left, top, right, bottom = side.view()
    assert (left, top) < (640 / 900, 20 / 600)
    assert right - left < 0.4
    assert bottom - top < 0.4
    assert side.share == pytest.approx(226 * 150 / (600 * 900), rel=0.02)


@pytest.mark.parametrize("certainty", Certainty)
@pytest.mark.parametrize("relation", Relation)
def test_every_relation_can_be_drawn(cat: Pixels, relation: Relation, certainty: Certainty) -> None:
    small = cat[::4, ::4]
    failed = Evidence(name="grain", value=0.1, limit=0.4, passed=False)

    drawing = sheet(
        examination(small, small, np.eye(3), relation=relation, certainty=certainty, evidence=(failed,) * 6)
    )

    assert drawing.shape[1] == WIDTH


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((1, 1), (1, 1)),
        ((3, 2), (960, 640)),
        ((960, 4), (960, 6)),
        ((4, 960), (3, 960)),
        ((960, 4), (4, 960)),
        ((4, 960), (960, 4)),
        ((960, 300), (900, 200)),
        ((640, 480), (640, 480)),
        ((16, 16), (960, 20)),
    ],
)
@pytest.mark.parametrize("is_laid", [True, False])
def test_pictures_of_every_shape_can_be_drawn(first: tuple[int, int], second: tuple[int, int], is_laid: bool) -> None:
    random = np.random.default_rng(1)
    file, other = (random.integers(0, 256, (height, width, 3), np.uint8) for width, height in (first, second))
    matrix = np.diag([second[0] / first[0], second[1] / first[1], 1.0]) if is_laid else None
    points = np.array([[0.0, 0, 0, 0], [first[0], first[1], second[0], second[1]]])

    drawing = sheet(examination(file, other, matrix, points=points if is_laid else None))

    assert drawing.shape[1] == WIDTH
    assert drawing.shape[0] < 4000


@pytest.mark.parametrize(
    ("first", "second"), [((640, 480), (480, 640)), ((100, 960), (960, 960)), ((960, 120), (500, 480))]
)
def test_side_by_side_they_are_equally_high_and_lie_within_the_sheet(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    left, right = placed(first, second, SPACE, 0)

    assert left.height == right.height
    assert left.left + left.width + SPACE.gap <= right.left
    assert right.left + right.width <= SPACE.left + SPACE.width


def test_wide_pictures_are_stacked() -> None:
    upper, lower = placed((960, 200), (960, 300), SPACE, 0)

    assert upper.left == lower.left
    assert upper.width == lower.width
    assert upper.bottom < lower.top


@pytest.mark.parametrize(
    "name", ["a" * 300 + ".jpg", "写真 Grüße файл 🦊.jpg", "a\\udcff.jpg", "", "%s {0} \\n.png", "مرحبا.jpg"]
)
def test_any_name_can_be_written(cat: Pixels, name: str) -> None:
    drawing = drawn(examination(cat, cat, np.eye(3)), file_name=name, other_name=name)

    assert (drawing[:, WIDTH - 30 :] == 255).all(), "nothing runs over the margin"


def test_a_long_name_keeps_its_beginning_and_its_end() -> None:
    short = fitted("IMG_2041-" + "x" * 200 + "-final.jpg", 300, 24)

    assert short.startswith("IMG_2041-")
    assert short.endswith("-final.jpg")
    assert text_width(short, 24) <= 300


def test_the_png_holds_the_drawing(cat: Pixels) -> None:
    read = cv2.imdecode(np.frombuffer(as_png(cat), np.uint8), cv2.IMREAD_COLOR_RGB)

    np.testing.assert_array_equal(read, cat)
