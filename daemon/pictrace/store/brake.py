"""What the brake has to remember, in journal.db: the acts of the last hour, and the plans it holds."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from pictrace.model import HeldPlan
from pictrace.store.connection import Connection, Row
from pictrace.store.paths import RootPaths
from pictrace.store.values import text

_SECONDS_PER_HOUR = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldByRule:
    """How many plans of one rule are held, how many of them are confirmed, and since when (wall-clock seconds)."""

    rule: str
    count: int
    confirmed: int
    since: float


class BrakeRecords:
    """A part of the journal. Paths are kept relative to their root, as everywhere in it."""

    def __init__(
        self, connection: Connection, paths: RootPaths, *, wall_clock: Callable[[], float] = time.time
    ) -> None:
        self._connection = connection
        self._paths = paths
        self._wall_clock = wall_clock

    def count_acts(self, root: str, now: float) -> int:
        """Return how many photos of a root were moved away within the last hour, or may have been.

        Args:
            root: its identity.
            now: seconds on the monotonic clock.
        """
        self.forget_acts(now)
        sql = "SELECT COUNT(*) FROM changes WHERE root = ? AND monotonic_at IS NOT NULL AND state <> 'aborted'"
        return int(self._connection.value(sql, (root,)))

    def forget_acts(self, now: float) -> None:
        """Take every act out of the count that is known to be an hour old.

        Known by the monotonic clock alone: the wall clock may be set. The monotonic one goes on while PicTrace is
        restarted, and begins anew with the machine. An act from before that is at least as old as the machine is up,
        which is ``now``, and neither ``now - monotonic_at`` nor, where that is negative, ``now`` is more. So no act is
        ever taken for older than it is.
        """
        self._connection.execute(
            "UPDATE changes SET monotonic_at = NULL WHERE monotonic_at IS NOT NULL "
            "AND CASE WHEN monotonic_at <= :now THEN :now - monotonic_at ELSE :now END >= :seconds",
            {"now": now, "seconds": _SECONDS_PER_HOUR},
        )

    def hold(self, plan: HeldPlan) -> None:
        """Remember a plan that is held; ``id``, ``held_at`` and ``confirmed_at`` are not looked at.

        The same plan of the same rule that is held already stays as it is, confirmed or not; another one for the same
        two files takes its place, and has to be confirmed.
        """
        self._connection.execute(
            "INSERT INTO held_plans (root, file, duplicate, keeper, rule, actions, does, is_backlog_allowed, held_at) "
            "VALUES (:root, :file, :duplicate, :keeper, :rule, :actions, :does, :is_backlog_allowed, :now) "
            "ON CONFLICT (file, duplicate, keeper) DO UPDATE SET rule = excluded.rule, actions = excluded.actions, "
            "does = excluded.does, is_backlog_allowed = excluded.is_backlog_allowed, held_at = excluded.held_at, "
            "confirmed_at = NULL "
            "WHERE rule <> excluded.rule OR actions <> excluded.actions OR does <> excluded.does",
            {
                "root": plan.root,
                "file": self._paths.encode(plan.file),
                "duplicate": self._paths.encode(plan.duplicate),
                "keeper": self._paths.encode(plan.keeper),
                "rule": text(plan.rule),
                "actions": json.dumps(plan.actions),
                "does": plan.does,
                "is_backlog_allowed": plan.is_backlog_allowed,
                "now": self._wall_clock(),
            },
        )

    def is_engaged(self, root: str) -> bool:
        """Return whether plans of a root are held that nobody confirmed: then all further ones are held too."""
        sql = "SELECT 1 FROM held_plans WHERE root = ? AND confirmed_at IS NULL LIMIT 1"
        return self._connection.row(sql, (root,)) is not None

    def held_plans(self, *, is_confirmed: bool | None = None, after: int = 0, limit: int = -1) -> list[HeldPlan]:
        """Return the plans that are held, the oldest first; only those confirmed, or not, where that is asked for.

        Args:
            is_confirmed: which; None: all.
            after: only those with a higher id.
            limit: so many.
        """
        rows = self._connection.rows(
            "SELECT * FROM held_plans WHERE id > :after "
            "AND (:wanted IS NULL OR (confirmed_at IS NOT NULL) = :wanted) ORDER BY id LIMIT :limit",
            {"wanted": is_confirmed, "after": after, "limit": limit},
        )
        return [self._plan(row) for row in rows]

    def held_plan(self, *, file: Path, duplicate: Path, keeper: Path) -> HeldPlan | None:
        """Return what is held of two files, None where nothing is."""
        row = self._connection.row(
            "SELECT * FROM held_plans WHERE file = ? AND duplicate = ? AND keeper = ?",
            tuple(self._paths.encode(path) for path in (file, duplicate, keeper)),
        )
        return None if row is None else self._plan(row)

    def held_plans_with(self, path: Path) -> list[HeldPlan]:
        """Return the plans that are held and name a path."""
        sql = "SELECT * FROM held_plans WHERE file = :path OR duplicate = :path OR keeper = :path ORDER BY id"
        return [self._plan(row) for row in self._connection.rows(sql, {"path": self._paths.encode(path)})]

    def by_rule(self) -> list[HeldByRule]:
        """Return what is held, by rule."""
        rows = self._connection.rows(
            "SELECT rule, COUNT(*) AS count, COUNT(confirmed_at) AS confirmed, MIN(held_at) AS since FROM held_plans "
            "GROUP BY rule ORDER BY rule"
        )
        return [
            HeldByRule(rule=row["rule"], count=row["count"], confirmed=row["confirmed"], since=row["since"])
            for row in rows
        ]

    def confirm(self, plans: Iterable[HeldPlan]) -> int:
        """Write down that a person agreed to these plans, and begin the hour of their roots anew.

        A plan that changed or went since it was read is passed over: that is not what the person saw.

        Returns:
            How many are confirmed now.
        """
        now = self._wall_clock()
        confirmed = 0
        with self._connection.atomic():
            for plan in plans:
                confirmed += self._connection.execute(
                    "UPDATE held_plans SET confirmed_at = ? WHERE id = ? AND rule = ? AND actions = ? AND does = ?",
                    (now, plan.id, text(plan.rule), json.dumps(plan.actions), plan.does),
                )
                self._connection.execute(
                    "UPDATE changes SET monotonic_at = NULL WHERE root = ? AND monotonic_at IS NOT NULL", (plan.root,)
                )
        return confirmed

    def refuse(self, plans: Iterable[tuple[HeldPlan, tuple[bytes, bytes] | None]]) -> int:
        """Forget plans for good on a person's word: the same rule does not get these two contents again.

        A plan that changed, went or was confirmed since it was read is passed over: that is not what the person saw.

        Args:
            plans: each with the content hashes of its duplicate and its keeper, None where one of them is not known
                any more: then there is nothing to be remembered.

        Returns:
            How many are refused now.
        """
        refused = 0
        with self._connection.atomic():
            for plan, contents in plans:
                dropped = self._connection.execute(
                    "DELETE FROM held_plans "
                    "WHERE id = ? AND rule = ? AND actions = ? AND does = ? AND confirmed_at IS NULL",
                    (plan.id, text(plan.rule), json.dumps(plan.actions), plan.does),
                )
                if dropped and contents is not None:
                    self._connection.execute(
                        "INSERT OR IGNORE INTO refused_plans (duplicate_hash, keeper_hash, rule, made_at) "
                        "VALUES (?, ?, ?, ?)",
                        (*contents, text(plan.rule), self._wall_clock()),
                    )
                refused += dropped
        return refused

    def is_refused(self, *, duplicate: bytes, keeper: bytes, rule: str) -> bool:
        """Return whether a person refused what a rule wants for two contents."""
        sql = "SELECT 1 FROM refused_plans WHERE duplicate_hash = ? AND keeper_hash = ? AND rule = ?"
        return self._connection.row(sql, (duplicate, keeper, text(rule))) is not None

    def take_back_confirmation(self, plan: HeldPlan) -> None:
        """Hold a plan as before: it could not be judged when its turn came."""
        self._connection.execute("UPDATE held_plans SET confirmed_at = NULL WHERE id = ?", (plan.id,))

    def drop(self, plan: HeldPlan) -> None:
        """Forget a plan: it was carried out, or nobody wants it any more."""
        self._connection.execute("DELETE FROM held_plans WHERE id = ?", (plan.id,))

    def _plan(self, row: Row) -> HeldPlan:
        return HeldPlan(
            id=row["id"],
            root=row["root"],
            file=self._paths.decode(row["file"]),
            duplicate=self._paths.decode(row["duplicate"]),
            keeper=self._paths.decode(row["keeper"]),
            rule=row["rule"],
            actions=tuple(json.loads(row["actions"])),
            does=row["does"],
            is_backlog_allowed=bool(row["is_backlog_allowed"]),
            held_at=row["held_at"],
            confirmed_at=row["confirmed_at"],
        )
