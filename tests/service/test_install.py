from dataclasses import replace
from pathlib import Path

import pytest

from pictrace.errors import UsageError
from pictrace.service.install import install_unit, unit_path
from pictrace.service.unit import UnitRequest, render_unit


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "systemd" / "pictrace.service"


def test_the_unit_is_written_and_the_next_commands_are_named(request_for_system: UnitRequest, place: Path) -> None:
    told = install_unit(request_for_system, force=False, path=place)

    assert place.read_text() == render_unit(request_for_system)
    assert [entry.name for entry in place.parent.iterdir()] == [place.name]
    assert told[0] == f"written: {place}"
    assert any("useradd --system" in line for line in told)
    assert any(line.endswith("systemctl enable --now pictrace.service") for line in told)


def test_a_user_is_told_how_to_keep_it_running(request_for_system: UnitRequest, place: Path) -> None:
    told = install_unit(replace(request_for_system, is_user=True), force=False, path=place)

    assert any("loginctl enable-linger" in line for line in told)
    assert any("systemctl --user enable --now" in line for line in told)
    assert not any("useradd" in line for line in told)


def test_installing_twice_changes_nothing(request_for_system: UnitRequest, place: Path) -> None:
    install_unit(request_for_system, force=False, path=place)
    before = place.stat()

    told = install_unit(request_for_system, force=False, path=place)

    assert told[0] == f"unchanged: {place}"
    assert (place.stat().st_ino, place.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize("content", ["# mine\n", ""])
def test_a_unit_that_differs_is_replaced_only_by_force(
    request_for_system: UnitRequest, place: Path, content: str
) -> None:
    place.parent.mkdir()
    place.write_text(content)

    with pytest.raises(UsageError, match=r"pictrace.service is there already.*--force"):
        install_unit(request_for_system, force=False, path=place)
    assert place.read_text() == content
    install_unit(request_for_system, force=True, path=place)

    assert place.read_text() == render_unit(request_for_system)


def test_a_masked_unit_is_not_written_through(request_for_system: UnitRequest, place: Path) -> None:
    place.parent.mkdir()
    target = place.with_name("target")
    place.symlink_to(target)

    with pytest.raises(UsageError, match="--force"):
        install_unit(request_for_system, force=False, path=place)
    install_unit(request_for_system, force=True, path=place)

    assert not place.is_symlink()
    assert not target.exists()


def test_what_cannot_be_written_says_so(request_for_system: UnitRequest, place: Path) -> None:
    place.parent.write_text("a file in the way")

    with pytest.raises(UsageError, match=r"cannot be written: .*--user"):
        install_unit(request_for_system, force=False, path=place)


def test_a_unit_that_could_not_run_is_not_written(request_for_system: UnitRequest, place: Path) -> None:
    request = replace(request_for_system, executable=Path("/home/me/.venv/bin/pictrace"))

    with pytest.raises(UsageError, match="/opt/pictrace"):
        install_unit(request, force=True, path=place)

    assert not place.parent.exists()


def test_the_unit_goes_where_systemd_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")

    assert unit_path({}, is_user=False) == Path("/etc/systemd/system/pictrace.service")
    assert unit_path({}, is_user=True) == Path("/home/me/.config/systemd/user/pictrace.service")
    assert unit_path({"XDG_CONFIG_HOME": "rel"}, is_user=True) == Path("/home/me/.config/systemd/user/pictrace.service")
    assert unit_path({"XDG_CONFIG_HOME": "/c"}, is_user=True) == Path("/c/systemd/user/pictrace.service")
