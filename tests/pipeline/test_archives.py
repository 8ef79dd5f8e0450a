"""Archives that are away: what lies there is still found, and keeps nothing."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from pictrace.config import Config, RootConfig, parse_yaml
from pictrace.match import KEPT_PREVIEW
from pictrace.model import Plan, Relation, Role, RootInfo, Step
from pictrace.pipeline.archives import archives_away
from pictrace.pipeline.intake import Landed
from pictrace.pipeline.objections import only_told
from pictrace.store import Journal

from .conftest import make_responder, nearest  # type: ignore[import-not-found]

Photographs = dict[str, Image.Image]


@pytest.fixture
def archive(line: Any, photographs: Photographs, tmp_path: Path) -> Path:
    """Return the folder of an archive that holds a photograph, beside the library."""
    folder = tmp_path / "archive"
    folder.mkdir()
    photographs["cat"].save(folder / "kept.jpg", quality=92)
    status = folder.stat()
    line.index.roots.put_root(
        RootInfo(
            identity="bb22", path=folder, role=Role.ARCHIVE, dev=status.st_dev, ino=status.st_ino, filesystem="ext4"
        )
    )
    line.restart()
    take_in(line, folder / "kept.jpg")
    return folder


def take_in(line: Any, path: Path) -> None:
    line.scheduler.add(line.intake.take_in(Landed(path=path, is_arrival=False)))
    while len(line.scheduler):
        line.scheduler.step(0)


def findings(line: Any, name: str) -> list[Any]:
    return list(line.found.of_file(line.index.files.file_at(line.folder / name)))


def test_of_what_lies_in_an_archive_a_preview_is_kept(line: Any, archive: Path, photographs: Photographs) -> None:
    line.land("coffee.jpg", photographs["coffee"])
    kept = line.index.files.file_at(archive / "kept.jpg").content_hash

    assert line.index.photos.preview(kept)
    assert line.index.photos.lacks_preview(line.hash("coffee.jpg"))
    assert line.tasks().count("preview_at") == 1


def test_an_archive_indexed_before_gets_its_previews(line: Any, archive: Path) -> None:
    kept = line.index.files.file_at(archive / "kept.jpg").content_hash
    line.index._connection.execute("UPDATE parts SET preview = NULL")
    versions = line.index.photos.photo(kept).fingerprint.versions
    waiting = line.index.files.unjudged(matcher_version=2, entries_version=1, fingerprint_versions=versions)
    assert archive / "kept.jpg" in [one.path for one in waiting]

    take_in(line, archive / "kept.jpg")

    assert not line.index.photos.lacks_preview(kept)


def test_a_copy_of_what_is_away_is_found(line: Any, archive: Path, photographs: Photographs) -> None:
    shutil.move(archive, archive.with_name("unmounted"))
    line.index.roots.note_away("bb22", 1e9)

    line.land("small.jpg", photographs["cat"].resize((225, 150)))

    (finding,) = findings(line, "small.jpg")
    assert (finding.match.relation, finding.other.path) == (Relation.RENDITION, archive / "kept.jpg")
    assert (finding.away.root, finding.away.since) == (archive, 1e9)
    facts = line.found.facts(finding, now=1e9, is_backlog_allowed=True)
    assert (facts.other.role, facts.other.pixels) == (Role.ARCHIVE, 451 * 300)


def test_the_file_itself_is_looked_at_once_it_is_there_again(
    line: Any, archive: Path, photographs: Photographs
) -> None:
    shutil.move(archive, archive.with_name("unmounted"))
    line.land("small.jpg", photographs["cat"].resize((225, 150)))
    (before,) = findings(line, "small.jpg")
    line.restart()
    line.tasks()
    line.land("small.jpg")
    while_away = line.tasks()
    shutil.move(archive.with_name("unmounted"), archive)

    line.land("small.jpg")

    (after,) = findings(line, "small.jpg")
    assert KEPT_PREVIEW in before.match.evidence
    assert (KEPT_PREVIEW in after.match.evidence, after.away) == (False, None)
    assert "compare_kept" not in while_away


def test_equal_bytes_on_what_is_away_are_a_finding(line: Any, archive: Path) -> None:
    shutil.copy(archive / "kept.jpg", line.folder / "equal.jpg")
    shutil.move(archive, archive.with_name("unmounted"))

    line.land("equal.jpg")

    (finding,) = findings(line, "equal.jpg")
    assert (finding.match.relation, finding.other.path) == (Relation.SAME_BYTES, archive / "kept.jpg")
    assert finding.away is not None


def test_a_copy_on_what_is_away_does_not_end_the_search(line: Any, archive: Path, photographs: Photographs) -> None:
    line.land("here.jpg", photographs["cat"], quality=70)
    shutil.move(archive, archive.with_name("unmounted"))

    line.land("small.jpg", photographs["cat"].resize((225, 150)))

    names = {finding.other.path.name for finding in findings(line, "small.jpg")}
    assert "here.jpg" in names


@pytest.mark.parametrize("is_equal", [True, False])
def test_what_an_archive_holds_that_became_known_later_is_told_while_it_is_away_and_no_rule_is_asked(
    line: Any, archive: Path, photographs: Photographs, tmp_path: Path, is_equal: bool
) -> None:
    line.land("here.jpg", photographs["coffee"])
    there = archive / "there.jpg"
    if is_equal:
        shutil.copy(line.folder / "here.jpg", there)
    else:
        photographs["coffee"].resize((300, 200)).save(there, quality=92)
    take_in(line, there)
    while_there = findings(line, "here.jpg")
    shutil.move(archive, archive.with_name("unmounted"))
    config = Config(
        file=None,
        roots=(RootConfig(path=line.folder),),
        state=tmp_path / "state",
        rules=parse_yaml("- {name: any, when: {relation: [same-bytes, rendition]}, do: [{tag: x}]}").items(),
    )

    (finding,) = findings(line, "here.jpg")

    assert while_there == []
    assert {finding.file.path, finding.other.path} == {line.folder / "here.jpg", there}
    assert finding.away.root == archive
    with Journal.open(tmp_path / "other") as journal:
        event = make_responder(config, line, journal).decided(finding, is_backlog_allowed=True)
    assert (event.plan, event.is_returned) == (None, False)


def test_find_names_what_is_away(line: Any, archive: Path, photographs: Photographs, tmp_path: Path) -> None:
    shutil.move(archive, archive.with_name("unmounted"))
    photographs["cat"].resize((225, 150)).save(tmp_path / "asked.jpg")

    (row,) = nearest(line.index, tmp_path / "asked.jpg", top=5)

    assert (row.files, row.away.root) == ((archive / "kept.jpg",), archive)


def test_status_counts_what_is_on_it_too(line: Any, archive: Path, photographs: Photographs) -> None:
    assert archives_away(line.index) == []
    shutil.copy(archive / "kept.jpg", line.folder / "equal.jpg")
    line.land("equal.jpg")
    line.land("small.jpg", photographs["cat"].resize((225, 150)))
    line.land("coffee.jpg", photographs["coffee"])
    shutil.move(archive, archive.with_name("unmounted"))

    (away,) = archives_away(line.index)

    assert (away.away.root, away.files, away.copied) == (archive, 1, 2)


@pytest.mark.parametrize(("action", "is_held"), [("quarantine", True), ("merge-metadata", True), ("tag", False)])
def test_nothing_but_a_keyword_is_set_because_of_what_is_away(
    line: Any, archive: Path, action: str, is_held: bool
) -> None:
    shutil.copy(archive / "kept.jpg", line.folder / "equal.jpg")
    shutil.move(archive, archive.with_name("unmounted"))
    line.land("equal.jpg")
    (finding,) = findings(line, "equal.jpg")
    paths = {"keeper": finding.other.path, "duplicate": finding.file.path}

    held = only_told(Plan(rule="r", steps=(Step(action=action),), keeper_reason="", **paths), finding)

    assert (held is not None and "is away" in held) is is_held
