"""Photos land while the daemon runs; what it does is looked at on the disk."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from skimage import data

from pictrace.match import MATCHER_VERSION
from pictrace.model import Change, ChangeKind, ChangeState, Relation
from pictrace.store import Index, Journal

from .conftest import House  # type: ignore[import-not-found]

Photo = Callable[..., Path]


@pytest.fixture
def stocked(house: House, photo: Photo) -> House:
    for seed in range(6):
        photo(f"photo-{seed}.jpg", seed=seed, folder=house.library)
    return house


def reencode(source: Path, target: Path, quality: int = 50) -> None:
    with Image.open(source) as image:
        image.save(target, "JPEG", quality=quality)


def test_copies_go_to_quarantine_and_come_back(stocked: House, photo: Photo, tmp_path: Path) -> None:
    library = stocked.library
    with stocked.daemon():
        shutil.copyfile(library / "photo-0.jpg", library / "copy.jpg")
        reencode(library / "photo-1.jpg", library / "messenger.jpg")
        outside = photo("outside.jpg", seed=2, folder=tmp_path / "elsewhere")
        os.rename(outside, library / "moved-in.jpg")
        photo("different.jpg", seed=77, folder=library)
        landed = stocked.tree()
        stocked.wait(lambda: len(stocked.quarantined()) == 3, "three copies in quarantine")
        stocked.wait_idle()
    left = set(stocked.tree())

    assert left == set(landed) - {"copy.jpg", "messenger.jpg", "moved-in.jpg"}

    stocked.run("undo", "--all", "--yes")
    assert stocked.tree() == landed


def test_what_was_undone_is_not_done_again(stocked: House) -> None:
    copy = stocked.library / "copy.jpg"
    with stocked.daemon():
        shutil.copyfile(stocked.library / "photo-0.jpg", copy)
        stocked.wait(lambda: len(stocked.quarantined()) == 1, "the copy in quarantine")
        stocked.run("undo", "--all", "--yes")
        stocked.wait_idle()

        assert copy.exists()
        assert stocked.quarantined() == []


def test_temporary_names_and_atomic_saves_are_judged_once_under_their_last_name(stocked: House) -> None:
    library = stocked.library
    with stocked.daemon():
        hidden = library / ".incoming.jpg.part"
        shutil.copyfile(library / "photo-4.jpg", hidden)
        os.rename(hidden, library / "renamed.jpg")
        saved = library / "photo-5.jpg.tmp"
        reencode(library / "photo-0.jpg", saved, quality=60)
        os.replace(saved, library / "photo-5.jpg")
        stocked.wait(lambda: len(stocked.quarantined()) == 2, "the renamed copy and the overwritten photo")

    names = {path.name.split("-", 1)[1] for path in stocked.quarantined()}
    assert names == {"renamed.jpg", "photo-5.jpg"}


def test_a_restart_fingerprints_nothing_again(stocked: House) -> None:
    with stocked.daemon():
        pass
    before = stocked.run("status")[0]["fingerprinted"]
    with stocked.daemon():
        during = stocked.run("status")[0]
    after = stocked.run("status")[0]["fingerprinted"]

    assert before == after == 6
    assert during["daemon"]["fingerprinted_this_run"] == 0


def test_a_renamed_folder_costs_no_fingerprint(house: House, photo: Photo) -> None:
    for seed in range(4):
        photo(f"Holiday/photo-{seed}.jpg", seed=seed, folder=house.library)
    shutil.copyfile(house.library / "Holiday/photo-0.jpg", house.library / "Holiday/twin.jpg")
    with house.daemon():
        os.rename(house.library / "Holiday", house.library / "Summer")
        house.wait_idle()
        status = house.run("status")[0]

    assert status["fingerprinted"] == 4
    assert house.quarantined() == []


def test_the_backlog_is_reported_and_left_alone(stocked: House) -> None:
    shutil.copyfile(stocked.library / "photo-0.jpg", stocked.library / "old-copy.jpg")
    with stocked.daemon():
        pass

    assert (stocked.library / "old-copy.jpg").exists()
    assert '"relation": "same-bytes"' in (stocked.state.parent / "daemon.log").read_text()

    stocked.run("scan", "--act", "--yes")
    assert len(stocked.quarantined()) == 1


@pytest.mark.parametrize("name", ["index.db", "journal.db"])
def test_a_daemon_whose_database_is_removed_stops_and_says_so(stocked: House, name: str) -> None:
    with stocked.daemon() as process:
        (stocked.state / name).unlink()
        process.wait(timeout=30)

    assert process.returncode == 75
    assert f"{name}: was removed or replaced" in (stocked.state.parent / "daemon.log").read_text()


def test_a_daemon_that_only_says_touches_nothing(stocked: House) -> None:
    stocked.configure(act=False)
    with stocked.daemon():
        shutil.copyfile(stocked.library / "photo-0.jpg", stocked.library / "copy.jpg")
        log = stocked.state.parent / "daemon.log"
        stocked.wait(lambda: '"plan": ["quarantine"]' in log.read_text(), "the plan in words")

    assert stocked.quarantined() == []
    assert (stocked.library / "copy.jpg").exists()


def test_what_was_left_open_is_ended_when_the_root_is_back(stocked: House) -> None:
    away = stocked.library.with_name("away")
    photo = stocked.library / "photo-0.jpg"
    with stocked.daemon():
        os.rename(stocked.library, away)
        stocked.wait(lambda: _troubles(stocked) == ["root paused"], "the paused root in status")
        with Journal.open(stocked.state) as journal:
            left_open = Change(
                id=0,
                kind=ChangeKind.QUARANTINE,
                state=ChangeState.PLANNED,
                root=(away / ".pictrace" / "root-id").read_text().strip(),
                source=photo,
                target=stocked.library / ".pictrace" / "quarantine" / "x.jpg",
                content_hash=hashlib.sha256((away / "photo-0.jpg").read_bytes()).digest(),
            )
            (planned,) = journal.plan([left_open])
            os.rename(away, stocked.library)
            stocked.wait(lambda: not journal.open_changes(), "the end of the change")
            ended = journal.change(planned.id)

    assert ended is not None
    assert ended.state is ChangeState.ABORTED
    assert photo.exists()


def test_what_an_older_version_judged_is_judged_again(stocked: House) -> None:
    reencode(stocked.library / "photo-0.jpg", stocked.library / "z-copy.jpg")
    stocked.configure(act=False)
    stocked.run("scan", str(stocked.library))
    with sqlite3.connect(stocked.state / "index.db") as raw:
        raw.execute("UPDATE photos SET judged_version = 1")
        raw.execute("UPDATE findings SET matcher_version = 1, relation = 'edited'")
        raw.execute("DELETE FROM entries")
    raw.close()

    with stocked.daemon(), Index.read(stocked.state) as index:
        content_hash = hashlib.sha256((stocked.library / "z-copy.jpg").read_bytes()).digest()
        stocked.wait(lambda: index.photos.judged_version(content_hash) == MATCHER_VERSION, "the new judgement")
        (finding,) = index.findings.of_photo(content_hash)

    assert finding.match.relation is Relation.RENDITION


def test_crop_screenshot_and_collage_are_told_with_edits_and_boxes(house: House) -> None:
    cat, coffee, woman = (Image.fromarray(picture) for picture in (data.chelsea(), data.coffee(), data.astronaut()))
    for name, image in (("cat", cat), ("coffee", coffee), ("woman", woman)):
        image.save(house.library / f"{name}.jpg", quality=93)
    screenshot = Image.new("RGB", (600, 1100), (245, 245, 245))
    screenshot.paste(coffee, (0, 200))
    drawing = ImageDraw.Draw(screenshot)
    drawing.rectangle((0, 0, 600, 60), fill=(30, 90, 200))
    for line in range(8):
        drawing.text((20, 640 + 50 * line), f"{line} comments about this picture", fill=(20, 20, 20))
    collage = Image.new("RGB", (900, 500), "white")
    collage.paste(woman.resize((430, 430)), (20, 35))
    collage.paste(cat.resize((430, 286)), (460, 100))
    landing = {"crop": cat.crop((100, 50, 400, 250)), "screenshot": screenshot, "collage": collage}
    house.configure(act=False)

    with house.daemon():
        for name, image in landing.items():
            image.save(house.library.parent / f"{name}.jpg", quality=90)
            os.rename(house.library.parent / f"{name}.jpg", house.library / f"{name}.jpg")
        log = house.state.parent / "daemon.log"
        house.wait(lambda: len(_findings(log)) == 4, "four findings")
        found = _findings(log)

    assert {pair: finding["relation"] for pair, finding in found.items()} == {
        ("crop", "cat"): "edited",
        ("screenshot", "coffee"): "part",
        ("collage", "woman"): "part",
        ("collage", "cat"): "part",
    }
    assert all(finding["certainty"] == "verified" for finding in found.values())
    boxes = {
        pair: next(edit["box"] for edit in finding["edits"] if edit["kind"] in ("cropped", "collage-tile"))
        for pair, finding in found.items()
    }
    assert boxes["crop", "cat"] == pytest.approx([100 / 451, 50 / 300, 400 / 451, 250 / 300], abs=0.01)
    assert boxes["screenshot", "coffee"] == pytest.approx([0, 200 / 1100, 1, 600 / 1100], abs=0.01)
    assert boxes["collage", "woman"] == pytest.approx([20 / 900, 35 / 500, 450 / 900, 465 / 500], abs=0.01)


def _findings(log: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the findings that the daemon told, by the names of the two files."""
    events = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    found = [event for event in events if event["event"] == "finding"]
    return {(Path(event["file"]).stem, Path(event["other"]).stem): event for event in found}


def test_an_interrupted_scan_goes_on_where_it_was(house: House, photo: Photo) -> None:
    house.configure(extra="workers: 1\n")
    for seed in range(60):
        photo(f"photo-{seed:02}.jpg", seed=seed, folder=house.library, size=(800, 600))
    first = house.start("scan", str(house.library))
    house.wait(lambda: (house.state / "index.db").exists() and _known(house) > 5, "the first photos")
    first.send_signal(signal.SIGTERM)
    first.communicate(timeout=30)
    known = _known(house)

    summary = house.run("scan", str(house.library), "--dry-run")[-1]

    assert first.returncode != 0
    assert summary["photos"] == 60
    assert summary["fingerprinted"] == 60 - known


def _known(house: House) -> int:
    """Return how many photos were fingerprinted, without the second that starting a command takes."""
    with Index.read(house.state) as index:
        return index.status().fingerprinted


def _troubles(house: House) -> list[str]:
    daemon = house.run("status")[0]["daemon"]
    return [] if daemon is None else [trouble["kind"] for trouble in daemon["degraded"]]


def test_a_reload_takes_the_new_rules(stocked: House) -> None:
    stocked.configure(act=False)
    with stocked.daemon() as process:
        stocked.configure(act=True)
        process.send_signal(signal.SIGHUP)
        log = stocked.state.parent / "daemon.log"
        stocked.wait(lambda: "config taken" in log.read_text(), "the new config")
        shutil.copyfile(stocked.library / "photo-0.jpg", stocked.library / "copy.jpg")
        stocked.wait(lambda: len(stocked.quarantined()) == 1, "the copy in quarantine under the new rules")


def test_a_wrong_ignore_pattern_touches_nothing_at_the_start_and_ends_nothing_at_a_reload(stocked: House) -> None:
    stocked.configure(extra='ignore: ["Exports/*.jpg"]\n')
    for words in (("watch",), ("rules", "check")):
        stocked.run(*words, code=78)
    left = [path for path in (stocked.state / "index.db", stocked.library / ".pictrace") if path.exists()]
    stocked.configure()
    with stocked.daemon() as process:
        stocked.configure(extra='ignore: ["Exports/*.jpg"]\n')
        process.send_signal(signal.SIGHUP)
        log = stocked.state.parent / "daemon.log"
        stocked.wait(lambda: "config not taken" in log.read_text(), "the refused config")
        shutil.copyfile(stocked.library / "photo-0.jpg", stocked.library / "copy.jpg")
        stocked.wait(lambda: len(stocked.quarantined()) == 1, "the copy in quarantine under the old config")

    assert left == []
