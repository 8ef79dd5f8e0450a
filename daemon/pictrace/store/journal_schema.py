"""The schema of journal.db, step by step; a released step is never altered."""

from __future__ import annotations

from pictrace.store.connection import Connection

_FIRST = (
    """CREATE TABLE roots (
        identity TEXT PRIMARY KEY,
        path BLOB NOT NULL,
        is_current INTEGER NOT NULL
    ) STRICT""",
    """CREATE TABLE changes (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,
        state TEXT NOT NULL,
        root TEXT NOT NULL,
        source BLOB NOT NULL,
        target BLOB,
        content_hash BLOB NOT NULL,
        key TEXT,
        keeper BLOB,
        keeper_hash BLOB,
        temporary BLOB,
        before BLOB,
        rule TEXT,
        finding TEXT,
        batch TEXT NOT NULL,
        undoes INTEGER REFERENCES changes(id),
        error TEXT,
        made_at REAL NOT NULL,
        details TEXT NOT NULL,
        purged_at REAL
    ) STRICT""",
    "CREATE INDEX changes_by_state ON changes(state)",
    "CREATE INDEX changes_by_content ON changes(content_hash)",
    "CREATE INDEX changes_by_keeper ON changes(keeper_hash) WHERE keeper_hash IS NOT NULL",
    "CREATE INDEX changes_by_batch ON changes(batch)",
    # What a person decided about two contents; the smaller hash stands first.
    """CREATE TABLE verdicts (
        first_hash BLOB NOT NULL,
        second_hash BLOB NOT NULL,
        verdict TEXT NOT NULL,
        made_at REAL NOT NULL,
        PRIMARY KEY (first_hash, second_hash)
    ) STRICT""",
    # A photo that was put away or refused once, with what it takes to recognise it when it comes back.
    """CREATE TABLE tombstones (
        content_hash BLOB PRIMARY KEY,
        reason TEXT NOT NULL,
        made_at REAL NOT NULL,
        pixel_hash BLOB,
        phashes BLOB
    ) STRICT""",
)


# What the brake needs. Not in index.db: that may be thrown away and built anew, and would open the brake with it.
_BRAKE = (
    "ALTER TABLE changes ADD COLUMN monotonic_at REAL",
    "CREATE INDEX changes_of_the_hour ON changes(root) WHERE monotonic_at IS NOT NULL",
    """CREATE TABLE held_plans (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        root TEXT NOT NULL,
        file BLOB NOT NULL,
        duplicate BLOB NOT NULL,
        keeper BLOB NOT NULL,
        rule TEXT NOT NULL,
        actions TEXT NOT NULL,
        is_backlog_allowed INTEGER NOT NULL,
        held_at REAL NOT NULL,
        confirmed_at REAL,
        UNIQUE (file, duplicate, keeper)
    ) STRICT""",
)

# How long the machine was seen to run, so that an age need not rest on the wall clock (docs/adr/0009), and the plans
# that a person refused for good.
_AGE_AND_REFUSALS = (
    """CREATE TABLE uptime (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        counted_seconds REAL NOT NULL,
        boottime REAL NOT NULL
    ) STRICT""",
    "ALTER TABLE changes ADD COLUMN counted_at REAL",
    """CREATE TABLE refused_plans (
        duplicate_hash BLOB NOT NULL,
        keeper_hash BLOB NOT NULL,
        rule TEXT NOT NULL,
        made_at REAL NOT NULL,
        PRIMARY KEY (duplicate_hash, keeper_hash, rule)
    ) STRICT""",
    "CREATE INDEX held_plans_by_duplicate ON held_plans(duplicate)",
    "CREATE INDEX held_plans_by_keeper ON held_plans(keeper)",
    "CREATE INDEX held_plans_of_a_root ON held_plans(root) WHERE confirmed_at IS NULL",
)

# What is still to be done for changes that count as ended, and ways to it that do not lead past every row. What was
# purged, or moved with a complaint, before there was such a word is looked at once more.
_DEBTS = (
    "ALTER TABLE changes ADD COLUMN debt TEXT",
    "UPDATE changes SET debt = 'purge' WHERE purged_at IS NOT NULL",
    """UPDATE changes SET debt = 'line'
        WHERE kind = 'quarantine' AND state = 'done' AND purged_at IS NULL AND error LIKE 'moved, but:%'""",
    "CREATE INDEX changes_with_a_debt ON changes(debt, root) WHERE debt IS NOT NULL",
    "CREATE INDEX changes_by_undone ON changes(undoes) WHERE undoes IS NOT NULL",
)

# Verdicts with the names a person knows the photos by, and tombstones with all it takes to recognize what returns.
# `returned_as`: which contents were found to show what a tombstone stands for.
_MEMORY = (
    "ALTER TABLE verdicts ADD COLUMN first_name TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE verdicts ADD COLUMN second_name TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX verdicts_by_second ON verdicts(second_hash)",
    "ALTER TABLE tombstones ADD COLUMN name TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE tombstones ADD COLUMN keeper_hash BLOB",
    "ALTER TABLE tombstones ADD COLUMN after_change INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE tombstones ADD COLUMN purge INTEGER REFERENCES changes(id)",
    "ALTER TABLE tombstones ADD COLUMN metadata TEXT",
    "ALTER TABLE tombstones ADD COLUMN preview BLOB",
    """CREATE TABLE returned_as (
        content_hash BLOB NOT NULL,
        tombstone BLOB NOT NULL REFERENCES tombstones(content_hash) ON DELETE CASCADE,
        PRIMARY KEY (content_hash, tombstone)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX returned_as_by_tombstone ON returned_as(tombstone)",
    # What became of a file, and what was purged, is asked of every file that is explained or reported.
    "CREATE INDEX changes_by_source ON changes(source)",
    "CREATE INDEX changes_by_target ON changes(target)",
    "CREATE INDEX changes_purged ON changes(id) WHERE purged_at IS NOT NULL",
)


def _make_tables(connection: Connection) -> None:
    for statement in _FIRST:
        connection.execute(statement)


def _make_brake(connection: Connection) -> None:
    for statement in _BRAKE:
        connection.execute(statement)


def _make_age_and_refusals(connection: Connection) -> None:
    for statement in _AGE_AND_REFUSALS:
        connection.execute(statement)


def _make_debts(connection: Connection) -> None:
    for statement in _DEBTS:
        connection.execute(statement)


def _make_memory(connection: Connection) -> None:
    for statement in _MEMORY:
        connection.execute(statement)


MIGRATIONS = (_make_tables, _make_brake, _make_age_and_refusals, _make_debts, _make_memory)
