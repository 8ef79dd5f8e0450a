"""Each dependency has its reason on the page about them."""

import ast
import importlib.metadata
import re
import sys
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PAGE = (REPOSITORY / "docs" / "dependencies.md").read_text(encoding="utf-8").lower()
REQUIREMENTS = [
    *PROJECT["dependencies"],
    *(one for extra in PROJECT["optional-dependencies"].values() for one in extra),
]
# Types of packages that have their own reason.
STUBS = {"types-pyyaml", "lxml-stubs"}
NAMES = sorted({re.split(r"[\[<>=~! ]", requirement)[0].lower() for requirement in REQUIREMENTS} - {"pictrace"} - STUBS)

# What an import is called, where that is not the name of the package that brings it here.
EXTRAS = {"rawpy", "pillow_jxl", "psutil"}
# bench/peers/run.py runs where PicTrace may not be installed, and takes its neighbor by this name.
NEIGHBORS = {"finders"}


def imported() -> set[str]:
    """Return the top names of all that the package imports from elsewhere."""
    names: set[str] = set()
    for file in (REPOSITORY / "daemon").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module is not None and node.level == 0:
                names.add(node.module.split(".")[0])
    return names - set(sys.stdlib_module_names) - {"pictrace"} - EXTRAS - NEIGHBORS


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=~!; ]", name)[0]).lower()


def test_what_is_imported_is_declared_and_what_is_declared_is_imported() -> None:
    brings = importlib.metadata.packages_distributions()
    used = {canonical(distribution) for name in imported() for distribution in brings[name]}

    assert used == {canonical(requirement) for requirement in PROJECT["dependencies"]}


@pytest.mark.parametrize("name", NAMES)
def test_each_dependency_has_its_reason(name: str) -> None:
    assert re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", PAGE)


@pytest.mark.parametrize("requirement", PROJECT["dependencies"])
def test_each_runtime_dependency_has_a_lowest_version(requirement: str) -> None:
    assert ">=" in requirement
