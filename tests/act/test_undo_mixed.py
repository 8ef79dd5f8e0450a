"""Two hundred mixed actions taken back: every photo and sidecar as it was, or beside its place where that is taken."""

from __future__ import annotations

import hashlib
import os
import random
import struct
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pictrace.model import Change, ChangeKind, ChangeState, Plan, Step

from .ground import MATCH, Ground, row  # type: ignore[import-not-found]

_ACTIONS = 200
_SEEDS = (1,)
_MOVING = (ChangeKind.MOVE, ChangeKind.QUARANTINE)
_ACL = "system.posix_acl_access"
# Before 1970, the very second, the last nanosecond, far ahead; what ext4 and memory disks both can hold.
_MTIMES_NS = (-(10**9) * 86400 * 365 * 20 + 1, 0, 1, 10**18 + 999_999_999, 4 * 10**18 + 123, 9 * 10**18)
_NAMES = (
    os.fsdecode(b"no-utf8-\xff\xfe"),
    "new\nline",
    "-leading dash",
    "l" * 246,
    "x" * 251,
    unicodedata.normalize("NFC", "é-pair"),
    unicodedata.normalize("NFD", "é-pair"),
    "\N{CAMERA}" * 12,
    "quotes '\"`$(x)",
    "plain",
)
_XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:t="urn:test" t:photo="{}"/></rdf:RDF></x:xmpmeta>'
)


@dataclass
class Library:
    """Photos with all that can be odd about a file, and what each was before anything was done."""

    ground: Ground
    dice: random.Random
    photos: list[Path] = field(default_factory=list)
    before: dict[Path, tuple] = field(default_factory=dict)

    @property
    def top(self) -> Path:
        return self.ground.roots["library"].path

    def fill(self, count: int) -> None:
        for number in range(count):
            folder = self.top / f"folder {number // len(_NAMES)}"
            folder.mkdir(exist_ok=True)
            path = folder / f"{_NAMES[number % len(_NAMES)]}.jpg"
            self._put(path, b"%d" % number + self.dice.randbytes(self.dice.randint(0, 5000)))
            self.photos.append(path)
            if self.dice.random() < 0.4 and len(os.fsencode(path.name)) <= 251:
                self._put(sidecar_of(path), _XMP.format(number).encode())
        keeper = self.top / "keeper.jpg"
        self._put(keeper, b"keeper")
        self.before = self.seen()

    def _put(self, path: Path, content: bytes) -> None:
        path.write_bytes(content)
        os.setxattr(path, "user.number", b"%d" % self.dice.randrange(1000))
        if self.dice.random() < 0.2:
            _set_acl(path, uid=12345)
        if os.geteuid() == 0 and self.dice.random() < 0.2:
            os.chown(path, 65534, 65533)
        path.chmod(self.dice.choice((0o644, 0o600, 0o664, 0o400, 0o444, 0o755)))
        os.utime(path, ns=(1, self.dice.choice(_MTIMES_NS)))

    def seen(self) -> dict[Path, tuple]:
        """Return content, time, mode, owner and attributes of everything outside PicTrace's own folders."""
        found = (path for root in self.ground.roots.values() for path in root.path.rglob("*") if path.is_file())
        return {path: _seen(path) for path in found if ".pictrace" not in path.parts}

    def act(self) -> Change | None:
        """Carry one plan out on a photo that is there: tagged, moved or put away before, or not."""
        there = [path for path in self.seen() if path.suffix == ".jpg" and path.name != "keeper.jpg"]
        path = self.dice.choice(sorted(there))
        steps = self.dice.choice(_steps(self.ground))
        keeper = self.top / "keeper.jpg"
        plan = Plan(rule="test", steps=steps, keeper=keeper, duplicate=path, keeper_reason="test")
        changes = self.ground.actor.carry_out(plan, duplicate=row(path), keeper=row(keeper), match=MATCH, finding="{}")
        if len(os.fsencode(path.name)) > 251 and any(step.action == "tag" for step in steps):
            # Its sidecar's name is longer than any file system takes: it cannot be tagged, and says so.
            assert "too long" in changes[0].error
            return None
        assert all(change.state is ChangeState.DONE for change in changes), [change.error for change in changes]
        return changes[-1] if changes else None  # its sidecar says it already


def sidecar_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.xmp")


def _steps(ground: Ground) -> list[tuple[Step, ...]]:
    def move(to: str) -> Step:
        return Step(action="move", options={"to": to})

    tag = Step(action="tag", options={"tags": ["pictrace/copy"]})
    away, other = Step(action="quarantine"), str(ground.roots["second"].path / "Moved")
    return [(away,), (tag,), (tag, away), (move("Copies"),), (move(other),), (tag, move(other))]


def _seen(path: Path) -> tuple:
    status = path.stat()
    attributes = {name: os.getxattr(path, name) for name in sorted(os.listxattr(path))}
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return digest, status.st_mtime_ns, oct(status.st_mode), status.st_uid, status.st_gid, attributes


def _set_acl(path: Path, *, uid: int) -> None:
    """Let one more user read a file: version 2, then tag, permissions and id of each entry."""
    none = 0xFFFFFFFF
    entries = [(0x01, 6, none), (0x02, 4, uid), (0x04, 4, none), (0x10, 4, none), (0x20, 4, none)]
    packed = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)
    try:
        os.setxattr(path, _ACL, packed)
    except OSError:
        pytest.skip("no access control lists on this file system")


@pytest.fixture(params=["one file system", "two"])
def places(request, tmp_path, other_disk) -> tuple[Path, Path | None]:
    probe = other_disk / "probe"
    probe.touch()
    try:
        os.setxattr(probe, "user.probe", b"")
    except OSError:
        pytest.skip("the second file system keeps no attributes")
    # The memory disk first: a sync takes no time there.
    return other_disk / "near", None if request.param == "one file system" else tmp_path


@pytest.mark.parametrize("seed", _SEEDS)
def test_two_hundred_mixed_actions_are_taken_back_whole(places, seed) -> None:
    near, far = places
    library = Library(Ground(near=near, far=far), random.Random(seed))
    library.fill(120)
    for _ in range(_ACTIONS):
        library.act()
    acted = library.seen()

    undone = library.ground.actor.undo(library.ground.actor.undoable())

    assert len(acted) < len(library.before)
    assert [change.error for change in undone if change.state is not ChangeState.DONE] == []
    after = library.seen()
    assert sorted(after.keys() ^ library.before.keys()) == []
    assert [(library.before[path], after[path]) for path in after if after[path] != library.before[path]] == []
    assert library.ground.put_away() == []
    assert not any(change.details.get("beside") for change in undone)


def test_where_the_place_is_taken_it_comes_beside_and_says_so(places) -> None:
    near, far = places
    dice = random.Random(1)
    library = Library(Ground(near=near, far=far), dice)
    library.fill(60)
    for _ in range(100):
        library.act()
    gone = sorted(path for path in library.before if path.suffix == ".jpg" and not path.exists())
    taken = dice.sample(gone, len(gone) // 3)
    for path in taken:
        path.write_bytes(b"somebody else's")
    at_home = [path for path in library.photos if path.exists() and path not in taken]
    edited = [sidecar_of(path) for path in at_home if os.path.lexists(sidecar_of(path))][:5]
    for path in edited:
        path.write_bytes(path.read_bytes() + b"<!-- mine -->")
    halfway = [path for path in acted_on(library) if not path.exists()][:5]
    for path in halfway:
        path.write_bytes(b"in between")
    undone = library.ground.actor.undo(library.ground.actor.undoable())
    after = library.seen()

    assert taken
    assert all(path.read_bytes() == b"somebody else's" for path in taken)
    assert all(path.read_bytes() == b"in between" for path in halfway)
    ended = [change for change in undone if change.undoes in first_of_each(library)]
    beside = {change.target for change in ended if change.details.get("beside")}
    said = sorted(_seen(path) for path in beside)
    assert said == sorted(library.before[path] for path in taken)
    assert all("~restored" in path.name for path in beside)
    untouched = [path for path in library.before if path not in taken and path.with_suffix("") not in taken]
    assert [path for path in untouched if path not in edited and after.get(path) != library.before[path]] == []
    assert library.ground.put_away() == halfway
    _sidecars_are_where_their_photos_are(library, after, edited)


def acted_on(library: Library) -> list[Path]:
    """Return each place that a photo came to and left again."""
    moved = (change for change in library.ground.journal.changes() if change.kind is not ChangeKind.TAG)
    places = {change.source for change in moved if change.source.suffix == ".jpg"}
    return sorted(path for path in places if path not in library.before)


def first_of_each(library: Library) -> set[int]:
    """Return the ids of the moves by which the photos left their own places."""
    moved = (change for change in library.ground.journal.changes() if change.kind in _MOVING)
    return {change.id for change in moved if change.source in library.photos}


def _sidecars_are_where_their_photos_are(library: Library, after: dict[Path, tuple], edited: list[Path]) -> None:
    """Each sidecar that was there before is beside the very photo it was beside, with the bytes it had."""
    photos = {after[path][0]: path for path in after if path.suffix == ".jpg"}
    for path, seen in library.before.items():
        if path.suffix == ".xmp" and path not in edited:
            home = sidecar_of(photos[library.before[path.with_suffix("")][0]])
            assert after[home] == seen
    for path in edited:
        assert path.read_bytes().endswith(b"<!-- mine -->")
