"""What the matrix holds against the truth, which pairs it compares, and that nothing of it stays on the disk."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import pictrace as package
from pictrace.bench import report
from pictrace.bench.copies import ATTACKS, FAMILIES, Attack, Copy, make
from pictrace.bench.judged import judged, not_compared
from pictrace.bench.matrix import Matrix, MatrixTask, bench, measured, usable
from pictrace.bench.negatives import Refused, wrong_pairs
from pictrace.errors import BusyError
from pictrace.model import Certainty, Edit, EditKind, Match, Relation

Photo = Callable[..., Path]
_BY_NAME = {attack.name: attack for attack in ATTACKS}
_SECONDS = 60.0


@pytest.fixture
def copy(photo: Photo) -> Callable[[str], Copy]:
    """Return a function that gives a copy by an attack of a drawn photo, with its truth."""
    original, others = photo("a.jpg", seed=1), tuple(photo(f"{seed}.jpg", seed=seed) for seed in (2, 3, 4))

    def made(name: str) -> Copy:
        attack: Attack = _BY_NAME[name]
        came = make(original, name, others)
        path = original.with_name(attack.file_name("a"))
        return Copy(path=path, original=original, attack=attack, others=(), truth=came.truth, is_slight=came.is_slight)

    return made


def match(*edits: Edit, relation: Relation = Relation.EDITED, certainty: Certainty = Certainty.VERIFIED) -> Match:
    return Match(relation=relation, certainty=certainty, similarity=0.9, edits=edits)


@pytest.mark.parametrize(("scale", "is_right"), [(0.5, True), (0.508, True), (0.512, False), (None, False)])
def test_a_scale_is_right_within_two_percent(scale: float | None, is_right: bool, copy: Any) -> None:
    edits = [] if scale is None else [Edit(kind=EditKind.RESIZED, scale=scale)]

    one = judged(copy("resize.half"), match(*edits, relation=Relation.RENDITION))

    assert (one.measures, one.is_named, one.is_relation_right) == ({"scale": is_right}, scale is not None, True)


@pytest.mark.parametrize(("degrees", "is_right"), [(90.0, True), (90.9, True), (91.1, False), (270.0, False)])
def test_an_angle_is_right_within_a_degree(degrees: float, is_right: bool, copy: Any) -> None:
    assert judged(copy("rotate.90"), match(Edit(kind=EditKind.ROTATED, degrees=degrees))).measures == {
        "angle": is_right
    }


def test_a_half_turn_told_as_two_mirrors_is_no_turn(copy: Any) -> None:
    told = match(Edit(kind=EditKind.MIRRORED, axis="vertical"))

    assert judged(copy("rotate.180"), told).measures == {"angle": False}


@pytest.mark.parametrize(("axis", "is_right"), [("vertical", True), ("horizontal", False)])
def test_the_axis_of_a_mirror_counts(axis: str, is_right: bool, copy: Any) -> None:
    one = judged(copy("mirror.v"), match(Edit(kind=EditKind.MIRRORED, axis=axis)))

    assert (one.is_named, one.measures) == (True, {"axis": is_right})


def test_a_box_is_right_where_it_covers_nine_tenths(copy: Any) -> None:
    crop = copy("crop.50")
    left, top, right, bottom = crop.truth.box
    inside = (left, top, right - 0.04, bottom)
    outside = (left, top, right - 0.12, bottom)

    found = [judged(crop, match(Edit(kind=EditKind.CROPPED, kept=0.5, box=box))) for box in (inside, outside)]

    assert [one.measures for one in found] == [{"box": True}, {"box": False}]


def test_another_tile_of_a_collage_is_wrong(copy: Any) -> None:
    sheet = copy("collage.2x2")
    left, top, right, bottom = sheet.truth.place
    other = (1 - right, top, 1 - left, bottom)

    found = [
        judged(sheet, match(Edit(kind=EditKind.COLLAGE_TILE, box=box), relation=Relation.PART))
        for box in (sheet.truth.place, other)
    ]

    assert [one.measures for one in found] == [{"tile": True}, {"tile": False}]


def test_a_copy_that_is_not_found_names_no_edit_and_measures_nothing(copy: Any) -> None:
    missed = judged(copy("mirror.h"), match(relation=Relation.BURST))
    broken = not_compared(copy("mirror.h"), "too late")

    assert (missed.is_found, missed.is_named, missed.measures, missed.is_called_burst) == (False, False, {}, True)
    assert (broken.is_found, broken.is_named, broken.relation) == (False, False, "error")


def test_suspected_is_found_and_not_verified(copy: Any) -> None:
    one = judged(copy("mirror.h"), match(certainty=Certainty.SUSPECTED))

    assert (one.is_found, one.is_verified) == (True, False)


def test_an_edit_that_changed_nothing_need_not_be_named(copy: Any) -> None:
    one = judged(replace(copy("colour.gray"), is_slight=True), match())

    assert report.line_of([one], "colour").named.n == 0


def test_fifty_photos_have_the_pairs_of_the_earlier_measurements() -> None:
    pairs = [pair for members in wrong_pairs(50, ATTACKS, None).values() for pair in members]

    assert len(pairs) == len(set(pairs)) == 1225 + 2700
    assert sum(pair.attack is None for pair in pairs) == 1225
    assert all(pair.first != pair.second for pair in pairs)


def test_fewer_pairs_are_drawn_from_all_of_them_and_always_the_same() -> None:
    drawn = [pair for members in wrong_pairs(20, ATTACKS, 40).values() for pair in members]

    assert len(drawn) == 40
    assert len({pair.first for pair in drawn}) > 10
    assert {pair.attack is None for pair in drawn} == {True, False}
    assert wrong_pairs(20, ATTACKS, 40) == wrong_pairs(20, ATTACKS, 40)


def test_a_line_counts_what_was_found_and_what_was_called_burst(copy: Any) -> None:
    mirror = copy("mirror.h")
    told = (match(Edit(kind=EditKind.MIRRORED, axis="horizontal")), match(relation=Relation.BURST))
    found, missed = (judged(mirror, one) for one in told)

    line = report.line_of([found, missed, not_compared(mirror, "too late")], "mirror").to_json()

    assert (line["n"], line["verified"]["hits"], line["found"]["hits"], line["errors"]) == (3, 1, 1, 1)
    assert (line["called_burst"]["hits"], line["edit_named"]["hits"]) == (1, 1)
    assert line["measures_right"]["axis"] == {"hits": 1, "n": 1, "share": 1.0, "low": 0.2065, "high": 1.0}


def test_false_copies_among_different_photos_are_counted_and_named() -> None:
    unrelated = match(relation=Relation.UNRELATED)
    doubted = match(certainty=Certainty.SUSPECTED)
    negatives = [
        Refused(file=name, other="z.jpg", match=one)
        for name, one in (("a.jpg", match()), ("b.jpg", doubted), ("c.jpg", unrelated), ("d.jpg", None))
    ]

    (event,) = report.events(Matrix(photos=4, negatives=negatives))

    assert (event["n"], event["false_copies"]["hits"], event["suspected"]) == (4, 1, 1)
    assert event["relations"] == {"edited": 2, "error": 1, "unrelated": 1}
    assert event["pairs"] == [["a.jpg", "z.jpg", "edited"], ["b.jpg", "z.jpg", "edited"]]
    assert "| all                       | 4 | .250 (.046–.699) | 1 " in report.tables(
        Matrix(photos=4, negatives=negatives)
    )


def test_what_cannot_be_measured_is_left_out_and_named(tmp_path: Path, photo: Photo) -> None:
    first = photo("a.jpg", seed=1)
    (tmp_path / "b.jpg").write_bytes(first.read_bytes())
    (tmp_path / "c.jpg").write_bytes(first.read_bytes()[:2000])
    flat = photo("d.jpg", size=(1, 1))
    last = photo("e.jpg", seed=2)

    with bench(1) as running:
        kept, left_out = usable(running, [first, tmp_path / "b.jpg", tmp_path / "c.jpg", flat, last], None)
        few, _ = usable(running, [first, last], 1)

    assert (kept, few) == ([first, last], [first])
    assert left_out["b.jpg"] == "the same bytes as a.jpg"
    assert "truncated" in left_out["c.jpg"]
    assert "too little detail" in left_out["d.jpg"]


def test_a_copy_that_cannot_be_made_is_left_out_and_the_others_go_on(tmp_path: Path, photo: Photo) -> None:
    photos = [photo("a.jpg", seed=1), tmp_path / "gone.jpg"]
    wanted = MatrixTask(attacks=FAMILIES["mirror"], most_negatives=0)

    with bench(1) as running:
        came = measured(running, photos, wanted, lambda _done, _total: None)

    assert [one.name for one in came.copies] == ["a.mirror.h.jpg", "a.mirror.v.jpg"]
    assert set(came.left_out) == {"gone.mirror.h.jpg", "gone.mirror.v.jpg"}
    assert "cannot be opened" in came.left_out["gone.mirror.h.jpg"]


def test_nothing_stays_behind_where_a_run_fails() -> None:
    seen = []

    def fail() -> None:
        with bench(1) as running:
            seen.append(running.scratch)
            (running.scratch / "copy.jpg").write_bytes(b"a copy")
            raise BusyError("no worker comes up")

    with pytest.raises(BusyError):
        fail()

    assert not seen[0].exists()


@pytest.mark.parametrize(("number", "begun"), [(signal.SIGINT, "*/*/*.jpg"), (signal.SIGTERM, "*")])
def test_nothing_stays_behind_where_a_run_is_interrupted(number: int, begun: str, tmp_path: Path, photo: Photo) -> None:
    for seed, name in enumerate("ab"):
        photo(f"photos/{name}.jpg", seed=seed)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    environ = {**os.environ, "TMPDIR": str(scratch), "PYTHONPATH": str(Path(package.__file__).parent.parent)}
    command = [sys.executable, "-m", "pictrace", "bench", "matrix", str(tmp_path / "photos"), "--quiet"]
    # Into a file: a worker that is just being started may hold a pipe a little longer.
    with (tmp_path / "err").open("wb") as err, subprocess.Popen(command, env=environ, stderr=err) as running:
        limit = time.monotonic() + _SECONDS
        while not list(scratch.glob(begun)) and time.monotonic() < limit:
            time.sleep(0.02)
        has_begun = bool(list(scratch.glob(begun)))
        running.send_signal(number)
        running.wait(_SECONDS)

    assert has_begun
    assert running.returncode == 130
    assert b"Traceback" not in (tmp_path / "err").read_bytes()
    assert list(scratch.iterdir()) == []


def test_temporary_folders_are_where_the_test_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    with bench(1) as running:
        assert running.scratch.parent == tmp_path
        assert running.scratch.name.startswith("pictrace-bench-")


def test_rows_of_pairs_are_plain_json(copy: Any) -> None:
    matrix = Matrix(
        photos=1,
        copies=[judged(copy("crop.50"), match(Edit(kind=EditKind.CROPPED, kept=0.5, box=(0.0, 0.0, 0.5, 1.0))))],
        negatives=[Refused(file="a.jpg", other="b.jpg", match=None)],
        exposures=[Refused(file="x/1.jpg", other="x/2.jpg", match=match(relation=Relation.BURST), kind="burst")],
    )

    rows = [json.loads(json.dumps(row)) for row in report.pairs(matrix)]

    assert [row["event"] for row in rows] == ["copy", "negative", "exposure"]
    assert rows[0]["edits"] == [{"kind": "cropped", "kept": 0.5, "box": [0.0, 0.0, 0.5, 1.0]}]
    assert (rows[1]["relation"], rows[2]["relation"], rows[2]["kind"]) == ("error", "burst", "burst")
