"""RAW and JPEG, HEIC and JPEG of one exposure: never copies of each other, and none goes without the other."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest
from PIL import Image

from pictrace.config import load_config
from pictrace.model import ChangeState, Plan
from pictrace.pipeline.findings import Findings
from pictrace.pipeline.reading import Reading
from pictrace.store import Journal

from .conftest import make_responder  # type: ignore[import-not-found]

QUARANTINE = "  - {name: copies, when: {relation: [same-bytes, rendition]}, do: [quarantine]}\n"
TAG = "  - {name: copies, when: {relation: [same-bytes, rendition]}, do: [{tag: copy}]}\n"


class Desk:
    """The line with rules and hands."""

    def __init__(self, line, journal: Journal, config: Path, rules: str) -> None:
        root, state = json.dumps(str(line.folder)), json.dumps(str(config.parent / "state"))
        config.write_text(
            f"version: 1\nroots:\n  - path: {root}\nstate: {state}\nact: true\nkeep: [older]\nrules:\n{rules}"
        )
        config.chmod(0o600)
        loaded = load_config(config)
        self.line, self.journal, self.config = line, journal, loaded
        self.findings = Findings(library=line.library, index=line.index, journal=journal)
        self.responder = make_responder(loaded, line, journal, findings=self.findings)

    def land(
        self, name: str, content: bytes | Image.Image, *, taken: str | None = None, note: bytes | None = None
    ) -> None:
        path = self.line.folder / name
        path.parent.mkdir(exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            exif = Image.Exif()
            if taken is not None:
                exif.get_ifd(0x8769)[0x9003] = taken
            if note is not None:
                exif.get_ifd(0x8769)[0x927C] = note
            content.save(path, quality=92, exif=exif)
        self.line.land(name)

    def plans(self, name: str) -> list[Plan]:
        row = self.line.index.files.file_at(self.line.folder / name)
        events = [self.responder.decided(one, is_backlog_allowed=True) for one in self.findings.of_file(row)]
        return [event.plan for event in events if event.plan is not None]

    def respond(self, name: str) -> set[str]:
        """Have what the rules want done about a file; returns what is in the folder then."""
        self.responder.respond(self.line.index.files.file_at(self.line.folder / name))
        files = (path for path in self.line.folder.rglob("*") if path.is_file() and ".pictrace" not in path.parts)
        return {path.relative_to(self.line.folder).as_posix() for path in files}


@pytest.fixture
def make_desk(line, tmp_path: Path):
    with Journal.open(tmp_path / "state") as journal:
        for root in line.library.roots:
            journal.put_root(root)
        yield lambda rules: Desk(line, journal, tmp_path / "config.yaml", rules)


@pytest.fixture
def cat(photographs) -> Image.Image:
    return photographs["cat"]


def test_heic_and_jpeg_of_one_exposure_are_companions_and_not_acted_on(make_desk, cat) -> None:
    for rules in (QUARANTINE, TAG):
        desk = make_desk(rules)
        desk.land("a.heic", cat)
        desk.land("a.jpg", cat)

        [plan] = desk.plans("a.jpg")

        assert "a.heic" in plan.held
        assert "companions" in plan.held
        assert desk.respond("a.jpg") == {"a.heic", "a.jpg"}


def test_a_jpeg_of_that_name_in_another_folder_is_a_copy(make_desk, cat) -> None:
    desk = make_desk(QUARANTINE)
    desk.land("a.heic", cat)
    desk.land("sub/a.jpg", cat)

    [plan] = desk.plans("sub/a.jpg")

    assert plan.held is None


@pytest.mark.parametrize(("taken", "is_pair"), [("2021:03:04 05:06:07", True), ("2022:03:04 05:06:07", False)])
def test_photos_of_that_name_from_another_time_are_no_pair(make_desk, cat, taken, is_pair) -> None:
    desk = make_desk(QUARANTINE)
    desk.land("a.heic", cat, taken="2021:03:04 05:06:07")
    desk.land("a.jpg", cat, taken=taken)

    rows = [desk.line.index.files.file_at(desk.line.folder / name) for name in ("a.heic", "a.jpg")]

    assert desk.findings.units.is_one_exposure(*rows) is is_pair


def test_a_jpeg_whose_raw_is_no_copy_is_held_with_the_reason(make_desk, cat) -> None:
    desk = make_desk(QUARANTINE)
    desk.land("kept/a.jpg", cat)
    desk.land("copy/a.nef", b"a raw that is nowhere else")
    desk.land("copy/a.jpg", (desk.line.folder / "kept/a.jpg").read_bytes())

    [plan] = desk.plans("copy/a.jpg")

    assert "a.nef is of the same exposure" in plan.held
    assert desk.respond("copy/a.jpg") == {"kept/a.jpg", "copy/a.nef", "copy/a.jpg"}


@pytest.mark.parametrize(
    ("jpeg", "raw"),
    [("a.jpg", "A.nef"), ("a.jpg", "a.jpg.nef"), ("P.RAW-01.COVER.jpg", "P.RAW-02.ORIGINAL.dng"), ("B.JPG", "b.nef")],
)
def test_by_whatever_name_a_raw_is_known_its_jpeg_does_not_go_alone(make_desk, cat, jpeg, raw) -> None:
    desk = make_desk(QUARANTINE)
    desk.land("kept/a.jpg", cat)
    desk.land(f"copy/{raw}", b"a raw that is nowhere else")
    desk.land(f"copy/{jpeg}", (desk.line.folder / "kept/a.jpg").read_bytes())

    [plan] = desk.plans(f"copy/{jpeg}")

    assert f"{raw} is of the same exposure" in plan.held


@pytest.mark.parametrize(
    ("jpeg", "raw"), [("a.jpg", "A.nef"), ("a.jpg", "a.jpg.nef"), ("P.RAW-01.COVER.jpg", "P.RAW-02.ORIGINAL.dng")]
)
def test_by_whatever_name_a_pair_goes_and_comes_back_as_one(make_desk, cat, jpeg, raw) -> None:
    desk = make_desk(QUARANTINE)
    desk.land(f"kept/{jpeg}", cat)
    desk.land(f"kept/{raw}", b"raw")
    desk.land(f"copy/{jpeg}", (desk.line.folder / f"kept/{jpeg}").read_bytes())
    desk.land(f"copy/{raw}", b"raw")

    assert desk.respond(f"copy/{jpeg}") == {f"kept/{jpeg}", f"kept/{raw}"}
    desk.responder.actor.undo([desk.journal.changes()[0].id])

    assert {path.name for path in (desk.line.folder / "copy").iterdir()} == {jpeg, raw}


def test_a_raw_that_is_not_known_yet_holds_its_jpeg(make_desk, cat) -> None:
    desk = make_desk(QUARANTINE)
    desk.land("kept/a.jpg", cat)
    desk.land("copy/a.jpg", (desk.line.folder / "kept/a.jpg").read_bytes())
    (desk.line.folder / "copy/a.nef").write_bytes(b"just landed")

    [plan] = desk.plans("copy/a.jpg")

    assert plan.held is not None


def pairs(desk: Desk, cat: Image.Image) -> None:
    desk.land("kept/a.jpg", cat)
    desk.land("kept/a.nef", b"raw")
    desk.land("copy/a.jpg", (desk.line.folder / "kept/a.jpg").read_bytes())
    desk.land("copy/a.nef", b"raw")


@pytest.mark.parametrize("name", ["copy/a.jpg", "copy/a.nef"])
def test_a_pair_that_is_a_copy_of_a_pair_goes_as_one(make_desk, cat, name) -> None:
    desk = make_desk(QUARANTINE)
    pairs(desk, cat)

    left = desk.respond(name)

    assert left == {"kept/a.jpg", "kept/a.nef"}
    assert [change.state for change in desk.journal.changes()] == [ChangeState.DONE] * 2
    assert all(change.keeper_hash == change.content_hash for change in desk.journal.changes())
    assert desk.line.index.files.file_at(desk.line.folder / "copy/a.nef") is None
    assert desk.line.index.files.file_at(desk.line.folder / "copy/a.jpg") is None


def test_copies_that_do_not_lie_beside_each_other_are_no_unit(make_desk, cat) -> None:
    desk = make_desk(QUARANTINE)
    desk.land("elsewhere/a.nef", b"raw")
    desk.land("kept/a.jpg", cat)
    desk.land("copy/a.jpg", (desk.line.folder / "kept/a.jpg").read_bytes())
    desk.land("copy/a.nef", b"raw")

    [plan] = desk.plans("copy/a.jpg")

    assert plan.held is not None


def test_a_raw_that_the_rules_protect_keeps_its_jpeg(make_desk, cat) -> None:
    protected = '  - {name: raws stay, when: {duplicate: {path: "**/*.nef"}}, do: [ignore]}\n'
    desk = make_desk(protected + QUARANTINE)
    pairs(desk, cat)

    [plan] = desk.plans("copy/a.jpg")

    assert "the rules leave it where it is" in plan.held


def test_what_came_back_as_one_is_not_moved_again_by_the_other_half(make_desk, cat) -> None:
    desk = make_desk(QUARANTINE)
    pairs(desk, cat)
    desk.respond("copy/a.jpg")
    desk.responder.actor.undo([desk.journal.changes()[0].id])
    for name in ("copy/a.jpg", "copy/a.nef"):
        desk.line.land(name)

    held = [plan.held for name in ("copy/a.jpg", "copy/a.nef") for plan in desk.plans(name)]

    assert len(held) == 2
    assert all("took this back" in reason for reason in held)


def test_a_raw_that_was_taken_back_keeps_its_jpeg(make_desk, cat) -> None:
    desk = make_desk(QUARANTINE)
    desk.land("kept/a.nef", b"raw")
    desk.land("copy/a.nef", b"raw")
    desk.respond("copy/a.nef")
    desk.responder.actor.undo([desk.journal.changes()[0].id])
    desk.line.land("copy/a.nef")
    desk.land("kept/a.jpg", cat)
    desk.land("copy/a.jpg", (desk.line.folder / "kept/a.jpg").read_bytes())

    [plan] = desk.plans("copy/a.jpg")

    assert "the rules leave it where it is" in plan.held


def test_explain_says_that_two_photos_are_companions(make_desk, cat) -> None:
    desk = make_desk(QUARANTINE)
    desk.land("a.heic", cat)
    desk.land("a.jpg", cat)

    with Reading(desk.config) as reading:
        [event] = reading.explained(desk.line.folder / "a.jpg")

    assert "companions" in event.plan.held


def live(identifier: bytes) -> tuple[bytes, bytes]:
    """Return what Apple writes into both halves of a Live Photo: the maker note, and a video without pictures."""

    def box(kind: bytes, *inside: bytes) -> bytes:
        return struct.pack(">I4s", 8 + sum(map(len, inside)), kind) + b"".join(inside)

    entry = struct.pack(">HHHIII", 1, 0x11, 2, len(identifier) + 1, 32, 0)
    note = b"Apple iOS\x00\x00\x01MM" + entry + identifier + b"\x00"
    keys = box(b"keys", struct.pack(">II", 0, 1), box(b"mdta", b"com.apple.quicktime.content.identifier"))
    items = box(b"ilst", box(struct.pack(">I", 1), box(b"data", struct.pack(">II", 1, 0), identifier)))
    return note, box(b"moov", box(b"meta", keys, items))


@pytest.mark.parametrize("is_its_own", [True, False])
def test_a_video_goes_with_the_still_whose_identifier_it_has(make_desk, cat, is_its_own) -> None:
    desk = make_desk(QUARANTINE)
    note, video = live(b"C0FFEE-1")
    desk.land("kept/a.jpg", cat, note=note)
    desk.land("copy/a.jpg", (desk.line.folder / "kept/a.jpg").read_bytes())
    (desk.line.folder / "copy/a.mov").write_bytes(video if is_its_own else live(b"C0FFEE-2")[1])

    left = desk.respond("copy/a.jpg")

    assert left == {"kept/a.jpg"} | (set() if is_its_own else {"copy/a.mov"})
