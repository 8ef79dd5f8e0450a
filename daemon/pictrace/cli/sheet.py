"""A table of words: for a terminal, or as Markdown for the docs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich import box
from rich.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A head and rows of as many words each; ``words``: how many columns, from the left, are no numbers."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: int = 1

    def table(self, *, is_plain: bool) -> Table:
        """Return it for a terminal; plain is without lines, for a file or a pipe."""
        table = Table(box=None if is_plain else box.SIMPLE_HEAD)
        for place, name in enumerate(self.head):
            table.add_column(name, justify="left" if place < self.words else "right", no_wrap=True)
        for row in self.rows:
            table.add_row(*row)
        return table

    def markdown(self) -> str:
        """Return it as Markdown."""
        ruler = ["---" if place < self.words else "---:" for place in range(len(self.head))]
        return "\n".join(_line(row) for row in (self.head, ruler, *self.rows))


def _line(words: Sequence[str]) -> str:
    return f"| {' | '.join(word.replace('|', chr(92) + '|') for word in words)} |"
