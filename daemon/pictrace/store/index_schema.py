"""The schema of index.db, step by step; a released step is never altered."""

from __future__ import annotations

from pictrace.store.connection import Connection

_FIRST = (
    """CREATE TABLE roots (
        id INTEGER PRIMARY KEY,
        identity TEXT NOT NULL UNIQUE,
        path BLOB NOT NULL,
        role TEXT NOT NULL,
        dev ANY NOT NULL,
        ino ANY NOT NULL,
        filesystem TEXT NOT NULL,
        is_indexed INTEGER NOT NULL,
        is_current INTEGER NOT NULL
    ) STRICT""",
    # ANY: see values.number. Ids are never used twice: the order of ids is the order of becoming known.
    """CREATE TABLE files (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        root INTEGER NOT NULL REFERENCES roots(id),
        path BLOB NOT NULL,
        dev ANY NOT NULL,
        ino ANY NOT NULL,
        size_bytes ANY NOT NULL,
        mtime_ns ANY NOT NULL,
        ctime_ns ANY NOT NULL,
        content_hash BLOB NOT NULL,
        first_seen REAL NOT NULL,
        is_arrival INTEGER NOT NULL,
        state TEXT NOT NULL,
        is_decided INTEGER NOT NULL DEFAULT 0,
        missed_scans INTEGER NOT NULL DEFAULT 0,
        missed_since REAL,
        UNIQUE (root, path)
    ) STRICT""",
    "CREATE INDEX files_by_content ON files(content_hash)",
    "CREATE INDEX files_by_key ON files(ino, mtime_ns)",
    "CREATE INDEX files_undecided ON files(id) WHERE is_decided = 0",
    """CREATE TABLE photos (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        content_hash BLOB NOT NULL UNIQUE,
        size_bytes INTEGER NOT NULL,
        state TEXT NOT NULL,
        reason TEXT,
        metadata TEXT,
        pixel_hash BLOB,
        phashes BLOB,
        detail REAL,
        versions TEXT,
        judged_version INTEGER,
        orphaned_at REAL
    ) STRICT""",
    "CREATE INDEX photos_by_pixels ON photos(pixel_hash) WHERE pixel_hash IS NOT NULL",
    "CREATE INDEX photos_undecodable ON photos(content_hash) WHERE state = 'undecodable'",
    # Apart from the photos, so that going through those reads none of these.
    """CREATE TABLE parts (
        photo INTEGER PRIMARY KEY REFERENCES photos(id) ON DELETE CASCADE,
        keypoints BLOB NOT NULL,
        descriptors BLOB NOT NULL,
        preview BLOB
    ) STRICT""",
    """CREATE TABLE findings (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        file INTEGER NOT NULL REFERENCES photos(id) ON DELETE CASCADE,
        other INTEGER NOT NULL REFERENCES photos(id) ON DELETE CASCADE,
        relation TEXT NOT NULL,
        certainty TEXT NOT NULL,
        similarity REAL NOT NULL,
        direction TEXT NOT NULL,
        edits TEXT NOT NULL,
        evidence TEXT NOT NULL,
        matcher_version INTEGER NOT NULL,
        found_at REAL NOT NULL
    ) STRICT""",
    "CREATE UNIQUE INDEX findings_by_pair ON findings(min(file, other), max(file, other))",
    "CREATE INDEX findings_by_file ON findings(file)",
    "CREATE INDEX findings_by_other ON findings(other)",
    # Pairs that were compared and gave nothing; the smaller id stands first.
    """CREATE TABLE compared (
        first INTEGER NOT NULL REFERENCES photos(id) ON DELETE CASCADE,
        second INTEGER NOT NULL REFERENCES photos(id) ON DELETE CASCADE,
        matcher_version INTEGER NOT NULL,
        PRIMARY KEY (first, second)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX compared_by_second ON compared(second)",
    """CREATE TABLE problems (
        path BLOB PRIMARY KEY,
        reason TEXT NOT NULL,
        count INTEGER NOT NULL,
        first_at REAL NOT NULL,
        last_at REAL NOT NULL
    ) STRICT""",
    "CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT",
    "CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
)


# What the index over local features keeps of a photo. Apart from the parts, which are six times as large: all of
# these are read where no index was saved.
_ENTRIES = """CREATE TABLE entries (
        photo INTEGER PRIMARY KEY REFERENCES photos(id) ON DELETE CASCADE,
        version INTEGER NOT NULL,
        entries BLOB NOT NULL
    ) STRICT"""


# Which photos the saved candidate index has to be told of: each time entries are put or go, whatever the reason.
_CHANGES = (
    "CREATE TABLE entry_changes (id INTEGER PRIMARY KEY AUTOINCREMENT, photo INTEGER NOT NULL) STRICT",
    """CREATE TRIGGER entries_put AFTER INSERT ON entries
        BEGIN INSERT INTO entry_changes (photo) VALUES (NEW.photo); END""",
    """CREATE TRIGGER photos_gone AFTER DELETE ON photos
        BEGIN INSERT INTO entry_changes (photo) VALUES (OLD.id); END""",
    """CREATE TRIGGER entries_gone AFTER DELETE ON entries
        BEGIN INSERT INTO entry_changes (photo) VALUES (OLD.photo); END""",
)


# What a neural network makes of a photo: empty where the config names none.
_VECTORS = """CREATE TABLE vectors (
        photo INTEGER PRIMARY KEY REFERENCES photos(id) ON DELETE CASCADE,
        version INTEGER NOT NULL,
        vector BLOB NOT NULL
    ) STRICT"""


def _make_tables(connection: Connection) -> None:
    for statement in _FIRST:
        connection.execute(statement)


def _make_entries(connection: Connection) -> None:
    connection.execute(_ENTRIES)


def _make_changes(connection: Connection) -> None:
    connection.execute("DROP TABLE compared")  # nobody ever asked it
    for statement in _CHANGES:
        connection.execute(statement)


def _make_vectors(connection: Connection) -> None:
    connection.execute(_VECTORS)


MIGRATIONS = (_make_tables, _make_entries, _make_changes, _make_vectors)
