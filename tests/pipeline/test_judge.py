"""Which known photos a new one is compared with, and what becomes of the answers."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageOps

from pictrace.fingerprint import VERSIONS
from pictrace.match import MATCHER_VERSION, CandidateIndex
from pictrace.match.index import ENTRIES_VERSION
from pictrace.model import Certainty, Direction, Match, Relation, RootState
from pictrace.pipeline import judge as judge_module
from pictrace.pipeline.saved_candidates import fill
from pictrace.store import Index

from .conftest import nearest  # type: ignore[import-not-found]

Photographs = dict[str, Image.Image]

COPY = Match(
    relation=Relation.EDITED,
    certainty=Certainty.VERIFIED,
    similarity=0.9,
    direction=Direction.FILE_FROM_OTHER,
    matcher_version=MATCHER_VERSION,
)
WHOLE = dataclasses.replace(COPY, relation=Relation.RENDITION)
PART = dataclasses.replace(COPY, relation=Relation.PART)
SUSPECTED = dataclasses.replace(COPY, certainty=Certainty.SUSPECTED)
BURST = dataclasses.replace(COPY, relation=Relation.BURST)


def crop(image: Image.Image) -> Image.Image:
    """Return a part of a picture, 36 % of its area, that does not lie in its middle."""
    width, height = image.size
    return image.crop((width // 10, height // 5, width * 7 // 10, height * 4 // 5))


def collage(*images: Image.Image) -> Image.Image:
    whole = Image.new("RGB", (820, 420), "white")
    for number, image in enumerate(images):
        whole.paste(ImageOps.contain(image, (390, 390)), (10 + 400 * number, 15))
    return whole


def land_all(line: Any, photographs: Photographs) -> None:
    for name, image in photographs.items():
        line.land(f"{name}.jpg", image)


@pytest.fixture
def known(line: Any, photographs: Photographs) -> Any:
    """Return a pipeline that knows all photographs."""
    land_all(line, photographs)
    line.tasks()
    return line


def test_different_photographs_are_not_even_compared(known: Any, comparer: Any, photographs: Photographs) -> None:
    known.land("turned.png", photographs["woman"].transpose(Image.Transpose.ROTATE_90).crop((0, 0, 60, 60)))

    assert comparer.asked == []


def test_a_crop_is_found(known: Any, photographs: Photographs) -> None:
    known.land("crop.jpg", crop(photographs["coffee"]))

    assert known.findings("crop.jpg")["coffee.jpg"].match.relation is Relation.EDITED
    assert known.tasks().count("compare") == 1


def test_a_mirrored_crop_is_found(known: Any, photographs: Photographs) -> None:
    known.land("crop.jpg", ImageOps.mirror(crop(photographs["woman"])))

    assert known.findings("crop.jpg")["woman.jpg"].match.relation is Relation.EDITED


def test_each_photograph_in_a_collage_is_found(known: Any, photographs: Photographs) -> None:
    known.land("collage.jpg", collage(photographs["coffee"], photographs["cat"]))

    found = {name: finding.match.relation for name, finding in known.findings("collage.jpg").items()}
    assert found == {"coffee.jpg": Relation.PART, "cat.jpg": Relation.PART}


def test_a_crop_that_lands_after_a_restart_is_found(known: Any, photographs: Photographs) -> None:
    known.restart()
    assert (len(known.judge), known.judge.size_bytes > 4 * 300 * 16) == (4, True)

    known.land("crop.jpg", crop(photographs["coffee"]))

    assert "coffee.jpg" in known.findings("crop.jpg")
    assert known.tasks().count("take_in") == 1


def test_what_is_known_and_judged_costs_nothing(known: Any) -> None:
    known.restart()

    known.land("cat.jpg")

    assert known.tasks() == []
    assert len(known.judged) == 5


def test_a_photo_that_was_cut_off_before_it_was_judged_is_judged_later(
    known: Any, comparer: Any, photographs: Photographs, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(known.judge, "judge", lambda *_: iter(()))
        known.land("crop.jpg", crop(photographs["coffee"]))
    known.restart()

    known.land("crop.jpg")

    assert known.tasks()[:2] == ["asking", "likely"]
    assert comparer.asked == [("crop.jpg", "coffee.jpg")]


def test_the_search_ends_at_the_first_verified_copy(known: Any, comparer: Any, photographs: Photographs) -> None:
    comparer.otherwise = WHOLE

    known.land("collage.jpg", collage(photographs["coffee"], photographs["cat"]))

    assert len(comparer.asked) == 1


@pytest.mark.parametrize("answer", [PART, SUSPECTED, BURST])
def test_the_search_goes_on_after_what_is_no_sure_whole_copy(
    known: Any, comparer: Any, photographs: Photographs, answer: Match
) -> None:
    comparer.otherwise = answer

    known.land("collage.jpg", collage(photographs["coffee"], photographs["cat"]))

    assert {other for _, other in comparer.asked} == {"coffee.jpg", "cat.jpg"}
    assert set(known.findings("collage.jpg")) == {"coffee.jpg", "cat.jpg"}


def test_a_photo_costs_five_comparisons_in_vain_at_most(line: Any, comparer: Any, photographs: Photographs) -> None:
    comparer.otherwise = BURST
    for quality in range(60, 70):
        line.land(f"{quality}.jpg", photographs["cat"], quality=quality)
    comparer.asked.clear()

    line.land("last.jpg", photographs["cat"], quality=90)

    assert len(comparer.asked) == 5


def test_what_votes_speak_for_is_compared_though_near_hashes_led_to_nothing(
    line: Any, comparer: Any, photographs: Photographs
) -> None:
    comparer.otherwise = BURST
    line.land("coffee.jpg", photographs["coffee"])
    both = collage(photographs["coffee"], photographs["cat"])
    for quality in range(60, 66):
        line.land(f"{quality}.jpg", both, quality=quality)
    comparer.asked.clear()

    line.land("last.jpg", both, quality=90)

    assert ("last.jpg", "coffee.jpg") in comparer.asked[5:]


def test_a_photo_is_compared_with_earlier_ones_only(line: Any, comparer: Any, photographs: Photographs) -> None:
    line.land("first.jpg", photographs["cat"], quality=60)
    line.land("second.jpg", photographs["cat"], quality=70)
    assert comparer.asked == [("second.jpg", "first.jpg")]

    line.index.photos.set_judged(line.hash("first.jpg"), 0)
    line.land("first.jpg")

    assert comparer.asked == [("second.jpg", "first.jpg")]


def test_an_original_that_comes_later_is_linked_and_the_third_copy_to_the_head(
    line: Any, photographs: Photographs
) -> None:
    line.land("small.jpg", photographs["coffee"].resize((300, 200)), quality=80)
    line.land("original.jpg", photographs["coffee"], quality=95)
    line.land("third.jpg", photographs["coffee"].resize((450, 300)), quality=85)

    (finding,) = line.findings("original.jpg").values()
    assert finding.match.direction is Direction.OTHER_FROM_FILE
    assert list(line.findings("third.jpg")) == ["small.jpg"]
    assert line.index.findings.hub_of(line.hash("third.jpg")) == line.hash("small.jpg")


@pytest.mark.parametrize("worked_on", [crop, ImageOps.mirror])
def test_a_copy_is_told_from_its_original_though_an_edited_copy_was_known_before_both(
    line: Any, photographs: Photographs, worked_on: Callable[[Image.Image], Image.Image]
) -> None:
    line.land("edited.jpg", worked_on(photographs["coffee"]))
    line.land("original.jpg", photographs["coffee"], quality=95)

    line.land("copy.jpg", photographs["coffee"].resize((300, 200)), quality=80)

    relations = {other: finding.match.relation for other, finding in line.findings("copy.jpg").items()}
    assert relations == {"edited.jpg": Relation.EDITED, "original.jpg": Relation.RENDITION}


def test_an_edited_copy_is_told_of_one_original_and_costs_three_comparisons_at_most(
    line: Any, comparer: Any, photographs: Photographs
) -> None:
    comparer.otherwise = COPY
    for quality in range(60, 66):
        line.land(f"{quality}.jpg", photographs["cat"], quality=quality)
    comparer.asked.clear()

    line.land("last.jpg", photographs["cat"], quality=90)

    assert len(comparer.asked) == 3
    assert len(line.findings("last.jpg")) == 1


def test_findings_are_judged_again_by_a_new_matcher(
    line: Any, comparer: Any, photographs: Photographs, monkeypatch: pytest.MonkeyPatch
) -> None:
    comparer.otherwise = SUSPECTED
    line.land("cat.jpg", photographs["cat"])
    line.land("copy.jpg", photographs["cat"], quality=60)
    before = line.findings("copy.jpg")["cat.jpg"]
    comparer.otherwise = dataclasses.replace(COPY, matcher_version=MATCHER_VERSION + 1)
    monkeypatch.setattr(judge_module, "MATCHER_VERSION", MATCHER_VERSION + 1)
    line.restart()

    line.land("copy.jpg")

    after = line.findings("copy.jpg")["cat.jpg"]
    assert (after.id, after.match) == (before.id, comparer.otherwise)
    assert "take_in" not in line.tasks()


def test_a_finding_that_a_new_matcher_does_not_make_goes(
    line: Any, comparer: Any, photographs: Photographs, monkeypatch: pytest.MonkeyPatch
) -> None:
    comparer.otherwise = COPY
    line.land("cat.jpg", photographs["cat"])
    line.land("copy.jpg", photographs["cat"], quality=60)
    comparer.otherwise = Match(relation=Relation.UNRELATED, certainty=Certainty.VERIFIED, similarity=0.0)
    monkeypatch.setattr(judge_module, "MATCHER_VERSION", MATCHER_VERSION + 1)

    line.land("copy.jpg")

    assert line.findings("copy.jpg") == {}


def test_an_old_finding_stays_while_the_other_file_is_away(
    line: Any, comparer: Any, photographs: Photographs, monkeypatch: pytest.MonkeyPatch
) -> None:
    comparer.otherwise = COPY
    line.land("cat.jpg", photographs["cat"])
    line.land("copy.jpg", photographs["cat"], quality=60)
    monkeypatch.setattr(judge_module, "MATCHER_VERSION", MATCHER_VERSION + 1)
    (line.folder / "cat.jpg").rename(line.folder.parent / "away.jpg")

    line.land("copy.jpg")

    assert list(line.findings("copy.jpg")) == ["cat.jpg"]


def test_old_findings_are_looked_at_again_though_the_search_is_over(
    line: Any, comparer: Any, photographs: Photographs, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("cat", "coffee", "copy"):
        line.land(f"{name}.jpg", photographs[name.replace("copy", "cat")], quality=60 if name == "copy" else 92)
    for name in ("cat", "coffee"):
        line.index.findings.put_finding(
            line.hash("copy.jpg"), line.hash(f"{name}.jpg"), dataclasses.replace(COPY, matcher_version=1)
        )
    comparer.asked.clear()
    comparer.otherwise = COPY
    line.index.photos.set_judged(line.hash("copy.jpg"), 1)

    line.land("copy.jpg")

    assert comparer.asked == [("copy.jpg", "cat.jpg"), ("copy.jpg", "coffee.jpg")]
    assert {finding.match for finding in line.findings("copy.jpg").values()} == {COPY}


def test_an_old_finding_is_looked_at_again_though_the_index_does_not_name_it(
    line: Any, comparer: Any, photographs: Photographs, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.land("cat.jpg", photographs["cat"])
    line.land("coffee.jpg", photographs["coffee"])
    line.index.findings.put_finding(line.hash("coffee.jpg"), line.hash("cat.jpg"), COPY)
    comparer.otherwise = dataclasses.replace(COPY, matcher_version=MATCHER_VERSION + 1)
    monkeypatch.setattr(judge_module, "MATCHER_VERSION", MATCHER_VERSION + 1)

    line.land("coffee.jpg")

    assert comparer.asked == [("coffee.jpg", "cat.jpg")]
    assert line.findings("coffee.jpg")["cat.jpg"].match == comparer.otherwise


def test_photos_with_older_features_are_described_again_and_keep_their_findings(
    line: Any, comparer: Any, photographs: Photographs
) -> None:
    comparer.otherwise = COPY
    line.land("cat.jpg", photographs["cat"])
    line.land("copy.jpg", photographs["cat"], quality=60)
    before = line.findings("copy.jpg")
    with_old_features(line)
    line.restart()
    line.tasks()

    line.land("cat.jpg")
    assert line.findings("copy.jpg") == before
    line.land("copy.jpg")

    assert line.tasks().count("take_in") == 2
    assert line.findings("copy.jpg") == before
    line.land("crop.jpg", crop(photographs["cat"]))
    assert comparer.asked[-1] == ("crop.jpg", "cat.jpg")


def with_old_features(line: Any) -> None:
    """Leave the store as a PicTrace would that knew no local index."""
    execute = line.index._connection.execute
    execute("UPDATE photos SET versions = ?, judged_version = 1", (json.dumps({"phash": 1, "orb": 1}),))
    execute("DELETE FROM entries")


def test_entries_are_computed_anew_without_reading_the_file(line: Any, comparer: Any, photographs: Photographs) -> None:
    line.land("cat.jpg", photographs["cat"])
    line.index._connection.execute("UPDATE entries SET version = version - 1")
    line.restart()

    line.land("cat.jpg")

    assert line.tasks() == ["entries_of"]
    line.land("crop.jpg", crop(photographs["cat"]))
    assert comparer.asked == [("crop.jpg", "cat.jpg")]


def test_what_is_gone_for_long_is_found_no_more(known: Any, comparer: Any, photographs: Photographs) -> None:
    known.judge.forget([known.index.photos.require_id(known.hash("coffee.jpg"))])

    known.land("crop.jpg", crop(photographs["coffee"]))

    assert comparer.asked == []


def test_a_lookup_finds_a_small_part(known: Any, photographs: Photographs, tmp_path: Path) -> None:
    path = tmp_path / "asked.jpg"
    ImageOps.mirror(crop(photographs["coffee"])).save(path, quality=90)

    rows = nearest(known.index, path, top=5)

    assert [[file.name for file in row.files] for row in rows] == [["coffee.jpg"]]
    assert rows[0].match.relation is Relation.EDITED


def test_a_lookup_of_something_else_gives_nothing(known: Any, photo: Any) -> None:
    assert nearest(known.index, photo("else.jpg", seed=5), top=5) == []


@pytest.fixture
def saving(known: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a pipeline that knows all photographs and saved its candidate index."""
    monkeypatch.setattr(judge_module, "_LEAST_SAVED", 1)
    known.judge.save_sometimes()
    return known


def without_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be read from the store that was saved."""
    monkeypatch.setattr("pictrace.store.entries.Entries.all", lambda *_: pytest.fail("all entries were read"))


def test_the_saved_index_is_taken_with_what_came_since(
    saving: Any, photographs: Photographs, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = len(saving.judge)
    saving.land("noise.png", Image.effect_noise((400, 300), 80))
    without_store(monkeypatch)

    saving.restart()

    assert len(saving.judge) == known + 1
    saving.land("crop.jpg", crop(photographs["coffee"]))
    assert "coffee.jpg" in saving.findings("crop.jpg")


def test_the_saved_index_forgets_what_went_since(saving: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    known = len(saving.judge)
    (saving.folder / "cat.jpg").unlink()
    saving.index._connection.execute("DELETE FROM photos WHERE content_hash = ?", (saving.hash("cat.jpg"),))
    without_store(monkeypatch)

    saving.restart()

    assert len(saving.judge) == known - 1


def test_little_that_is_new_is_not_saved(saving: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = saving.index.entries.saved_as
    saving.judge.save_sometimes()
    assert saving.index.entries.saved_as == before

    monkeypatch.setattr(judge_module, "_LEAST_SAVED", 2)
    saving.land("noise.png", Image.effect_noise((400, 300), 80))
    saving.judge.save_sometimes()
    assert saving.index.entries.saved_as == before


def test_a_saved_index_of_another_store_is_not_taken(saving: Any) -> None:
    known = len(saving.judge)
    # The store as it was before it was saved, from a backup: it knows one photo less, and no token of this index.
    saving.index._connection.execute("DELETE FROM photos WHERE content_hash = ?", (saving.hash("cat.jpg"),))
    saving.index._connection.execute("DELETE FROM entry_changes")
    saving.index._connection.execute("UPDATE state SET value = 'another 0' WHERE name = 'saved-candidates'")

    saving.restart()

    assert len(saving.judge) == known - 1


def test_what_another_program_saves_meanwhile_is_taken_whole(saving: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = Index.read(saving.index.state)
    load = CandidateIndex.load
    loads = []

    def load_late(folder: Path, token: str, *, is_checked: bool) -> CandidateIndex | None:
        if not loads:
            saving.land("noise.png", Image.effect_noise((400, 300), 80))
            saving.judge.save_sometimes()
        loads.append(token)
        return load(folder, token, is_checked=is_checked)

    without_store(monkeypatch)
    monkeypatch.setattr(CandidateIndex, "load", load_late)
    filled = fill(reader, is_checked=False)
    reader.close()

    assert len(filled.candidates) == len(saving.judge)
    assert len(set(loads)) == 2


def test_an_index_that_cannot_be_saved_costs_nothing_but_time(
    known: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(judge_module, "_LEAST_SAVED", 1)
    (known.index.state / "candidates").write_text("in the way")

    known.judge.save_sometimes()
    known.restart()

    assert "cannot be saved" in caplog.text
    assert len(known.judge) == 4


def test_a_store_that_was_made_anew_does_not_take_what_was_saved_before(saving: Any) -> None:
    for path in saving.index.state.glob("index.db*"):
        path.unlink()

    saving.restart()

    assert len(saving.judge) == 0


def test_an_error_of_our_own_costs_one_file_and_is_told(
    line: Any, photographs: Photographs, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def wrong(*_: object) -> None:
        raise RuntimeError("never thought of")

    line.land("cat.jpg", photographs["cat"])
    with monkeypatch.context() as patch:
        patch.setattr(judge_module, "compare", wrong)
        line.land("copy.jpg", photographs["cat"], quality=60)

    assert "Traceback" in caplog.text
    assert line.judged == [line.folder / "cat.jpg"]
    assert [problem.reason for problem in line.index.problems.listed()] == [
        "an error in PicTrace: RuntimeError: never thought of"
    ]
    line.land("copy.jpg")
    assert list(line.findings("copy.jpg")) == ["cat.jpg"]


def test_a_photo_that_could_not_be_compared_is_judged_again(
    line: Any, comparer: Any, photographs: Photographs, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.land("cat.jpg", photographs["cat"])
    state = line.library.state
    away = line.folder.with_name("away")
    (line.folder / "cat.jpg").rename(away)
    monkeypatch.setattr(line.library, "state", lambda _: RootState.MISSING)
    line.land("copy.jpg", photographs["cat"], quality=60)
    assert line.index.photos.judged_version(line.hash("copy.jpg")) is None

    monkeypatch.setattr(line.library, "state", state)
    away.rename(line.folder / "cat.jpg")
    line.land("cat.jpg")  # to be moved about gave it another time of change, as no unmounting does
    comparer.otherwise = COPY
    unjudged = line.index.files.unjudged(
        matcher_version=MATCHER_VERSION, entries_version=ENTRIES_VERSION, fingerprint_versions=VERSIONS
    )
    assert [row.path.name for row in unjudged] == ["copy.jpg"]
    line.land("copy.jpg")

    assert list(line.findings("copy.jpg")) == ["cat.jpg"]


def test_a_photo_whose_like_is_gone_for_good_counts_as_judged(
    line: Any, comparer: Any, photographs: Photographs
) -> None:
    line.land("cat.jpg", photographs["cat"])
    (line.folder / "cat.jpg").unlink()

    line.land("copy.jpg", photographs["cat"], quality=60)

    assert line.index.photos.judged_version(line.hash("copy.jpg")) == MATCHER_VERSION


@pytest.mark.parametrize(
    "stale",
    [
        "UPDATE photos SET judged_version = 1",
        "DELETE FROM entries",
        "UPDATE entries SET version = 0",
        """UPDATE photos SET versions = '{"phash": 1, "orb": 1}'""",
    ],
)
def test_what_an_older_version_made_is_unjudged(known: Any, stale: str) -> None:
    def unjudged() -> set[str]:
        rows = known.index.files.unjudged(
            matcher_version=MATCHER_VERSION, entries_version=ENTRIES_VERSION, fingerprint_versions=VERSIONS
        )
        return {row.path.name for row in rows}

    assert unjudged() == set()

    known.index._connection.execute(stale)

    assert unjudged() == {"cat.jpg", "coffee.jpg", "woman.jpg", "rocket.jpg"}
