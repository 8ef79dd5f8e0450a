"""What only the duplicate says goes to the keeper's sidecar; what the keeper says stays."""

from __future__ import annotations

import pytest

from pictrace.act import ACTIONS
from pictrace.imaging.xmp import NOTHING, parsed_xmp
from pictrace.model import ChangeKind, ChangeState, Metadata, Side, Step

from .sheets import DARKTABLE, sheet

ROME = (41.9, 12.5)
FULL = sheet(
    '<rdf:Description rdf:about="" xmp:Rating="4" exif:GPSLatitude="41,54N" exif:GPSLongitude="12,30E">'
    "<dc:description><rdf:Alt><rdf:li>The forum</rdf:li></rdf:Alt></dc:description>"
    "<dc:subject><rdf:Bag><rdf:li>Rome</rdf:li></rdf:Bag></dc:subject></rdf:Description>"
)


def says(**values) -> Metadata:
    return Metadata(width_pixels=1, height_pixels=1, format="jpeg", version=2, **values)


def merge(*carry: str) -> Step:
    options = ACTIONS["merge-metadata"].parse(list(carry) or None)
    return Step(action="merge-metadata", on=Side.KEEPER, options=options)


@pytest.fixture
def pair(stage):
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    stage.metadata.update({keeper.content_hash: says(), copy.content_hash: says()})
    return keeper, copy


def _said(stage, name="a.jpg.xmp"):
    path = stage.root / name
    return parsed_xmp(path.read_bytes(), most_bytes=1_000_000) if path.exists() else NOTHING


@pytest.mark.parametrize("where", ["file", "sidecar"])
def test_all_that_only_the_duplicate_says_is_carried_and_comes_back(stage, pair, where) -> None:
    keeper, copy = pair
    if where == "file":
        stage.metadata[copy.content_hash] = says(
            keywords=("Rome",), rating=4, caption="The forum", place=ROME, has_gps=True
        )
    else:
        stage.put("b.jpg.xmp", FULL)
    before = stage.tree()

    [change] = stage.carry_out(copy, keeper, merge())
    said = _said(stage)
    stage.actor.undo([change.id])

    assert (change.kind, change.state) == (ChangeKind.MERGE_METADATA, ChangeState.DONE)
    assert (said.keywords, said.rating, said.caption) == (("Rome",), 4, "The forum")
    assert said.place == pytest.approx(ROME)
    assert stage.tree() == before


def test_where_nothing_is_to_be_carried_nothing_is_planned(stage, pair) -> None:
    keeper, copy = pair
    before = stage.tree()

    changes = stage.carry_out(copy, keeper, merge())

    assert (changes, stage.actor.undoable(), stage.tree()) == ([], [], before)


def test_what_the_keeper_says_in_its_file_or_its_sidecar_stays_and_is_told(stage, pair) -> None:
    keeper, copy = pair
    stage.metadata[keeper.content_hash] = says(caption="Mine", place=(1.0, 2.0))
    stage.put("a.xmp", DARKTABLE)
    stage.put("b.jpg.xmp", FULL)

    [change] = stage.carry_out(copy, keeper, merge())

    said = _said(stage, "a.xmp")
    assert (said.rating, said.caption, said.place) == (1, None, None)
    assert set(said.keywords) == {"birds/heron", "Rome"}
    assert change.details["differing"] == {
        "rating": [1, 4],
        "caption": ["Mine", "The forum"],
        "gps": [[1.0, 2.0], [41.9, 12.5]],
    }


def test_a_property_that_says_nothing_is_not_replaced_either(stage, pair) -> None:
    keeper, copy = pair
    stage.put("a.jpg.xmp", sheet('<rdf:Description rdf:about="" xmp:Rating="0"/>'))
    stage.put("b.jpg.xmp", FULL)

    [change] = stage.carry_out(copy, keeper, merge("rating", "keywords"))

    assert _said(stage).rating == 0
    assert change.details["left"] == ["xmp:Rating"]


@pytest.mark.parametrize("half", ["exif:GPSLatitude", "exif:GPSLongitude"])
def test_half_a_place_is_not_made_whole_with_half_of_another(stage, pair, half) -> None:
    keeper, copy = pair
    stage.put("a.jpg.xmp", sheet(f'<rdf:Description rdf:about="" {half}="10,0.0N"/>'))
    stage.put("b.jpg.xmp", FULL)

    [change] = stage.carry_out(copy, keeper, merge())

    written = (stage.root / "a.jpg.xmp").read_text()
    assert written.count("exif:GPSL") == 1
    assert f'{half}="10,0.0N"' in written
    assert change.details["left"] == [half]
    assert _said(stage).rating == 4


def test_only_what_is_named_is_carried(stage, pair) -> None:
    keeper, copy = pair
    stage.put("b.jpg.xmp", FULL)

    stage.carry_out(copy, keeper, merge("gps", "rating"))

    said = _said(stage)
    assert (said.keywords, said.rating, said.caption) == ((), 4, None)
    assert said.place == pytest.approx(ROME)


def test_keywords_that_a_rule_gave_the_duplicate_are_not_the_keepers(stage, pair) -> None:
    keeper, copy = pair
    stage.metadata[copy.content_hash] = says(keywords=("Rome",))

    stage.carry_out(copy, keeper, Step(action="tag", options={"tags": ["pictrace/copy"]}), merge())

    assert _said(stage).keywords == ("Rome",)


def test_the_keepers_own_keywords_are_not_hidden_by_those_that_come(stage, pair) -> None:
    keeper, copy = pair
    stage.metadata.update(
        {keeper.content_hash: says(keywords=("Italy",)), copy.content_hash: says(keywords=("Rome", "Italy"))}
    )

    stage.carry_out(copy, keeper, merge())

    assert _said(stage).keywords == ("Italy", "Rome")


@pytest.mark.parametrize("rating", [-1, 0])
def test_a_rejected_duplicate_does_not_reject_its_keeper(stage, pair, rating) -> None:
    keeper, copy = pair
    stage.metadata[copy.content_hash] = says(rating=rating)

    changes = stage.carry_out(copy, keeper, merge())

    assert (changes, stage.journal.changes()) == ([], [])
    assert not (stage.root / "a.jpg.xmp").exists()


def test_a_second_time_changes_nothing(stage, pair) -> None:
    keeper, copy = pair
    stage.put("b.jpg.xmp", FULL)
    stage.carry_out(copy, keeper, merge())
    before = stage.tree()

    changes = stage.carry_out(copy, keeper, merge())

    assert (changes, stage.tree()) == ([], before)


def _break_the_duplicates_sidecar(stage, keeper, copy) -> None:
    stage.put("b.jpg.xmp", b"no xml")


def _break_the_keepers_sidecar(stage, keeper, copy) -> None:
    stage.put("a.jpg.xmp", b"no xml")
    stage.put("b.jpg.xmp", FULL)


def _know_nothing_of_the_duplicate(stage, keeper, copy) -> None:
    del stage.metadata[copy.content_hash]


def _know_the_keeper_as_an_older_version_did(stage, keeper, copy) -> None:
    stage.metadata[keeper.content_hash] = Metadata(width_pixels=1, height_pixels=1, format="jpeg")


def _change_the_keeper(stage, keeper, copy) -> None:
    keeper.path.write_bytes(b"another photo")


@pytest.mark.parametrize(
    "spoil",
    [
        _break_the_duplicates_sidecar,
        _break_the_keepers_sidecar,
        _know_nothing_of_the_duplicate,
        _know_the_keeper_as_an_older_version_did,
        _change_the_keeper,
    ],
)
def test_where_nothing_can_be_carried_the_duplicate_stays(stage, pair, spoil) -> None:
    keeper, copy = pair
    spoil(stage, keeper, copy)
    before = stage.tree()

    changes = stage.carry_out(copy, keeper, merge(), Step(action="quarantine"))

    assert [(change.kind, change.state) for change in changes] == [(ChangeKind.MERGE_METADATA, ChangeState.ABORTED)]
    assert stage.tree() == before


def test_of_equal_files_only_the_sidecars_differ(stage) -> None:
    keeper, copy = stage.put("a.psd", b"no picture"), stage.put("b.psd", b"no picture")
    stage.put("b.psd.xmp", FULL)

    [change] = stage.carry_out(copy, keeper, merge())

    assert change.state is ChangeState.DONE
    assert _said(stage, "a.psd.xmp").keywords == ("Rome",)


def test_merged_and_quarantined_comes_back_and_goes_again(stage, pair) -> None:
    keeper, copy = pair
    stage.put("b.jpg.xmp", FULL)
    before = stage.tree()
    changes = stage.carry_out(copy, keeper, merge(), Step(action="quarantine"))
    after = stage.tree()

    undone = stage.actor.undo([change.id for change in changes])
    home = stage.tree()
    again = stage.actor.undo([undone[-1].id])

    assert home == before
    assert [change.state for change in again] == [ChangeState.DONE]
    assert stage.tree()["a.jpg.xmp"][0] == after["a.jpg.xmp"][0]


@pytest.mark.parametrize(
    ("options", "carry"),
    [
        (None, ["keywords", "rating", "caption", "gps"]),
        ("gps", ["gps"]),
        (["rating", "keywords"], ["rating", "keywords"]),
    ],
)
def test_what_is_carried_is_all_or_what_is_named(options, carry) -> None:
    assert ACTIONS["merge-metadata"].parse(options) == {"carry": carry}


@pytest.mark.parametrize("options", ["faces", [], [7], {"keywords": True}, 7])
def test_what_cannot_be_carried_is_refused(options) -> None:
    with pytest.raises(ValueError, match="keywords, rating, caption, gps"):
        ACTIONS["merge-metadata"].parse(options)


@pytest.mark.parametrize("whose", ["a", "b"])
def test_nothing_is_carried_where_a_sidecar_may_be_another_photos(stage, pair, whose) -> None:
    keeper, copy = pair
    stage.put(f"{whose}.cr2", b"raw")
    stage.put(f"{whose}.xmp", FULL)
    before = stage.tree()

    [change] = stage.carry_out(copy, keeper, merge())

    assert (change.state, stage.tree()) == (ChangeState.ABORTED, before)
    assert "cannot be told" in change.error
