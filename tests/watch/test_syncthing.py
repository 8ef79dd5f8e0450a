"""What Syncthing passes over, read from its own file."""

from __future__ import annotations

from pathlib import Path

import pytest

from pictrace.watch.syncthing import UnclearError, ignore_line, is_passed_over, synced_tops


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """Return the top of a synced folder with a root in it."""
    (tmp_path / "sync/.stfolder").mkdir(parents=True)
    (tmp_path / "sync/Photos").mkdir()
    return tmp_path / "sync"


@pytest.mark.parametrize(
    ("lines", "is_ignored"),
    [
        ("/Photos/.pictrace", True),
        ("/Photos/.pictrace/", True),
        ("Photos/.pictrace", True),
        (".pictrace", True),
        ("**/.pictrace", True),
        ("(?d).pictrace", True),
        ("(?i).PICTRACE", True),
        (".*", True),
        (".pic?race", True),
        (".[op]ictrace", True),
        ("/{Photos,Pictures}/.pictrace", True),
        ("/Photos", True),
        ("// a comment\n\n  /Photos/.pictrace  \n*.tmp", True),
        ("!/Photos/keep\n/Photos/.pictrace", True),
        ("/Photos/.pictrace\n!/Photos/.pictrace/quarantine", True),
        ("", False),
        ("// /Photos/.pictrace", False),
        ("/.pictrace", False),
        ("/photos/.pictrace", False),
        (".PICTRACE", False),
        (".pictrac", False),
        ("pictrace", False),
        ("/*/.pictrac?s", False),
        ("/*.pictrace", False),
        (".[!p]ictrace", False),
        (".[^p]ictrace", True),
        ("/Photos/.pictrace/quarantine", False),
        ("/Photos/.pictrace/quarantine\n/Photos/.pictrace/root-id", True),
        ("/Photos/.pictrace/*.jsonl", False),
        ("!/Photos/.pictrace\n/Photos/.pictrace", False),
        ("!*.jpg\n/Photos/.pictrace", False),
        ("!/Photos/.pictrace/quarantine\n/Photos/.pictrace", False),
        ("/Photos/\\.pictrace", True),
        ("/Photos/.pictrace\\*", False),
    ],
)
def test_the_first_pattern_that_hits_decides(top: Path, lines: str, is_ignored: bool) -> None:
    (top / ".stignore").write_text(lines)

    assert is_passed_over(top, top / "Photos/.pictrace") == is_ignored


def test_without_a_file_nothing_is_passed_over(top: Path) -> None:
    assert not is_passed_over(top, top / "Photos/.pictrace")


def test_included_files_are_read_where_they_stand(top: Path) -> None:
    (top / "lists").mkdir()
    (top / ".stignore").write_text("#include lists/ours.txt\n")
    (top / "lists/ours.txt").write_text("#include more\n")
    (top / "lists/more").write_text("/Photos/.pictrace\n")

    assert is_passed_over(top, top / "Photos/.pictrace")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("#include nowhere\n.pictrace", "names no file"),
        ("#include\n.pictrace", "names no file"),
        ("#include .stignore", "include one another"),
        ("{a,b\n.pictrace", "a brace is left open"),
        ("[a\n.pictrace", "a class is left open"),
    ],
)
def test_what_cannot_be_understood_is_no_yes(top: Path, lines: str, said: str) -> None:
    (top / ".stignore").write_text(lines)

    with pytest.raises(UnclearError, match=said):
        is_passed_over(top, top / "Photos/.pictrace")


@pytest.mark.parametrize("name", ["Photos", "50% [new] {a,b}*?", "back\\slash", "(?d)!"])
def test_the_line_that_is_shown_is_understood(tmp_path: Path, name: str) -> None:
    place = tmp_path / name / ".pictrace"
    (tmp_path / ".stignore").write_text(ignore_line(tmp_path, place))

    assert is_passed_over(tmp_path, place)


def test_every_folder_that_is_synced_counts(top: Path) -> None:
    (top / "Photos/.stfolder").mkdir()

    assert synced_tops(top / "Photos/.pictrace") == (top / "Photos", top)
    assert synced_tops(top.parent / "else") == ()
