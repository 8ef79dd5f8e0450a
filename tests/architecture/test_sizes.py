"""What grows too long is split by meaning: no module over 300 lines, no function over 40, docstrings counted."""

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "daemon" / "pictrace"
MOST_LINES_OF_A_MODULE = 300
MOST_LINES_OF_A_FUNCTION = 40


def too_long(name: str, source: str) -> Iterator[str]:
    """Yield a line for the module, and for each function in it, that is too long."""
    lines = len(source.splitlines())
    if lines > MOST_LINES_OF_A_MODULE:
        yield f"{name}: {lines} lines"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
            lines = node.end_lineno - node.lineno + 1
            if lines > MOST_LINES_OF_A_FUNCTION:
                yield f"{name}:{node.lineno}: `{node.name}` has {lines} lines"


def test_nothing_grows_too_long() -> None:
    files = sorted(PACKAGE.rglob("*.py"))

    found = [
        line for file in files for line in too_long(str(file.relative_to(PACKAGE)), file.read_text(encoding="utf-8"))
    ]

    assert len(files) > 100
    assert not found, "split it: " + "; ".join(found)


def test_the_line_beyond_the_last_allowed_one_is_noticed() -> None:
    function = 'def f():\n    """Say what."""\n' + "    g()\n" * (MOST_LINES_OF_A_FUNCTION - 2)

    assert list(too_long("a.py", function)) == []
    assert list(too_long("a.py", function + "    g()\n")) == ["a.py:1: `f` has 41 lines"]
    assert list(too_long("a.py", "g()\n" * (MOST_LINES_OF_A_MODULE + 1))) == ["a.py: 301 lines"]
