"""What of the journal recovery has to look at again, in journal.db: asked for so that its length does not matter."""

# ruff: noqa: S608 – statements are put together from our own constants; values go in as parameters

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

from pictrace.model import Change, ChangeState
from pictrace.store.connection import Connection

# `"companion": true` is how the journal writes that detail; the caller looks once more.
_IS_COMPANION = """details LIKE '%"companion": true%'"""
_WITHOUT_EFFECT = f"state = '{ChangeState.ABORTED.value}' AND temporary IS NULL AND undoes IS NULL"


class Debt(StrEnum):
    """What is still to be done for a change that counts as ended."""

    LINE = "line"  # its line is not in the manifest of its quarantine
    PURGE = "purge"  # its file may still be there, though the word says that it was thrown away


class Unsettled:
    """A part of the journal.

    Args:
        connection: of the journal.
        select: gives the changes that the end of a statement names.
    """

    def __init__(self, connection: Connection, select: Callable[[str, Sequence[Any]], list[Change]]) -> None:
        self._connection = connection
        self._select = select

    def note(self, change_id: int, debt: Debt | None) -> None:
        """Write down what is to be done for a change; None: nothing any more."""
        self._connection.execute("UPDATE changes SET debt = ? WHERE id = ?", (debt, change_id))

    def owing(self, debt: Debt, *, root: str | None = None) -> list[Change]:
        """Return the changes for which something is to be done, the oldest first; of one root where one is named."""
        if root is None:
            return self._select("WHERE debt = ? ORDER BY id", (debt,))
        return self._select("WHERE debt = ? AND root = ? ORDER BY id", (debt, root))

    def taken_back(self) -> list[Change]:
        """Return the changes that count as done, though a finished one took them back."""
        return self._select(
            "WHERE state = ? AND id IN (SELECT undoes FROM changes WHERE undoes IS NOT NULL AND kind = 'undo' "
            "AND state = ?) ORDER BY id DESC",
            (ChangeState.DONE, ChangeState.DONE),
        )

    def companions_left(self) -> list[Change]:
        """Return the sidecars that are where their photo may not be: some change of the same plan was not carried out.

        Newest first, without what was purged.
        """
        return self._select(
            "WHERE id IN (SELECT sidecars.id FROM changes AS photos INDEXED BY changes_by_state "
            "CROSS JOIN changes AS sidecars INDEXED BY changes_by_batch ON sidecars.batch = photos.batch "
            f"WHERE photos.state IN (?, ?) AND sidecars.state = ? AND sidecars.{_IS_COMPANION} "
            "AND sidecars.purged_at IS NULL) ORDER BY id DESC",
            (ChangeState.ABORTED, ChangeState.UNDONE, ChangeState.DONE),
        )

    def forget_tries(self, change: Change) -> int:
        """Take out the earlier tries of a change that failed without any effect; returns how many.

        Each try that fails is a row: of a file that fails for ever, only the last one says something. A row by which a
        sidecar finds its photo stays.
        """
        sql = (
            "DELETE FROM changes WHERE content_hash = ? AND source = (SELECT source FROM changes WHERE id = ?) "
            f"AND kind = ? AND rule IS ? AND id < ? AND {_WITHOUT_EFFECT} "
            "AND NOT EXISTS (SELECT 1 FROM changes AS others WHERE others.undoes = changes.id) "
            "AND NOT EXISTS (SELECT 1 FROM changes AS others WHERE others.batch = changes.batch "
            f"AND others.{_IS_COMPANION} AND others.state <> ?)"
        )
        values = (change.content_hash, change.id, change.kind, change.rule, change.id, ChangeState.ABORTED)
        return self._connection.execute(sql, values)
