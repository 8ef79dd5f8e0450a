"""Where results go: a file or a pipe has no width."""

from __future__ import annotations

import pytest

from pictrace.cli.output import Output
from pictrace.cli.sheet import Sheet


@pytest.mark.parametrize("columns", [None, "40"])
def test_a_table_into_a_pipe_is_as_wide_as_it_needs_to_be(
    columns: str | None, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    if columns is not None:
        monkeypatch.setenv("COLUMNS", columns)
    head = tuple(f"column number {number}" for number in range(60))
    row = tuple(f"0.{number:012}" for number in range(60))

    Output(as_json=False).line(Sheet(head=head, rows=(row,)).table(is_plain=True))

    told_head, told_row = capfd.readouterr().out.splitlines()
    assert "".join(told_head.split()) == "".join("".join(head).split())
    assert told_row.split() == list(row)
