-- journal.db as schema 1 left it, with a few rows: never altered, so that every later PicTrace is tested on it.
CREATE TABLE roots (
    identity TEXT PRIMARY KEY,
    path BLOB NOT NULL,
    is_current INTEGER NOT NULL
    ) STRICT;
CREATE TABLE changes (
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
    ) STRICT;
CREATE INDEX changes_by_state ON changes(state);
CREATE INDEX changes_by_content ON changes(content_hash);
CREATE INDEX changes_by_keeper ON changes(keeper_hash) WHERE keeper_hash IS NOT NULL;
CREATE INDEX changes_by_batch ON changes(batch);
CREATE TABLE verdicts (
    first_hash BLOB NOT NULL,
    second_hash BLOB NOT NULL,
    verdict TEXT NOT NULL,
    made_at REAL NOT NULL,
    PRIMARY KEY (first_hash, second_hash)
    ) STRICT;
CREATE TABLE tombstones (
    content_hash BLOB PRIMARY KEY,
    reason TEXT NOT NULL,
    made_at REAL NOT NULL,
    pixel_hash BLOB,
    phashes BLOB
    ) STRICT;

INSERT INTO roots VALUES ('aa11', X'2f7372762f5069637475726573', 1);
INSERT INTO changes VALUES (1, 'quarantine', 'done', 'aa11', X'616131312f622e6a7067', X'616131312f2e70696374726163652f71756172616e74696e652f323032342d30352f312d622e6a7067', X'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', '1:10:1234:5:6', X'616131312f612e6a7067', X'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', NULL, NULL,
  'Exact copies', '{"relation": "same-bytes"}', 'batch', NULL, NULL, 400.5, '{"finding_id": 1}', NULL);
PRAGMA user_version = 1;
