-- index.db as schema 1 left it, with a few rows: never altered, so that every later PicTrace is tested on it.
CREATE TABLE roots (
    id INTEGER PRIMARY KEY,
    identity TEXT NOT NULL UNIQUE,
    path BLOB NOT NULL,
    role TEXT NOT NULL,
    dev ANY NOT NULL,
    ino ANY NOT NULL,
    filesystem TEXT NOT NULL,
    is_indexed INTEGER NOT NULL,
    is_current INTEGER NOT NULL
    ) STRICT;
CREATE TABLE files (
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
    ) STRICT;
CREATE INDEX files_by_content ON files(content_hash);
CREATE INDEX files_by_key ON files(ino, mtime_ns);
CREATE INDEX files_undecided ON files(id) WHERE is_decided = 0;
CREATE TABLE photos (
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
    ) STRICT;
CREATE INDEX photos_by_pixels ON photos(pixel_hash) WHERE pixel_hash IS NOT NULL;
CREATE INDEX photos_undecodable ON photos(content_hash) WHERE state = 'undecodable';
CREATE TABLE parts (
    photo INTEGER PRIMARY KEY REFERENCES photos(id) ON DELETE CASCADE,
    keypoints BLOB NOT NULL,
    descriptors BLOB NOT NULL,
    preview BLOB
    ) STRICT;
CREATE TABLE findings (
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
    ) STRICT;
CREATE UNIQUE INDEX findings_by_pair ON findings(min(file, other), max(file, other));
CREATE INDEX findings_by_file ON findings(file);
CREATE INDEX findings_by_other ON findings(other);
CREATE TABLE compared (
    first INTEGER NOT NULL REFERENCES photos(id) ON DELETE CASCADE,
    second INTEGER NOT NULL REFERENCES photos(id) ON DELETE CASCADE,
    matcher_version INTEGER NOT NULL,
    PRIMARY KEY (first, second)
    ) STRICT, WITHOUT ROWID;
CREATE INDEX compared_by_second ON compared(second);
CREATE TABLE problems (
    path BLOB PRIMARY KEY,
    reason TEXT NOT NULL,
    count INTEGER NOT NULL,
    first_at REAL NOT NULL,
    last_at REAL NOT NULL
    ) STRICT;
CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

INSERT INTO roots VALUES (1, 'aa11', X'2f7372762f5069637475726573', 'library', 1, 2, 'ext4', 1, 1);
INSERT INTO files (id, root, path, dev, ino, size_bytes, mtime_ns, ctime_ns, content_hash, first_seen, is_arrival, state, is_decided) VALUES
  (1, 1, X'612e6a7067', 1, 10, 1000, 5, 6, X'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 100.5, 0, 'present', 1),
  (2, 1, X'ff2e6a7067', 1, '18446744073709551615', 1234, 5, 6, X'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 200.5, 1, 'present', 0);
INSERT INTO photos (id, content_hash, size_bytes, state, metadata, phashes, detail, versions, judged_version) VALUES
  (1, X'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 1000, 'decoded', '{"width_pixels": 40, "height_pixels": 30, "format": "jpeg"}', X'11111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111', 0.5, '{"phash": 1, "orb": 1}', 1),
  (2, X'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 1234, 'decoded', '{"width_pixels": 20, "height_pixels": 15, "format": "png"}', X'22222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222', 0.5, '{"phash": 1, "orb": 1}', 1);
INSERT INTO parts VALUES (1, X'00', X'01', NULL), (2, X'02', X'03', NULL);
INSERT INTO findings VALUES (1, 2, 1, 'rendition', 'verified', 0.98, 'file-from-other', '[{"kind": "resized", "scale": 0.5}]',
  '[{"name": "ssim", "value": 0.98, "limit": 0.9, "passed": true}]', 1, 300.5);
INSERT INTO counters VALUES ('fingerprinted', 2);
PRAGMA user_version = 1;
