"""F31, F33, F36: all is taken back, a victim that is another photo by now, chains of similar photos."""

from __future__ import annotations

import hashlib
import itertools
import os
import stat
import time
from pathlib import Path

import pytest
from PIL import Image

from pictrace.match import compare
from pictrace.model import Change, ChangeKind, ChangeState
from pictrace.service.status import HELD_PLANS, read_status
from pictrace.store import Journal

from ..conftest import draw_photo  # type: ignore[import-not-found]  # noqa: TID252 – as in conftest.py
from .conftest import House  # type: ignore[import-not-found]
from .counting import Inventory, nothing_lost  # type: ignore[import-not-found]
from .making import FULL, FULL_SECONDS, encoded, held_still, jpeg, sized, stock  # type: ignore[import-not-found]

_SIDECAR = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Label="Red"/></rdf:RDF></x:xmpmeta>"""
_BOTH = "  - include: exact-copies\n  - include: quarantine-renditions\n"

pytestmark = pytest.mark.timeout(FULL_SECONDS if FULL else 300)


def test_f31_undo_of_everything_gives_back_every_path_byte_and_time(house: House) -> None:
    """Copies and re-encoded ones, in folders, with sidecars and odd times and rights; some were tagged before."""
    tagging = "  - {name: tagged, continue: true, when: {relation: same-bytes}, do: [{tag: copy}]}\n"
    house.configure(rules=tagging + _BOTH, extra="brake: none\n")
    known = stock(house, 4)
    small = encoded(draw_photo(0).resize((240, 180)), quality=70)
    count = sized(12, 200)
    with nothing_lost(house) as inventory, house.daemon():
        for number in range(count):
            path = house.library / f"day-{number % 3}" / f"{number}.jpg"
            _write(path, small + b"\0" * number if number % 3 == 2 else known[number % 4], number, inventory)
            if number % 4 == 1:
                _write(path.with_name(f"{path.name}.xmp"), _SIDECAR, number, inventory)
        landed = _all_of(house)
        house.wait(
            lambda: not list(house.library.glob("day-*/*.jpg")),
            "every copy in quarantine",
            seconds=sized(60, FULL_SECONDS),
        )
        house.wait_idle()
        told = house.run("undo", "--all", "--yes")
        house.wait_idle()

        assert _all_of(house) == landed
        assert {one["state"] for one in told} == {"done"}


def _write(path: Path, content: bytes, number: int, inventory: Inventory) -> None:
    """Write a file that looks as if it had been there for years, at once with its time and rights."""
    temporary = path.with_name(f".{path.name}.part")
    inventory.land(temporary, content)
    temporary.chmod(0o640 if number % 2 else 0o604)
    os.utime(temporary, ns=(1, 1_234_567_890_123_456_789 + number))
    temporary.rename(path)


def _all_of(house: House) -> dict[str, tuple[str, int, int]]:
    """Return digest, time and rights of every file outside the quarantine."""
    return {
        name: (digest, mtime_ns, stat.S_IMODE((house.library / name).stat().st_mode))
        for name, (digest, mtime_ns) in house.tree().items()
    }


def test_f33_new_content_in_the_place_of_a_victim_is_not_put_away(house: House) -> None:
    """Saved over a copy that settles, and over one that was judged, planned, held and confirmed."""
    house.configure(quiet="1s", extra="brake: 1/h\n")
    known = stock(house, 3)
    settling, planned = house.library / "settling.jpg", house.library / "planned.jpg"
    with nothing_lost(house) as inventory, house.daemon() as process:
        inventory.land(house.library / "first.jpg", known[0])
        house.wait(lambda: len(house.quarantined()) == 1, "the first copy in quarantine")
        inventory.land(planned, known[1])
        house.wait(lambda: _held(house) == 1, "the plan that is held")
        inventory.land(settling, known[2])
        time.sleep(0.3)  # the fault itself: it was seen, and has not settled
        with held_still(process):
            for path, old, seed in ((settling, known[2], 60), (planned, known[1], 61)):
                _save_over(path, jpeg(seed), inventory)
                inventory.forget(old)
            [*_, confirmed] = house.run("confirm", "--yes")
        house.wait_idle()
        house.wait(lambda: _held(house) == 0, "the plan let go of")
        house.wait_idle()

    assert confirmed["confirmed"] == 1
    assert [path.read_bytes() for path in house.quarantined()] == [known[0]]
    assert (settling.read_bytes(), planned.read_bytes()) == (jpeg(60), jpeg(61))


def _save_over(path: Path, content: bytes, inventory: Inventory) -> None:
    """Save as editors do, with the size and the time that the old file had."""
    before = path.stat()
    temporary = inventory.land(path.with_name(f".{path.name}.part"), content)
    os.utime(temporary, ns=(before.st_atime_ns, before.st_mtime_ns))
    os.replace(temporary, path)


def _held(house: House) -> int:
    status = read_status(house.state) or {"degraded": []}
    return sum(trouble["count"] for trouble in status["degraded"] if trouble["kind"] == HELD_PLANS)


def test_f36_of_a_chain_of_similar_photos_one_stays_that_each_other_was_verified_against(house: House) -> None:
    """A, B made of A, C made of B: with A there before, and landing together in every order."""
    chains = {seed: _chain(seed) for seed in range(80, 80 + sized(3, 7))}
    orders = [(0, 1, 2), (2, 1, 0), (1, 2, 0), (0, 2, 1), (1, 0, 2), (2, 0, 1)]
    first = min(chains)
    (house.library / f"{first}-0.jpg").write_bytes(chains[first][0])
    with nothing_lost(house) as inventory, house.daemon():
        for place in range(3):
            for (seed, chain), order in zip(chains.items(), itertools.cycle(orders), strict=False):
                if (seed, order[place]) != (first, 0):
                    inventory.land(house.library / f"{seed}-{order[place]}.jpg", chain[order[place]])
        house.wait(lambda: len(house.quarantined()) >= len(chains), "a copy of each chain in quarantine")
        house.wait_idle()
    with Journal.read(house.state) as journal:
        changes = [one for one in journal.changes(limit=1000) if one.kind is ChangeKind.QUARANTINE]

    assert {path.name.partition("-")[0] for path in house.library.glob("*.jpg")} == set(map(str, chains))
    assert len(house.quarantined()) == sum(change.state is ChangeState.DONE for change in changes)
    for change in changes:
        if change.state is ChangeState.DONE:
            _require_kept(change)
        else:
            # A photo that another in quarantine was verified against stays, though it has a copy itself.
            assert "is the keeper of change" in (change.error or "")
            assert change.source.exists()


def _chain(seed: int) -> list[bytes]:
    first = draw_photo(seed, 640, 480)
    files = [encoded(first, quality=95)]
    for quality, size in ((60, (520, 390)), (35, (400, 300))):
        first = first.resize(size, Image.Resampling.LANCZOS)
        files.append(encoded(first, quality=quality))
    return files


def _require_kept(change: Change) -> None:
    """Look at the disk: what the journal calls the keeper is there, unchanged, and shows what went."""
    assert change.keeper is not None
    assert change.target is not None
    assert hashlib.sha256(change.keeper.read_bytes()).digest() == change.keeper_hash
    assert compare(change.target, change.keeper).relation.is_copy
