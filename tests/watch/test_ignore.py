"""Names that are passed over, and why."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pictrace.errors import ConfigError
from pictrace.watch import IgnoreList, is_photo_name

SHIPPED = IgnoreList.load()


@pytest.mark.parametrize("name", ["@eaDir", ".thumbnails", "$RECYCLE.BIN", "My.photoslibrary", "@apphome", ".pictrace"])
def test_folders_of_other_programs_are_passed_over(name: str) -> None:
    assert SHIPPED.hit(name, is_dir=True) is not None


@pytest.mark.parametrize(
    "name", [".b.jpg.Xa12fQ", ".syncthing.a.jpg.tmp", "a.jpg.part", "._a.jpg", "A.JPG.CRDOWNLOAD", ".hidden.jpg"]
)
def test_half_written_and_hidden_files_are_passed_over(name: str) -> None:
    assert SHIPPED.hit(name, is_dir=False) is not None


@pytest.mark.parametrize(
    "name", ["a.jpg", "a.sync-conflict-20240101-101010-ABC.jpg", "a (conflicted copy).jpg", "thumbnails.jpg"]
)
def test_photos_and_conflict_copies_are_looked_at(name: str) -> None:
    assert SHIPPED.hit(name, is_dir=False) is None


def test_a_hit_names_the_pattern_and_its_line() -> None:
    hit = SHIPPED.hit_below(Path("/photos"), Path("/photos/x/@eaDir/a.jpg"))

    assert hit is not None
    assert hit.part == "@eaDir"
    text = (Path(__file__).parents[2] / "daemon/pictrace/data/ignore.yaml").read_text().splitlines()
    name, line = hit.source.split(":")
    assert name == "ignore.yaml"
    assert "@eaDir/" in text[int(line) - 1]


def test_the_config_adds_and_takes_away() -> None:
    changed = IgnoreList.load(["!thumbnails/", "*.bak.jpg", "Work/"])

    assert SHIPPED.hit("thumbnails", is_dir=True) is not None
    assert changed.hit("thumbnails", is_dir=True) is None
    assert changed.hit("a.BAK.jpg", is_dir=False) is not None
    assert changed.hit("work", is_dir=True) is not None


def test_names_end_like_pictures_in_any_case() -> None:
    assert is_photo_name(Path("a.JPG"))
    assert is_photo_name(Path("b.Cr2"))
    assert not is_photo_name(Path("c.mp4"))
    assert not is_photo_name(Path("jpg"))


def test_every_shipped_line_can_be_named_and_hits_its_own_folder() -> None:
    text = (Path(__file__).parents[2] / "daemon/pictrace/data/ignore.yaml").read_text().splitlines()
    for name in ("lost+found", "#recycle", "$RECYCLE.BIN", "@Recently-Snapshot"):
        hit = SHIPPED.hit(name, is_dir=True)
        assert hit is not None
        assert f'"{name}/"' in text[int(hit.source.split(":")[1]) - 1]


def test_a_hidden_name_says_so() -> None:
    hit = SHIPPED.hit(".secret.jpg", is_dir=False)

    assert hit is not None
    assert "hidden: true" in str(hit)


def test_hidden_names_can_be_looked_at() -> None:
    changed = IgnoreList.load(["!.*"])

    assert changed.hit(".secret.jpg", is_dir=False) is None
    assert changed.hit(".syncthing.a.jpg.tmp", is_dir=False) is not None


def test_our_own_folder_stays_closed_whatever_the_config_says(caplog: pytest.LogCaptureFixture) -> None:
    changed = IgnoreList.load(["!.*", "!.pictrace/", "!.PicTrace"])

    assert changed.hit(".pictrace", is_dir=True) is not None
    assert "PicTrace's own" in caplog.text


def test_taking_away_what_is_not_there_is_told(caplog: pytest.LogCaptureFixture) -> None:
    IgnoreList.load(["!thumbnail/"])

    assert "takes nothing away" in caplog.text


@pytest.mark.parametrize("pattern", ["Exports/*.jpg", "a/b/", "/", "", "x{1..100000}.jpg"])
def test_a_pattern_that_could_hit_no_name_is_refused(pattern: str) -> None:
    with pytest.raises(ConfigError, match="ignore"):
        IgnoreList.load([pattern])


def test_braces_hold_alternatives() -> None:
    changed = IgnoreList.load(["{Proofs,Exports}*/"])

    assert changed.hit("proofs 2024", is_dir=True) is not None
    assert changed.hit("EXPORTS", is_dir=True) is not None
    assert changed.hit("Exports", is_dir=False) is None


def test_a_stop_marker_on_the_way_hits(tmp_path: Path) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/.nopictrace").touch()
    (tmp_path / "a/b/.nomedia").touch()

    hit = SHIPPED.hit_below(tmp_path, tmp_path / "a/b/c.jpg")
    assert hit is not None
    assert hit.pattern == ".nopictrace"
    assert hit.source.startswith("ignore.yaml:")
    inner = SHIPPED.hit_below(tmp_path / "a/b", tmp_path / "a/b/c.jpg")
    assert inner is not None
    assert inner.pattern == ".nomedia"
    assert SHIPPED.hit_below(tmp_path, tmp_path / "a", is_dir=True) is not None


def test_nomedia_can_be_disobeyed_and_nopictrace_cannot(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "a/.nomedia").touch()
    (tmp_path / "b/.nopictrace").touch()
    changed = IgnoreList.load(["!.nomedia", "!.nopictrace"])

    assert changed.hit_below(tmp_path, tmp_path / "a/c.jpg") is None
    assert changed.hit_below(tmp_path, tmp_path / "b/c.jpg") is not None
    assert "'!.nopictrace' is not obeyed" in caplog.text


@pytest.mark.parametrize(
    ("pattern", "path", "is_hit"),
    [
        ("*.png", "deep/A.PNG", True),
        ("*.png", "a.jpg", False),
        ("Proofs", "x/proofs/a.jpg", True),
        ("Proofs", "x/my proofs/a.jpg", False),
        ("deep/*.jpg", "deep/a.jpg", True),
        ("deep/*.jpg", "x/deep/a.jpg", False),
        ("deep/**", "deep/er/a.jpg", True),  # as in PhotoPrism, it hits the folder in between
        ("[ab]?.jpg", "b1.jpg", True),
        ("[^ab]?.jpg", "b1.jpg", False),
        ("[!ab]?.jpg", "b1.jpg", True),
        ("[ab", "a", False),
        ("{a,b}.jpg", "a.jpg", False),
        ("# *", "a.jpg", False),
        ("*", "a.jpg", True),
        ("[z-a]", "a.jpg", False),
    ],
)
def test_a_ppignore_hits_what_photoprism_would_pass_over(tmp_path: Path, pattern: str, path: str, is_hit: bool) -> None:
    (tmp_path / "y" / path).parent.mkdir(parents=True)
    (tmp_path / "y/.ppignore").write_text(f"# ours\n\n{pattern}\n")

    hit = SHIPPED.hit_below(tmp_path, tmp_path / "y" / path)

    assert (hit is not None) == is_hit
    if hit is not None:
        assert hit.source == f"{tmp_path}/y/.ppignore:3"
    assert SHIPPED.hit_below(tmp_path, tmp_path / path) is None
    assert IgnoreList.load(["!.ppignore"]).hit_below(tmp_path, tmp_path / "y" / path) is None


def test_a_ppignore_that_is_a_pipe_or_a_link_is_not_obeyed_and_not_waited_for(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "a").mkdir()
    os.mkfifo(tmp_path / "a/.ppignore")

    assert SHIPPED.hit_below(tmp_path, tmp_path / "a/b.jpg") is None
    assert "is not obeyed" in caplog.text


@pytest.mark.parametrize(
    "name",
    ["a.jpg", ".a.jpg", "~a.jpg", "._a.JPG", "a.tmp.jpg", "a.part", "x.bak.jpg", "@eaDir.jpg", "a~.jpg", "a.jpg~"],
)
@pytest.mark.parametrize("extra", ["*.bak.jpg", "*.{jpg,png}", "a.*", "*~.jpg", "!.*", "*.jp?", "*.JPG", "{x,a}.jpg"])
def test_a_photos_name_is_hit_by_the_same_patterns_either_way(name: str, extra: str) -> None:
    ignore = IgnoreList.load([extra])

    if is_photo_name(name):
        assert ignore.hit_photo(name) == ignore.hit(name, is_dir=False)
