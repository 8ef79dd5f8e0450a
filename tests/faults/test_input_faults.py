"""F25 to F28: bombs and junk, databases of garbage, and configs that are wrong, at the start and under way."""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from .bombs import png_bomb  # type: ignore[import-not-found]
from .conftest import House  # type: ignore[import-not-found]
from .counting import nothing_lost  # type: ignore[import-not-found]
from .making import FULL, jpeg, stock  # type: ignore[import-not-found]
from .processes import Memory  # type: ignore[import-not-found]

_MOST_RESIDENT_BYTES = 1_500_000_000
_GARBAGE = bytes(range(256)) * 64
_EXPLODING = "a: &a [x, x]\n" + "".join(
    f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


def test_f25_bombs_and_junk_cost_little_memory_and_nothing_else(house: House) -> None:
    known = stock(house, 2)
    bad = {
        "bomb-3600-megapixels.png": png_bomb(60_000, 1),
        "bomb-178-megapixels.png": png_bomb(13_342, 3 if FULL else 1),
        "half.jpg": jpeg(40)[:5000],
        "random.jpg": os.urandom(100_000),
        "random.png": b"\x89PNG\r\n\x1a\n" + os.urandom(100_000),
        "text.jpg": b"no picture at all\n" * 100,
    }
    with nothing_lost(house) as inventory, house.daemon() as process, Memory(process.pid) as memory:
        for name, content in bad.items():
            inventory.land(house.library / name, content)
        inventory.land(house.library / "copy.jpg", known[0])
        house.wait(lambda: len(house.quarantined()) == 1, "the copy that landed with them")
        house.wait_idle()
        inventory.land(house.library / "later.jpg", known[1])
        house.wait(lambda: len(house.quarantined()) == 2, "the copy that landed after them")
        house.wait_idle()

        assert process.poll() is None

    assert set(bad) < {path.name for path in house.library.iterdir()}
    assert 50_000_000 < memory.most_bytes < _MOST_RESIDENT_BYTES


_DAMAGES = {"garbage": _GARBAGE, "short garbage": _GARBAGE[:100], "empty": b""}
_TRIED = _DAMAGES if FULL else {"garbage": _GARBAGE}  # the others are tried on the store alone, in the suite


@pytest.mark.parametrize("damage", _TRIED.values(), ids=_TRIED)
def test_f26_an_index_of_garbage_is_made_anew_and_nothing_is_lost(house: House, damage: bytes) -> None:
    known = stock(house, 3)
    with nothing_lost(house) as inventory:
        with house.daemon():
            inventory.land(house.library / "copy.jpg", known[0])
            house.wait(lambda: len(house.quarantined()) == 1, "the copy in quarantine")
        for path in house.state.glob("index.db*"):
            path.write_bytes(damage)
        with house.daemon():
            inventory.land(house.library / "later.jpg", known[1])
            house.wait(lambda: len(house.quarantined()) == 2, "the later copy in quarantine")
            house.wait_idle()

        house.run("undo", "--all", "--yes")
        assert house.quarantined() == []
    assert "index.db.broken-1" in (house.state.parent / "daemon.log").read_text()


@pytest.mark.parametrize("damage", _TRIED.values(), ids=_TRIED)
def test_f26_with_a_journal_of_garbage_nothing_is_done(house: House, damage: bytes) -> None:
    """What was done with the photos stands there and nowhere else: it is not thrown away."""
    known = stock(house, 2)
    house.run("scan")
    journal = house.state / "journal.db"
    for path in house.state.glob("journal.db*"):
        path.write_bytes(damage)
    with nothing_lost(house) as inventory:
        inventory.land(house.library / "copy.jpg", known[0])
        before = _everything(house)
        refused = house.start("watch")
        _, said = refused.communicate(timeout=60)

        assert refused.returncode == 75
        assert str(journal) in said
        assert _everything(house) == before
        assert journal.read_bytes() == damage


def _everything(house: House) -> dict[str, int]:
    """Return every file and folder of a library, and when it last changed in any way."""
    return {os.fspath(path): path.lstat().st_ctime_ns for path in (house.library, *house.library.rglob("*"))}


def _wrong(house: House) -> dict[str, str]:
    """Return configs that are wrong, each in its own way: what is wrong, and the file's text."""
    whole = house.config.read_text()
    rule = "{name: r, when: {relation: same-bytes}, do: [{move: /etc}]}"
    in_the_catalogue = {
        "python": f"{whole}keep: !!python/object/apply:os.system ['touch {house.library}/owned']\n",
        "alias bomb": _EXPLODING + whole,
        "unknown key": f"{whole}rulez: []\n",
        "syntax": f"{whole}keep: [\n",
        "quarantine is the top": f"{whole}quarantine: /\n",
        "a folder of the system": f"{whole}  - {rule}\n",
    }
    more = {
        "deep": f"{whole}keep: {'[' * 20_000}\n",
        "10 MB": whole + "# nothing to see here\n" * 500_000,
        "a key twice": f"{whole}act: true\n",
        "a file of everybody": f"{whole}  - include: {house.config.with_name('everybodys.yaml')}\n",
    }
    return {**in_the_catalogue, **(more if FULL else dict(tuple(more.items())[:2]))}


def test_f27_a_bad_config_is_refused_at_once_and_nothing_is_touched(house: House) -> None:
    known = stock(house, 1)
    (house.library / "copy.jpg").write_bytes(known[0])
    everybodys = house.config.with_name("everybodys.yaml")
    everybodys.write_text("version: 1\nrules: []\n")
    everybodys.chmod(0o666)
    before = _everything(house)
    with ThreadPoolExecutor(2) as threads:
        ended = list(threads.map(lambda one: _started_with(house, *one), _wrong(house).items()))

    assert {name: (code, is_clear) for name, code, is_clear, _ in ended} == {name: (78, True) for name, *_ in ended}
    assert {name: seconds for name, _, _, seconds in ended if seconds > 15} == {}
    assert _everything(house) == before
    assert not list(house.state.glob("*.db"))


def _started_with(house: House, name: str, text: str) -> tuple[str, int, bool, float]:
    """Start the daemon with a config; returns its name, the exit code, whether one line says why, and the seconds."""
    file = house.config.with_name(f"{name}.yaml")
    file.write_text(text)
    started = time.monotonic()
    process = replace(house, config=file).start("watch")
    _, said = process.communicate(timeout=60)
    is_clear = said.startswith(f"pictrace: {file}") and said.count("\n") == 1 and len(said) < 1000
    return name, process.returncode, is_clear, time.monotonic() - started


def test_f28_a_reload_with_a_bad_config_changes_nothing_and_is_told(house: House) -> None:
    known = stock(house, 2)
    log = house.state.parent / "daemon.log"
    with nothing_lost(house) as inventory, house.daemon() as process:
        house.config.write_text("version: 1\nroots: [\n")
        process.send_signal(signal.SIGHUP)
        house.wait(lambda: "config.yaml:3" in log.read_text(), "the syntax error in the log")
        house.configure(rules="  - include: observe\n")
        house.config.chmod(0o666)
        process.send_signal(signal.SIGHUP)
        house.wait(lambda: "every user may write this file (mode 0666)" in log.read_text(), "the refusal in the log")
        inventory.land(house.library / "copy.jpg", known[0])
        house.wait(lambda: len(house.quarantined()) == 1, "the copy in quarantine under the old rules")

        assert process.poll() is None
    assert log.read_text().count("config not taken, the old one stays in force") == 2
