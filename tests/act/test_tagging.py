"""Keywords in the sidecar that a photo has, whatever its name, and back again."""

from __future__ import annotations

import hashlib

import pytest

from pictrace.act import ACTIONS
from pictrace.act.companions import sidecar_now
from pictrace.imaging.xmp import parsed_xmp
from pictrace.model import ChangeState, Metadata, Side, Step
from pictrace.watch import is_photo_name

from .sheets import CAMERA_RAW, DARKTABLE

TAG = Step(action="tag", options={"tags": ["pictrace/copy"]})


def _said(path):
    said = parsed_xmp(path.read_bytes(), most_bytes=1_000_000)
    assert said is not None
    return said


@pytest.mark.parametrize("name", ["b.jpg.xmp", "b.xmp"])
@pytest.mark.parametrize("content", [DARKTABLE, CAMERA_RAW], ids=["darktable", "Camera Raw"])
def test_a_tag_goes_into_the_sidecar_that_is_there_and_out_again(stage, name, content) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    stage.put(name, content)
    before = stage.tree()

    [change] = stage.carry_out(copy, keeper, TAG)
    names, keywords = set(stage.tree()), _said(stage.root / name).keywords
    stage.actor.undo([change.id])

    assert names == {"a.jpg", "b.jpg", name}
    assert "pictrace/copy" in keywords
    assert stage.tree() == before


def test_what_the_sidecar_says_already_is_no_change(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    link = Step(action="tag", options={"tags": ["pictrace/copy"], "derived_from": True})
    changes = stage.carry_out(copy, keeper, TAG, link)
    before = stage.tree()

    again = stage.carry_out(copy, keeper, TAG, link)

    assert len(changes) == 2
    assert (again, len(stage.journal.changes()), stage.tree()) == ([], 2, before)


def test_what_was_taken_out_of_the_sidecar_is_written_again(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    [change] = stage.carry_out(copy, keeper, TAG)
    stage.actor.undo([change.id])

    [again] = stage.carry_out(copy, keeper, TAG)

    assert (again.state, "pictrace/copy" in _said(stage.root / "b.jpg.xmp").keywords) == (ChangeState.DONE, True)


def test_where_a_sidecar_may_be_another_photos_none_is_written(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    stage.put("b.cr2", b"raw")
    stage.put("b.xmp", DARKTABLE)
    before = stage.tree()

    [change] = stage.carry_out(copy, keeper, TAG, Step(action="quarantine"))

    assert (change.state, stage.tree()) == (ChangeState.ABORTED, before)
    assert "b.xmp: whose sidecar it is cannot be told" in change.error


def test_a_sidecar_that_is_told_only_after_the_plan_is_not_written(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    raw = stage.put("b.cr2", b"raw")
    stage.put("b.xmp", DARKTABLE)
    stage.at("planned", raw.path.unlink)

    [change] = stage.carry_out(copy, keeper, TAG, Step(action="quarantine"))

    assert change.state is ChangeState.ABORTED
    assert set(stage.tree()) == {"a.jpg", "b.jpg", "b.xmp"}


def test_a_sidecar_whose_ending_is_in_capitals_is_written_and_comes_back(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    stage.put("b.jpg.XMP", DARKTABLE)
    before = stage.tree()

    changes = stage.carry_out(copy, keeper, TAG, Step(action="quarantine"))
    left = set(stage.tree())
    stage.actor.undo([change.id for change in changes])

    assert changes[0].target == stage.root / "b.jpg.XMP"
    assert left == {"a.jpg"}
    assert stage.tree() == before


def test_undo_looks_for_a_sidecar_named_after_the_stem_where_its_photo_came_back_to(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    stage.put("b.xmp", DARKTABLE)
    tag, *_, away = stage.carry_out(copy, keeper, TAG, Step(action="move", options={"to": "Copies"}))
    stage.put("b.jpg", b"somebody else's")

    stage.actor.undo([away.id])

    assert sidecar_now(tag, stage.journal) == stage.root / "b~restored.xmp"


def test_a_shared_name_travels_with_its_keywords_and_comes_home_without_them(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    stage.put("b.xmp", DARKTABLE)
    before = stage.tree()

    changes = stage.carry_out(copy, keeper, TAG, Step(action="quarantine"))
    left = set(stage.tree())
    stage.actor.undo([change.id for change in changes])

    assert left == {"a.jpg"}
    assert stage.tree() == before


def test_an_undo_of_a_tag_can_be_taken_back(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    stage.put("b.xmp", DARKTABLE)
    [change] = stage.carry_out(copy, keeper, Step(action="tag", options={"tags": ["x"], "derived_from": True}))
    tagged = (stage.root / "b.xmp").read_bytes()
    [undo] = stage.actor.undo([change.id])

    [again] = stage.actor.undo([undo.id])

    assert again.state is ChangeState.DONE
    assert (stage.root / "b.xmp").read_bytes() == tagged


def test_a_sidecar_that_is_refused_stays_and_nothing_later_is_done(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    stage.put("b.jpg.xmp", b"no xml")
    before = stage.tree()

    changes = stage.carry_out(copy, keeper, TAG, Step(action="quarantine"))

    assert [change.state for change in changes] == [ChangeState.ABORTED]
    assert stage.tree() == before


def test_a_new_sidecar_does_not_hide_the_keywords_in_the_photo(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    stage.metadata[copy.content_hash] = Metadata(
        width_pixels=1, height_pixels=1, format="jpeg", keywords=("Rome",), version=2
    )

    stage.carry_out(copy, keeper, TAG)

    assert _said(stage.root / "b.jpg.xmp").keywords == ("Rome", "pictrace/copy")


def test_the_photo_that_stays_is_named_in_the_duplicates_sidecar_only(stage) -> None:
    keeper, copy = stage.put("Album/a &.jpg", b"keeper"), stage.put("b.jpg", b"copy")

    options = {"tags": ["x"], "derived_from": True}
    stage.carry_out(copy, keeper, Step(action="tag", on=Side.BOTH, options=options))

    path = b"<stRef:filePath>Album/a &amp;.jpg</stRef:filePath>"
    assert path in (stage.root / "b.jpg.xmp").read_bytes()
    assert b"DerivedFrom" not in (stage.root / "Album/a &.jpg.xmp").read_bytes()


def test_the_journal_holds_what_the_sidecar_was_and_is(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    stage.put("b.jpg.xmp", DARKTABLE)

    [change] = stage.carry_out(copy, keeper, TAG)

    now = (stage.root / "b.jpg.xmp").read_bytes()
    assert change.before == DARKTABLE
    assert change.details["after"] == hashlib.sha256(now).hexdigest()


def test_what_is_written_is_no_news_to_the_watch(stage) -> None:
    seen: list[str] = []
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    before = set(stage.root.iterdir())

    def look(_: str) -> None:
        seen.extend(path.name for path in set(stage.root.iterdir()) - before)

    object.__setattr__(stage.world, "checkpoint", look)
    stage.carry_out(copy, keeper, TAG)

    assert any(name.endswith(".tmp") for name in seen)
    assert not any(is_photo_name(name) for name in [*seen, "b.jpg.xmp"])


@pytest.mark.parametrize(
    ("options", "tags", "is_linked"),
    [
        ("pictrace/copy", ["pictrace/copy"], False),
        (["a", " b / c "], ["a", "b/c"], False),
        ("AC\\/DC", ["AC|DC"], False),
        ({"keywords": "a", "derived-from": True}, ["a"], True),
        ({"keywords": ["a"]}, ["a"], False),
    ],
)
def test_a_tag_is_a_keyword_a_list_or_a_mapping(options, tags, is_linked) -> None:
    assert ACTIONS["tag"].parse(options) == {"tags": tags} | ({"derived_from": True} if is_linked else {})


@pytest.mark.parametrize(
    "options", ["", "/", "a|b", "a\nb", "x" * 201, [], [7], {"keyword": "a"}, {"keywords": "a", "derived-from": "yes"}]
)
def test_a_tag_that_is_none_is_refused(options) -> None:
    with pytest.raises(ValueError, match="`tag"):
        ACTIONS["tag"].parse(options)


def test_a_name_to_which_no_ending_can_be_added_is_told(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b" * 251 + ".jpg", b"copy")

    [change] = stage.carry_out(copy, keeper, TAG)

    assert change.state is ChangeState.ABORTED
    assert "the sidecar's name would be too long, so nothing is written" in change.error
