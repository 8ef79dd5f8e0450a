"""Generated plans that use one photo several times, ended at every single write; the next start loses nothing."""

from __future__ import annotations

import contextlib
import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from pictrace.act import QuarantineKeeper
from pictrace.errors import ActError
from pictrace.model import METADATA_VERSION, ChangeKind, ChangeState, Metadata, Side, Step

from .conftest import Stage  # type: ignore[import-not-found]
from .sheets import DARKTABLE  # type: ignore[import-not-found]

# Of one file system with the tests' folder or not: a memory disk makes the many runs quick.
_SCRATCH = "/dev/shm" if Path("/dev/shm").is_dir() else None
_ENDED = (ChangeState.DONE, ChangeState.ABORTED, ChangeState.UNDONE)
_PHOTOS = {"a.jpg": b"first", "sub/a.jpg": b"second", "sub/b.jpg": b"first"}
# The film of `sub/b.jpg` goes with it; `sub/a.xmp` is shared with a picture that stays, and `b.mov` is nobody's.
_FILMS = {"sub/b.mov": b"film of the first", "b.mov": b"film of nothing"}
_NOTES = {"sub/b.aae": b"edits of the first", "sub/a.xmp": b"shared", "sub/a.png": b"it stays", "a.jpg.json": b"{}"}
_MOVE, _TAG = Step(action="move", options={"to": "Copies"}), Step(action="tag", options={"tags": ["x"]})
_MERGE = Step(action="merge-metadata", on=Side.KEEPER, options={"carry": ["keywords", "rating"]})
_PLAIN = Metadata(width_pixels=1, height_pixels=1, format="jpeg", version=METADATA_VERSION)
_COPY = Step(action="copy", options={"to": "Kept"})
_STEPS = {
    "quarantine": (Step(action="quarantine"),),
    "move": (_MOVE,),
    "tag": (_TAG,),
    "tag and quarantine": (_TAG, Step(action="quarantine")),
    "merge and quarantine": (_MERGE, Step(action="quarantine")),
    "trash": (Step(action="trash"),),
    "copy": (_COPY,),
    "copy and trash": (_COPY, Step(action="trash")),
    "hardlink": (Step(action="hardlink"),),
}

operations = st.tuples(st.sampled_from([*_STEPS, "undo", "undo all", "purge"]), st.integers(0, 2), st.integers(0, 2))
plans = st.lists(operations, min_size=2, max_size=4)


@contextmanager
def fresh() -> Iterator[Stage]:
    with tempfile.TemporaryDirectory(dir=_SCRATCH) as scratch:
        stage = Stage(root=Path(scratch) / "root", state=Path(scratch) / "state")
        for name, content in _PHOTOS.items():
            stage.put(name, content)
            stage.metadata[hashlib.sha256(content).digest()] = _PLAIN
        for name, content in (_FILMS | _NOTES).items():
            stage.put(name, content)
        stage.put("sub/b.jpg.xmp", DARKTABLE)
        try:
            yield stage
        finally:
            stage.journal.close()


def photos(stage: Stage) -> list[Path]:
    return sorted(path for path in stage.root.rglob("*.jpg") if ".pictrace" not in path.parts)


def play(stage: Stage, plan: list[tuple[str, int, int]]) -> None:
    for kind, first, second in plan:
        with contextlib.suppress(ActError):
            if kind in _STEPS:
                act(stage, kind, first, second)
            elif kind == "purge":
                purge(stage, first)
            else:
                wanted = stage.actor.undoable()
                stage.actor.undo(wanted if kind == "undo all" else wanted[first : first + 1])


def act(stage: Stage, kind: str, first: int, second: int) -> None:
    rest = photos(stage)
    if len(rest) > 1:
        victim = rest.pop(first % len(rest))
        equal = [path for path in rest if path.read_bytes() == victim.read_bytes()]
        choice = equal if equal and kind == "hardlink" else rest
        stage.carry_out(stage.row(victim), stage.row(choice[second % len(choice)]), *_STEPS[kind])


def purge(stage: Stage, number: int) -> None:
    room = QuarantineKeeper(
        stage.world,
        stage.journal,
        lambda wanted: [row for path in photos(stage) if (row := stage.row(path)).content_hash == wanted],
    )
    for held, _ in room.ages()[number : number + 1]:
        for change, _ in room.ages():
            if change.batch == held.batch:
                room.purge(change)


def as_it_stands(stage: Stage) -> tuple[dict, list[str], list]:
    return stage.tree(), stage.contents(), [(one.id, one.state) for one in stage.journal.changes()]


def check(stage: Stage, where: str) -> None:
    """Nothing is lost or doubled, each row is ended, each file in quarantine has its row, sidecars their photos."""
    files = [path for top in (stage.root, stage.home) for path in top.rglob("*") if path.is_file()]
    purged = [change.content_hash.hex() for change in stage.journal.purged() if not change.details.get("companion")]
    found = [hashlib.sha256(path.read_bytes()).hexdigest() for path in files if path.suffix == ".jpg"]
    inside = {path for path in files if "quarantine" in path.parts and path.name != "manifest.jsonl"}

    photos = [hashlib.sha256(content).hexdigest() for content in _PHOTOS.values()]
    assert sorted(found + purged) == sorted(photos + made(stage)), where
    trashed = {one.target for one in stage.journal.changes(kind=ChangeKind.TRASH, state=ChangeState.DONE)}
    assert {path for path in files if path.parent.name == "files"} == trashed, where
    assert {path.name for path in files if path.suffix == ".trashinfo"} == {f"{one.name}.trashinfo" for one in trashed}
    assert all(change.state in _ENDED for change in stage.journal.changes()), where
    assert inside == {change.target for change in stage.journal.quarantined()}, where
    assert not [path for path in files if path.suffix == ".tmp"], where
    purged_places = {change.target for change in stage.journal.purged()}
    homes = {*files, *purged_places}
    assert all(path.with_suffix("") in homes for path in files if path.name.endswith(".jpg.xmp")), where
    kept = [path.read_bytes() for path in files if path.suffix in (".mov", ".aae", ".json", ".png", ".xmp")]
    gone = [change.content_hash for change in stage.journal.purged() if change.details.get("companion")]
    copies = stage.journal.changes(kind=ChangeKind.COPY, state=ChangeState.DONE)
    copied = [change.content_hash for change in copies if change.details.get("companion")]
    for content in (_FILMS | _NOTES).values():
        digest = hashlib.sha256(content).digest()
        assert kept.count(content) == 1 + copied.count(digest) - gone.count(digest), where
    assert all(path.with_suffix(".jpg") in homes for path in files if path.read_bytes() == _FILMS["sub/b.mov"]), where
    assert (stage.root / "b.mov").exists(), where
    assert (stage.root / "sub/a.xmp").exists(), where


def made(stage: Stage) -> list[str]:
    """Return the digests of what was made: copies, and twins whose old file is still there."""
    found = []
    for one in stage.journal.changes():
        is_copy = one.kind is ChangeKind.COPY and not one.details.get("companion")
        if one.kind.is_link and one.state is ChangeState.UNDONE:
            # Where the twin was moved away meanwhile, the old file came home without it.
            undos = [undo for undo in stage.journal.undoings_of(one.id) if undo.state is ChangeState.DONE]
            found += [one.content_hash.hex() for undo in undos if not undo.details.get("exchange")]
        elif (is_copy or one.kind.is_link) and one.state is ChangeState.DONE:
            found.append(one.content_hash.hex())
    return found


@settings(max_examples=8, deadline=None)
@given(plan=plans)
def test_a_generated_plan_ended_at_any_write_loses_nothing(plan: list[tuple[str, int, int]]) -> None:
    with fresh() as whole:
        play(whole, plan)
        points = whole.points
    for number, point in enumerate(points):
        with fresh() as stage:
            stage.stop_at = number
            with contextlib.suppress(stage.stop):
                play(stage, plan)
            stage.reopen()
            stage.actor.recover()
            once = as_it_stands(stage)
            stage.reopen()
            stage.actor.recover()

            where = f"ended at write {number}, {point}"
            check(stage, where)
            assert as_it_stands(stage) == once, where
