"""What a wheel carries, and that every installation finds it."""

import importlib.metadata
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import pictrace
from pictrace.shipped import shipped_data, shipped_path

REPOSITORY = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
BUILD = PROJECT["tool"]["hatch"]["build"]["targets"]
FORCED: dict[str, str] = BUILD["wheel"]["force-include"]


@pytest.mark.parametrize("source", FORCED)
def test_what_the_wheel_is_to_carry_is_there(source: str) -> None:
    assert (REPOSITORY / source).exists()
    assert FORCED[source] == f"pictrace/_shipped/{source}"


@pytest.mark.parametrize("source", FORCED)
def test_every_installation_finds_what_was_shipped(source: str) -> None:
    assert shipped_path(source).exists()


@pytest.mark.parametrize("name", sorted(path.name for path in (REPOSITORY / "rules").iterdir()))
def test_the_ready_made_rules_are_found(name: str) -> None:
    assert shipped_path(f"rules/{name}").read_text(encoding="utf-8") == (REPOSITORY / "rules" / name).read_text(
        encoding="utf-8"
    )


def test_what_is_not_shipped_is_named_with_both_places() -> None:
    with pytest.raises(FileNotFoundError, match=r"rules/none\.yaml is not part .*_shipped.* and "):
        shipped_path("rules/none.yaml")


def test_data_files_lie_in_the_package() -> None:
    assert shipped_data("ignore.yaml").is_file()


@pytest.mark.parametrize("folder", ["daemon", "rules"])
def test_no_folder_takes_an_import_name_from_another_package(folder: str) -> None:
    assert not (REPOSITORY / folder / "__init__.py").exists()


def test_the_rules_folder_holds_rules_only() -> None:
    assert {path.suffix for path in (REPOSITORY / "rules").rglob("*") if path.is_file()} == {".yaml"}


def test_the_only_import_package_is_pictrace() -> None:
    assert BUILD["wheel"]["packages"] == ["daemon/pictrace"]
    assert [path.name for path in (REPOSITORY / "daemon").iterdir() if path.is_dir()] == ["pictrace"]


@pytest.mark.parametrize("entry", BUILD["sdist"]["include"])
def test_what_the_sdist_names_is_there(entry: str) -> None:
    assert (REPOSITORY / entry.lstrip("/")).exists()


def test_the_sdist_leaves_out_nothing_that_the_wheel_is_built_from() -> None:
    included = {entry.strip("/") for entry in BUILD["sdist"]["include"]}

    assert {*FORCED, "daemon", "README.md", "LICENSE"} <= included


def test_the_installed_version_is_that_of_the_package() -> None:
    assert importlib.metadata.version("pictrace") == pictrace.__version__


def test_the_command_is_installed() -> None:
    commands = importlib.metadata.entry_points(group="console_scripts", name="pictrace")

    assert [command.value for command in commands] == ["pictrace.__main__:main"]


def test_the_test_extra_is_enough_for_the_tests_and_no_more() -> None:
    extras = PROJECT["project"]["optional-dependencies"]
    tools = {"ruff", "mypy", "import-linter"}

    named = {requirement.split(">")[0] for requirement in extras["test"]}
    assert named & tools == set()
    assert "pictrace[test]" in extras["dev"]


def test_what_each_worker_imports_anew_loads_nothing() -> None:
    code = "import pictrace.__main__, sys; print(sorted({'typer', 'rich', 'cv2', 'numpy'} & set(sys.modules)))"

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_what_only_measuring_needs_is_not_in_the_memory_of_every_command() -> None:
    heavy = {"scipy", "skimage", "matplotlib"}
    code = f"import pictrace.cli.app, sys; print(sorted({heavy!r} & set(sys.modules)))"

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
