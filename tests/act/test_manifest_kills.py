"""Both databases lost, everything comes home by the manifest, and SIGKILL comes before each single write of that."""

from __future__ import annotations

import copy
import hashlib
import os
import shutil
import signal
import warnings
from pathlib import Path

import pytest

from pictrace.act import restore_from_manifest
from pictrace.act.changes import renaming
from pictrace.model import ChangeState, Step

_SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
_XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about=""/></rdf:RDF></x:xmpmeta>'
)


@pytest.fixture
def killer(monkeypatch):
    monkeypatch.syspath_prepend(_SCRIPTS)
    from torturing.killer import Killer  # noqa: PLC0415 – the scripts are no package of ours

    return Killer


def put_away(stage) -> dict:
    """Put three photos away, one with a sidecar, one tagged before; returns what the library was."""
    keeper = stage.put("a.jpg", b"keeper")
    names = ["sub/b.jpg", "sub/deep/c.jpg", os.fsdecode(b"odd-\xff\n.jpg")]
    copies = [stage.put(name, name.encode("utf-8", "surrogateescape") * 300) for name in names]
    stage.put("sub/b.jpg.xmp", _XMP)
    for number, one in enumerate(copies):
        os.utime(one.path, ns=(1, -(10**9) + number))
        one.path.chmod(0o440)
    tag = Step(action="tag", options={"tags": ["x"]})
    [tagged] = stage.carry_out(stage.row(copies[1].path), keeper, tag)
    assert tagged.state is ChangeState.DONE
    before = stage.tree()
    for one in copies:
        assert {change.state for change in stage.carry_out(stage.row(one.path), keeper)} == {ChangeState.DONE}
    stage.journal.close()
    for path in stage.state.iterdir():
        path.unlink()
    return before


def quarantine_of(stage) -> Path:
    return stage.quarantine / "root-1" if stage.quarantine else stage.root / ".pictrace/quarantine"


def restore(stage) -> list[str | None]:
    return [one.error for one in restore_from_manifest(stage.root, quarantine_of(stage), wall_clock=lambda: 0.0)]


def restore_and_die(stage, killer) -> bool:
    """Restore in a process of its own that ends before one of its writes; returns whether it did."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # newer Pythons warn of forks beside threads
        child = os.fork()
    if child == 0:
        killer.watch_disk()
        restore(stage)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def everything(stage) -> list[tuple[str, str]]:
    tops = [stage.root] + ([stage.quarantine] if stage.quarantine else [])
    files = [path for top in tops for path in top.rglob("*") if path.is_file()]
    named = [path for path in files if path.name not in ("manifest.jsonl", "root-id")]
    return sorted((str(path), hashlib.sha256(path.read_bytes()).hexdigest()) for path in named)


@pytest.fixture(params=["beside", "beside, without renameat2", "another disk"])
def make_away(request, make_stage, other_disk, monkeypatch):
    if request.param == "beside, without renameat2":
        monkeypatch.setattr(renaming, "_renameat2", lambda: None)
    numbers = iter(range(1000))

    def make():
        if request.param != "another disk":
            return make_stage(folder=other_disk)  # a memory disk makes the many runs quick
        folder = other_disk / str(next(numbers))
        folder.mkdir()
        return make_stage(quarantine=folder)

    return make


def clone(stage, number: int):
    """Return a copy of all that lies in a library and its quarantine: quicker than to put it away once more."""
    other = copy.copy(stage)
    other.root = stage.root.with_name(f"{stage.root.name}-{number}")
    shutil.copytree(stage.root, other.root, symlinks=True)
    if stage.quarantine:
        other.quarantine = stage.quarantine.with_name(f"{stage.quarantine.name}-{number}")
        shutil.copytree(stage.quarantine, other.quarantine, symlinks=True)
    return other


def test_killed_at_any_write_of_a_restore_the_next_one_brings_everything_home(make_away, killer) -> None:
    whole = make_away()
    before = put_away(whole)
    number = 0
    was_killed = True
    while was_killed:
        stage = clone(whole, number)
        one = killer(number)
        was_killed = restore_and_die(stage, one)
        again = restore(stage)
        home = everything(stage)

        where = f"killed before write {number}, {one.place}"
        assert set(again) <= {None}, where
        assert stage.tree() == before, where
        assert len(home) == len(before), where
        assert restore(stage) == [], where
        assert everything(stage) == home, where
        number += 1

    assert number > 20


def test_a_photo_whose_place_is_taken_keeps_its_sidecar_in_quarantine(make_away) -> None:
    stage = make_away()
    put_away(stage)
    stage.put("sub/b.jpg", b"somebody else's")

    errors = restore(stage)

    assert len([error for error in errors if error]) == 2
    assert not (stage.root / "sub/b.jpg.xmp").exists()
    assert len(list(quarantine_of(stage).rglob("*b.jpg*"))) == 2
    (stage.root / "sub/b.jpg").unlink()
    assert restore(stage) == [None, None]
    assert (stage.root / "sub/b.jpg.xmp").read_bytes() == _XMP


def test_a_photo_stays_where_somebody_elses_sidecar_has_its_place(make_away) -> None:
    stage = make_away()
    put_away(stage)
    stage.put("sub/b.jpg.xmp", b"somebody else's")

    errors = restore(stage)

    assert len([error for error in errors if error]) == 2
    assert not (stage.root / "sub/b.jpg").exists()
    assert (stage.root / "sub/b.jpg.xmp").read_bytes() == b"somebody else's"


def test_lines_that_make_no_sense_or_lead_outside_are_passed_over(make_away) -> None:
    stage = make_away()
    before = put_away(stage)
    with (quarantine_of(stage) / "manifest.jsonl").open("ab") as file:
        for line in (b'{"name": 1, "from": 2, "sha256": 3, "event": "quarantined"}', b"[]", b"\xff", b'{"name": "x"'):
            file.write(line + b"\n")
        for home in (b"../outside.jpg", b"/tmp/outside.jpg"):
            file.write(b'{"name": "x", "from": "%s", "sha256": "00", "event": "quarantined"}\n' % home)

    errors = restore(stage)

    assert len([error for error in errors if error]) == 1
    assert stage.tree() == before
