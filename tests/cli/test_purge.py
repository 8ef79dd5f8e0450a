"""``pictrace quarantine purge``: what is too young stays, and why is said."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.fixture
def put_away(pictrace: Run, photo: Callable[..., Path], tmp_path: Path) -> list[str]:
    """Put a copy away; returns the options that name the config."""
    library = tmp_path / "library"
    photo("a.jpg", folder=library)
    shutil.copyfile(library / "a.jpg", library / "b.jpg")
    config = tmp_path / "config.yaml"
    config.write_text(f"version: 1\nroots:\n  - path: {json.dumps(str(library))}\nrules:\n  - include: exact-copies\n")
    config.chmod(0o600)
    options = ["--config", str(config)]
    assert pictrace("scan", "--act", "--yes", *options).code == 0
    return options


def set_back(state: Path, *, made_days: float, counted_days: float) -> None:
    """Have the change be so old by the wall clock, and by the counter."""
    with closing(sqlite3.connect(state / "journal.db")) as raw:
        raw.execute("UPDATE changes SET made_at = made_at - ?", (made_days * 86400,))
        raw.execute("UPDATE uptime SET counted_seconds = counted_seconds + ?", (counted_days * 86400,))
        raw.commit()


@pytest.mark.parametrize(("made", "counted", "is_old"), [(40, 0, False), (0, 40, False), (40, 40, True)])
def test_only_what_is_old_by_both_clocks_is_purged(
    pictrace: Run, state: Path, put_away: list[str], made: float, counted: float, is_old: bool
) -> None:
    set_back(state, made_days=made, counted_days=counted)

    ran = pictrace("quarantine", "purge", "--yes", "--json", *put_away)

    [told] = [json.loads(line) for line in ran.out.splitlines()]
    assert told["event"] == ("change" if is_old else "young")
    if not is_old:
        assert (told["wanted_days"], told["days"]) == (30, pytest.approx(0, abs=0.1))
        assert (told["wall_days"], told["counted_days"]) == (
            pytest.approx(made, abs=0.1),
            pytest.approx(counted, abs=0.1),
        )


def test_for_people_it_names_both_ages(pictrace: Run, put_away: list[str]) -> None:
    ran = pictrace("quarantine", "purge", "--yes", *put_away)

    assert ".jpg  stays: 30 days wanted, 0.0 by the clock, 0.0 in which this" in ran.out.replace("\n", " ")
    assert "nothing to purge" in ran.out


def test_zero_days_are_a_persons_word(pictrace: Run, put_away: list[str]) -> None:
    assert pictrace("quarantine", "purge", "--older-than", "0", "--yes", *put_away).code == 0
    assert pictrace("quarantine", "list", *put_away).out == ""


@pytest.mark.parametrize(("days", "is_purged"), [("0d", True), ("7d", False), ("7", False)])
def test_days_are_written_as_in_the_config_or_plain(
    pictrace: Run, put_away: list[str], days: str, is_purged: bool
) -> None:
    assert pictrace("quarantine", "purge", "--older-than", days, "--yes", *put_away).code == 0
    assert (pictrace("quarantine", "list", *put_away).out == "") is is_purged


@pytest.mark.parametrize("days", ["-1", "soon", "nan", "inf"])
def test_what_are_no_days_purges_nothing(pictrace: Run, put_away: list[str], days: str) -> None:
    ran = pictrace("quarantine", "purge", f"--older-than={days}", "--yes", *put_away)

    assert ran.code == 2
    assert "expected days, such as 7 or 7d" in ran.err
    assert pictrace("quarantine", "list", *put_away).out != ""


def test_the_log_tells_what_was_purged_and_when(pictrace: Run, put_away: list[str]) -> None:
    pictrace("quarantine", "purge", "--yes", "--older-than", "0", *put_away)

    told = [json.loads(line) for line in pictrace("log", "--json", *put_away).out.splitlines()]
    assert [one["purged_at"] is not None for one in told] == [True]
    assert "; purged for good 20" in pictrace("log", *put_away).out
