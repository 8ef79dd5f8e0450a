"""``pictrace scan --act``: how often it does what a rule wants."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image


@pytest.mark.timeout(120)
def test_a_rule_that_only_tags_is_done_once_and_the_scan_ends(
    pictrace: Callable[..., Any], photo: Callable[..., Path], tmp_path: Path
) -> None:
    library = tmp_path / "library"
    photo("a.jpg", folder=library)
    shutil.copyfile(library / "a.jpg", library / "b.jpg")
    config = tmp_path / "config.yaml"
    config.write_text(
        f"version: 1\nroots:\n  - path: {json.dumps(str(library))}\n"
        "rules:\n  - name: copies\n    when: {relation: same-bytes}\n    do: [{tag: pictrace/copy}]\n"
    )
    config.chmod(0o600)

    ran = pictrace("scan", "--act", "--yes", "--json", "--config", config)

    told = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.code == 0
    assert [one["kind"] for one in told if one["event"] == "change"] == ["tag"]
    assert told[-1]["changes"] == 1


RICHER = """rules:
  - name: small
    when: {relation: rendition, duplicate: {path: "W/**"}}
    keep: [more-pixels]
    do: [{merge-metadata: [gps]}, quarantine]
  - name: equal
    when: {relation: same-bytes}
    keep: [richer-metadata, in: ["B/**"]]
    do: [quarantine]
"""


@pytest.mark.timeout(120)
def test_what_one_plan_wrote_beside_a_photo_is_not_put_away_by_a_plan_made_before(
    pictrace: Callable[..., Any], photo: Callable[..., Path], tmp_path: Path
) -> None:
    library = tmp_path / "library"
    first = photo("A/p.jpg", folder=library, size=(800, 600), seed=3)
    said = Image.Exif()
    said.get_ifd(0x8825).update({1: "N", 2: (41.0, 54.0, 0.0), 3: "E", 4: (12.0, 30.0, 0.0)})
    (library / "W").mkdir()
    Image.open(first).resize((600, 450)).save(library / "W" / "p.jpg", quality=80, exif=said)
    config = tmp_path / "config.yaml"
    config.write_text(f"version: 1\nworkers: 1\nroots:\n  - path: {json.dumps(str(library))}\n{RICHER}")
    config.chmod(0o600)
    pictrace("scan", "--quiet", "--config", config)
    (library / "B").mkdir()
    shutil.copy2(first, library / "B" / "p.jpg")

    ran = pictrace("scan", "--act", "--yes", "--config", config)

    living = {path.relative_to(library).as_posix() for path in library.rglob("p.jpg*") if ".pictrace" not in path.parts}
    assert ran.code == 0
    assert living == {"A/p.jpg", "A/p.jpg.xmp"}


@pytest.mark.timeout(120)
def test_without_act_on_the_command_line_what_was_there_before_is_left_alone(
    pictrace: Callable[..., Any], photo: Callable[..., Path], tmp_path: Path
) -> None:
    library = tmp_path / "library"
    photo("a.jpg", folder=library)
    shutil.copyfile(library / "a.jpg", library / "b.jpg")
    config = tmp_path / "config.yaml"
    config.write_text(
        f"version: 1\nworkers: 1\nact: true\nroots:\n  - path: {json.dumps(str(library))}\n"
        "rules:\n  - name: copies\n    when: {relation: same-bytes}\n    keep: [older]\n    do: [quarantine]\n"
    )
    config.chmod(0o600)

    plain = pictrace("scan", "--yes", "--config", config)
    left = sorted(path.name for path in library.glob("*.jpg"))
    pictrace("scan", "--act", "--yes", "--config", config)

    assert left == ["a.jpg", "b.jpg"]
    assert "was there before: `scan --act` or `backlog: act`" in plain.out
    assert [path.name for path in library.glob("*.jpg")] == ["a.jpg"]


@pytest.mark.timeout(120)
def test_copies_of_what_is_put_away_are_held_against_what_stays(
    pictrace: Callable[..., Any], photo: Callable[..., Path], tmp_path: Path
) -> None:
    library = tmp_path / "library"
    original = photo("a.jpg", folder=library).read_bytes()
    (library / "b, with a comment.jpg").write_bytes(original[:2] + b"\xff\xfe\x00\x04hi" + original[2:])
    with Image.open(library / "a.jpg") as opened:
        opened.resize((240, 180)).save(library / "c, smaller.jpg", quality=80)
    config = tmp_path / "config.yaml"
    config.write_text(
        f"version: 1\nworkers: 1\nroots:\n  - path: {json.dumps(str(library))}\nrules:\n"
        "  - name: equal\n    when: {relation: same-pixels}\n    keep: [larger-file]\n    do: [quarantine]\n"
        "  - name: smaller\n    when: {relation: rendition}\n    keep: [more-pixels]\n    do: [quarantine]\n"
    )
    config.chmod(0o600)

    ran = pictrace("scan", "--act", "--yes", "--config", config)

    assert ran.code == 0
    assert [path.name for path in library.glob("*.jpg")] == ["b, with a comment.jpg"]
