"""Where the config and the state are looked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from pictrace.config import default_state, find_config
from pictrace.config.places import SYSTEM_CONFIG


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Return a person's own config file, which is there."""
    path = tmp_path / "pictrace" / "config.yaml"
    path.parent.mkdir()
    path.write_text("version: 1")
    return path


def test_the_option_comes_first(own: Path, tmp_path: Path) -> None:
    environ = {"PICTRACE_CONFIG": "/from/environ.yaml", "XDG_CONFIG_HOME": str(tmp_path)}

    assert find_config(Path("/asked/for.yaml"), environ) == Path("/asked/for.yaml")
    assert find_config(None, environ) == Path("/from/environ.yaml")
    assert find_config(None, {"XDG_CONFIG_HOME": str(tmp_path)}) == own


def test_home_stands_in_for_xdg(tmp_path: Path) -> None:
    path = tmp_path / ".config" / "pictrace" / "config.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("version: 1")

    assert find_config(None, {"HOME": str(tmp_path)}) == path
    assert find_config(None, {"HOME": str(tmp_path), "XDG_CONFIG_HOME": "relative/is/unset"}) == path


def test_a_broken_link_is_found_so_that_it_is_complained_of(tmp_path: Path) -> None:
    link = tmp_path / "pictrace" / "config.yaml"
    link.parent.mkdir()
    link.symlink_to("nowhere")

    assert find_config(None, {"XDG_CONFIG_HOME": str(tmp_path)}) == link


def test_the_systems_config_is_the_last(tmp_path: Path) -> None:
    expected = SYSTEM_CONFIG if SYSTEM_CONFIG.exists() else None

    assert find_config(None, {"HOME": str(tmp_path)}) == expected
    assert find_config(None, {}) == expected


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"STATE_DIRECTORY": "/var/lib/pictrace:/more", "HOME": "/h"}, "/var/lib/pictrace"),
        ({"XDG_STATE_HOME": "/s", "HOME": "/h"}, "/s/pictrace"),
        ({"XDG_STATE_HOME": "", "HOME": "/h"}, "/h/.local/state/pictrace"),
        ({}, "/var/lib/pictrace"),
    ],
)
def test_where_the_state_lies(environ: dict[str, str], expected: str) -> None:
    assert default_state(environ) == Path(expected)
