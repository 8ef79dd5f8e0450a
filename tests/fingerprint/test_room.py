"""Where nobody says how many workers there are, they and the daemon stay within what there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from pictrace.fingerprint.bars import Limits
from pictrace.fingerprint.room import allowed_memory, usual_room, usual_workers

MIB = 1024**2
GIB = 1024 * MIB


@pytest.mark.parametrize("cores", [1, 2, 4, 8, 16, 64])
@pytest.mark.parametrize("room", [1536 * MIB, 2 * GIB, 4 * GIB, 16 * GIB])
def test_f43_daemon_and_workers_stay_within_their_room(cores: int, room: int) -> None:
    workers = usual_workers(cores, room)
    limits = Limits.for_workers(workers, seconds=30)

    assert 1 <= workers <= cores
    assert 200 * MIB + workers * limits.share_bytes <= room
    assert 200 * MIB + limits.alone_bytes + (workers - 1) * 200 * MIB <= room


@pytest.mark.parametrize(("room", "workers"), [(GIB, 1), (1536 * MIB, 2), (2 * GIB, 4), (16 * GIB, 16)])
def test_no_core_idles_that_finds_room(room: int, workers: int) -> None:
    assert usual_workers(16, room) == workers


@pytest.mark.parametrize(
    ("machine", "allowed", "room"),
    [(64 * GIB, 2 * GIB, 2 * GIB), (64 * GIB, 32 * GIB, 16 * GIB), (2 * GIB, 8 * GIB, 1536 * MIB), (GIB, GIB, GIB)],
)
def test_the_room_is_a_quarter_of_the_machine_within_bounds(machine: int, allowed: int, room: int) -> None:
    assert usual_room(machine, allowed) == room


@pytest.mark.parametrize(
    ("own", "limits", "allowed"),
    [
        ("0::/system.slice/pictrace.service\n", {"system.slice/pictrace.service": "2147483648"}, 2 * GIB),
        ("0::/a/b\n", {"a/b": "max", "a": "1073741824", ".": "4294967296"}, GIB),
        ("0::/\n", {".": "3221225472"}, 3 * GIB),
        ("0::/a/b\n", {"a/b": "max"}, None),
        ("4:memory:/a\n", {"a": "7"}, None),
        ("0::/a\n", {}, None),
    ],
)
def test_the_tightest_group_above_counts(tmp_path: Path, own: str, limits: dict[str, str], allowed: int | None) -> None:
    (tmp_path / "own").write_text(own)
    for name, limit in limits.items():
        (tmp_path / "groups" / name).mkdir(parents=True, exist_ok=True)
        (tmp_path / "groups" / name / "memory.max").write_text(limit + "\n")

    assert allowed_memory(tmp_path / "own", tmp_path / "groups") == allowed


def test_a_system_without_groups_sets_no_limit(tmp_path: Path) -> None:
    assert allowed_memory(tmp_path / "own", tmp_path) is None
