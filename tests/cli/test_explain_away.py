"""``pictrace explain`` of photos that something was done to: what, by which rule, and how to take it back."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from skimage import data

from pictrace.cli.app import main
from pictrace.cli.history import past_words
from pictrace.cli.show import describe_change
from pictrace.model import Change, ChangeKind, ChangeState
from pictrace.pipeline.events import ChangeEvent
from pictrace.pipeline.past import Past

Run = Callable[..., Any]

_CONFIG = """version: 1
roots: [{path: LIBRARY}]
rules:
  - name: twice
    when: {relation: same-bytes}
    do: [{tag: copy}, quarantine]
"""


@dataclass(frozen=True, kw_only=True)
class Acted:
    """A library in which a copy was put away."""

    library: Path
    state: Path
    config: Path

    @property
    def inside(self) -> Path:
        return next((self.library / ".pictrace" / "quarantine").rglob("*-copy.jpg"))


@pytest.fixture(scope="module")
def acted(tmp_path_factory: pytest.TempPathFactory) -> Acted:
    top = tmp_path_factory.mktemp("acted")
    found = Acted(library=top / "library", state=top / "state", config=top / "config.yaml")
    found.library.mkdir()
    Image.fromarray(data.chelsea()).save(found.library / "cat.jpg", quality=92)
    shutil.copy(found.library / "cat.jpg", found.library / "copy.jpg")
    found.config.write_text(_CONFIG.replace("LIBRARY", str(found.library)))
    words = ["scan", "--config", str(found.config), "--state", str(found.state), "--act", "--yes", "--quiet"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["pictrace", *words])
        try:
            main()
        except SystemExit as end:
            assert not end.code
    return found


@pytest.fixture
def ask(acted: Acted, pictrace: Run) -> Run:
    def run(file: Path, *words: str | Path) -> Any:
        return pictrace("explain", file, "--config", acted.config, *words, state=acted.state)

    return run


@pytest.mark.parametrize("is_inside", [False, True])
def test_a_photo_in_quarantine_is_explained_from_both_places(acted: Acted, ask: Run, is_inside: bool) -> None:
    ran = ask(acted.inside if is_inside else acted.library / "copy.jpg")

    assert (ran.code, ran.err) == (0, "")
    first, second = ran.out.splitlines()[:2]
    assert first.startswith(f"{acted.library / 'copy.jpg'}: quarantined ")
    assert "by the rule 'twice'" in first
    assert first.endswith("takes it back")
    assert second.startswith("same-bytes")
    assert "byte for byte" in ran.out


def test_json_has_the_change_and_the_finding_as_it_was(acted: Acted, ask: Run) -> None:
    change, finding = map(json.loads, ask(acted.library / "copy.jpg", "--json").out.splitlines())

    assert (change["event"], change["kind"], change["to"]) == ("change", "quarantine", str(acted.inside))
    assert (finding["event"], finding["relation"]) == ("finding", "same-bytes")
    assert {finding["file"], finding["other"]} == {str(acted.library / name) for name in ("cat.jpg", "copy.jpg")}


def test_the_drawing_is_of_the_photo_in_quarantine_and_the_one_that_stays(
    acted: Acted, ask: Run, tmp_path: Path
) -> None:
    ran = ask(acted.library / "copy.jpg", "--image", tmp_path / "out.png")

    assert ran.code == 0
    assert (tmp_path / "out.png").read_bytes().startswith(b"\x89PNG")


def test_what_was_done_to_a_photo_stands_below_its_findings(acted: Acted, ask: Run) -> None:
    out = ask(acted.library / "cat.jpg").out

    assert "done        " in out
    assert "quarantined" in out
    assert "`pictrace undo" in out


def test_what_goes_with_a_photo_is_named(acted: Acted, ask: Run) -> None:
    (acted.library / "cat.jpg.xmp").write_text("<x/>")
    try:
        words, told = ask(acted.library / "cat.jpg").out, ask(acted.library / "cat.jpg", "--json").out
    finally:
        (acted.library / "cat.jpg.xmp").unlink()

    assert "companions  cat.jpg.xmp (sidecar)" in words
    [line] = [one for one in map(json.loads, told.splitlines()) if one["event"] == "companions"]
    assert line["companions"] == [{"name": "cat.jpg.xmp", "kind": "sidecar"}]


def test_a_file_that_is_nowhere_is_an_error(acted: Acted, ask: Run) -> None:
    ran = ask(acted.library / "nothing.jpg")

    assert ran.code == 2
    assert "found no file" in ran.err


def test_each_rule_says_why_it_did_not_match(known: Any, pictrace: Run, tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(
        "version: 1\nrules:\n"
        "  - {name: phone, when: {duplicate: {path: 'Phone/**'}}, do: [quarantine]}\n"
        "  - {name: mine, when: {relation: edited, existing: {path: 'Phone/**'}}, do: []}\n"
    )

    words = ("explain", known.library / "mirrored.jpg", "--config", config, "--rules")
    ran = pictrace(*words, state=known.state)
    told = pictrace(*words, "--json", state=known.state)

    assert "'phone' (config.yaml:3): no: it is not for the relation `edited`" in ran.out
    assert "'mine' (config.yaml:4): no: `existing.path` (config.yaml:4) says no" in ran.out
    lines = [json.loads(line) for line in told.out.splitlines()]
    assert [(line["rule"], line["answer"]) for line in lines[1:]] == [("phone", "no"), ("mine", "no")]


def test_why_it_was_done_outlives_the_finding(acted: Acted, ask: Run) -> None:
    words = ask(acted.library / "copy.jpg").out.splitlines()[0]
    change = json.loads(ask(acted.library / "copy.jpg", "--json").out.splitlines()[0])

    assert "by the rule 'twice' (config.yaml:4) → " in words
    assert f"; kept: cat.jpg by {change['keeper_reason']}; `pictrace undo" in words
    assert change["keeper_reason"]
    assert change["rule_place"] == "config.yaml:4"


@pytest.mark.timeout(120)
def test_what_came_back_is_explained_before_a_scan_knows_it_again(pictrace: Run, tmp_path: Path) -> None:
    library, config = tmp_path / "library", tmp_path / "config.yaml"
    library.mkdir()
    Image.fromarray(data.chelsea()).save(library / "cat.jpg", quality=92)
    shutil.copy(library / "cat.jpg", library / "copy.jpg")
    config.write_text("workers: 1\n" + _CONFIG.replace("LIBRARY", str(library)))
    pictrace("scan", "--config", config, "--act", "--yes", "--quiet")
    pictrace("undo", "--all", "--yes", "--config", config)

    ran = pictrace("explain", library / "copy.jpg", "--config", config)

    first, *_, last = ran.out.splitlines()
    assert (ran.code, ran.err) == (0, "")
    assert "quarantined" in first
    assert "; taken back" in first
    assert "will know it again" in last


@pytest.mark.parametrize(
    ("kind", "words", "line"),
    [
        (ChangeKind.MERGE_METADATA, "merge-metadata, nothing to carry, ", "(nothing to carry)"),
        (ChangeKind.TAG, "tag, nothing to add, ", "(nothing to add)"),
    ],
)
def test_a_sidecar_that_was_not_written_is_not_told_as_written(kind: ChangeKind, words: str, line: str) -> None:
    change = Change(
        id=4,
        kind=kind,
        state=ChangeState.DONE,
        root="one",
        source=Path("/a.jpg"),
        target=Path("/a.jpg.xmp"),
        content_hash=b"",
        details={"is_unchanged": True},
    )

    history, told = past_words(Past(change=change, purged_at=None)), describe_change(ChangeEvent(change=change)).plain

    assert f"/a.jpg: {words}" in history
    assert told.endswith(line)
    assert ChangeEvent(change=change).to_json()["unchanged"] is True
    assert not any(word in history + told for word in (".xmp", "takes it back"))


@pytest.mark.parametrize(
    ("state", "purged_at", "error", "ending"),
    [
        (ChangeState.DONE, None, None, "; `pictrace undo 17` takes it back"),
        (ChangeState.DONE, 0.0, None, "; thrown away for good "),
        (ChangeState.UNDONE, None, None, "; taken back"),
        (ChangeState.ABORTED, None, "no \x1b room", "; not done: no \\x1b room"),
        (ChangeState.NEEDS_ATTENTION, None, None, "; needs you"),
        (ChangeState.COPYING, None, None, "; not ended yet"),
    ],
)
def test_each_state_of_a_change_has_its_words(
    state: ChangeState, purged_at: float | None, error: str | None, ending: str
) -> None:
    change = Change(
        id=17,
        kind=ChangeKind.QUARANTINE,
        state=state,
        root="one",
        source=Path("/a\n.jpg"),
        target=Path("/q/a.jpg"),
        content_hash=b"",
        rule="r",
        error=error,
    )

    words = past_words(Past(change=change, purged_at=purged_at))

    assert words.startswith("/a\\n.jpg: quarantined ")
    assert f" as change 17 by the rule 'r' → /q/a.jpg{ending}" in words
