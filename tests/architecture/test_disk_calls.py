"""Only one place may alter a watched folder: whoever else changes a disk at all stands in a list, with its reason."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "daemon" / "pictrace"

# Functions of os and shutil, and of tempfile, that change a disk.
FUNCTIONS = {
    *(
        "unlink",
        "remove",
        "rename",
        "renames",
        "replace",
        "rmdir",
        "removedirs",
        "mkdir",
        "makedirs",
        "link",
        "symlink",
    ),
    *("chmod", "fchmod", "chown", "utime", "setxattr", "removexattr", "truncate", "ftruncate", "write", "pwrite"),
    *("copy", "copy2", "copyfile", "copytree", "copystat", "move", "rmtree", "copy_file_range", "sendfile"),
    *("mkdtemp", "mkstemp", "TemporaryDirectory", "NamedTemporaryFile"),
}
# Methods of Path that do, whatever the path is called.
METHODS = {
    *("unlink", "rename", "rmdir", "mkdir", "touch", "chmod", "lchmod", "symlink_to", "hardlink_to"),
    *("write_text", "write_bytes"),
}
# Who may, and where. A folder stands for all that lies in it.
ALLOWED = {
    "act/changes": "the one place that alters watched folders",
    "pipeline/engine.py": "the state folder itself",
    "match/index/saved.py": "the saved candidate index, in the state folder",
    "match/methods/cuts.py": "the cuts that `calibrate` measured, in the state folder",
    "store": "its own databases, in the state folder",
    "service/lock.py": "the lock file, in the state folder",
    "service/root_lock.py": "the file of the locks by name, where this user's programs keep what ends with them",
    "service/status.py": "the status file, in the state folder",
    "service/install.py": "the unit file, where systemd looks",
    "cli/commands/init.py": "the config file that a person asked for, never over another",
    "cli/commands/demo.py": "a folder of its own under the system's temporary one",
    "cli/demo_photos.py": "as the demo",
    "bench": "copies in a folder of its own under the system's temporary one",
    "cli/asked.py": "a private folder under the system's temporary one, for what a URL names",
    "web/fetching.py": "in the folder that it is handed, which `cli/asked.py` made and takes away",
}


def altering_calls(source: str) -> list[tuple[int, str]]:
    """Return line and name of the calls in a module that change a disk."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [
        (call.lineno, call.func.attr)
        for call in calls
        if isinstance(call.func, ast.Attribute) and _is_altering(call.func, arguments=len(call.args))
    ]


def _is_altering(function: ast.Attribute, *, arguments: int) -> bool:
    owner = function.value.id if isinstance(function.value, ast.Name) else ""
    if owner in ("os", "shutil", "tempfile"):
        return function.attr in FUNCTIONS
    # Path.replace takes one argument, str.replace two.
    return owner != "changes" and (function.attr in METHODS or (function.attr == "replace" and arguments == 1))


def is_allowed(module: Path) -> bool:
    return any(module == Path(name) or Path(name) in module.parents for name in ALLOWED)


MODULES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("module", [module for module in MODULES if not is_allowed(module)], ids=str)
def test_a_module_that_is_not_in_the_list_changes_no_disk(module: Path) -> None:
    assert altering_calls((PACKAGE / module).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("name", ALLOWED)
def test_nobody_stands_in_the_list_in_vain(name: str) -> None:
    place = PACKAGE / name
    files = sorted(place.rglob("*.py")) if place.is_dir() else [place]

    assert any(altering_calls(file.read_text(encoding="utf-8")) for file in files)


@pytest.mark.parametrize(
    "code",
    ["path.unlink()", "os.rename(a, b)", "shutil.rmtree(x)", "path.replace(b)", "os.replace(a, b)", "os.remove(a)"],
)
def test_a_call_that_changes_a_disk_is_seen(code: str) -> None:
    assert len(altering_calls(code)) == 1


@pytest.mark.parametrize(
    "code", ["text.replace('a', 'b')", "names.remove(x)", "replace(change, id=1)", "mover.move(x)", "os.read(a)"]
)
def test_a_call_that_only_shares_the_name_is_not(code: str) -> None:
    assert altering_calls(code) == []
