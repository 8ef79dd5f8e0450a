"""Nobody asks the time behind the back of the clock that is handed in."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

_SOURCE = Path(__file__).resolve().parents[2] / "daemon" / "pictrace"
_ASKED = {"time", "monotonic", "clock_gettime", "time_ns", "monotonic_ns", "now", "utcnow", "today"}
# A person looks at these: how long ago, how long it took; nothing is decided by it.
_FOR_PEOPLE = ("cli/",)
_CLOCK = ("model/clock.py",)
# A thread of its own that only tends what it listens on.
_TENDING = ("watch/listener.py",)


def _calls(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _ASKED:
            owner = ast.unparse(node.func.value)
            if owner in ("time", "datetime", "datetime.datetime", "datetime.date"):
                yield f"{owner}.{node.func.attr} in line {node.lineno}"


def test_the_time_comes_from_the_clock_that_was_handed_in() -> None:
    found = {
        str(path.relative_to(_SOURCE)): calls for path in sorted(_SOURCE.rglob("*.py")) if (calls := list(_calls(path)))
    }
    behind = {name: calls for name, calls in found.items() if not name.startswith((*_CLOCK, *_FOR_PEOPLE, *_TENDING))}

    assert behind == {}
