"""Everything comes home by the manifest: across disks, after a stop, and without what was purged."""

from __future__ import annotations

import shutil

from pictrace.act import QuarantineKeeper, restore_from_manifest


def restore(stage, folder) -> list[str | None]:
    return [one.error for one in restore_from_manifest(stage.root, folder, wall_clock=lambda: 0.0)]


def put_away(stage):
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("sub/b.jpg", b"copy")
    before = stage.tree()
    [change] = stage.carry_out(copy, keeper)
    return before, change, keeper


def test_everything_comes_home_from_another_disk(make_stage, other_disk) -> None:
    stage = make_stage(quarantine=other_disk)
    before, change, _ = put_away(stage)

    errors = restore(stage, other_disk / "root-1")

    assert errors == [None]
    assert stage.tree() == before
    assert not change.target.exists()


def test_from_another_disk_nothing_is_overwritten(make_stage, other_disk) -> None:
    stage = make_stage(quarantine=other_disk)
    _, change, _ = put_away(stage)
    stage.put("sub/b.jpg", b"new one")

    [error] = restore(stage, other_disk / "root-1")

    assert error
    assert (stage.root / "sub/b.jpg").read_bytes() == b"new one"
    assert change.target.read_bytes() == b"copy"
    assert not list(stage.root.rglob("*.tmp"))


def test_a_copy_home_that_was_stopped_is_finished(make_stage, other_disk) -> None:
    stage = make_stage(quarantine=other_disk)
    before, change, _ = put_away(stage)
    (stage.root / "sub" / f".pictrace-{change.content_hash.hex()[:16]}.tmp").write_bytes(b"half")

    errors = restore(stage, other_disk / "root-1")

    assert errors == [None]
    assert stage.tree() == before
    assert not change.target.exists()


def test_a_copy_that_is_named_already_is_not_made_again(make_stage, other_disk) -> None:
    stage = make_stage(quarantine=other_disk)
    before, change, _ = put_away(stage)
    shutil.copy2(change.target, stage.root / "sub/b.jpg")

    errors = restore(stage, other_disk / "root-1")

    assert errors == [None]
    assert stage.tree() == before
    assert not change.target.exists()


def test_what_is_home_already_is_no_error(stage) -> None:
    before, change, _ = put_away(stage)
    change.target.rename(stage.root / "sub/b.jpg")

    assert restore(stage, stage.root / ".pictrace/quarantine") == [None]
    assert stage.tree() == before


def test_what_was_purged_is_not_missed(stage) -> None:
    _, change, keeper = put_away(stage)
    QuarantineKeeper(stage.world, stage.journal, lambda _: [keeper]).purge(change)

    assert restore(stage, stage.root / ".pictrace/quarantine") == []
