-- journal.db as schema 4 left it, with a few rows: never altered, so that every later PicTrace is tested on it.
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
    , monotonic_at REAL, counted_at REAL, debt TEXT) STRICT;
INSERT INTO "changes" VALUES(1,'quarantine','done','aa11',X'616131312F622E6A7067',X'616131312F2E70696374726163652F71756172616E74696E652F323032342D30352F312D622E6A7067',X'BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB','1:10:1234:5:6',X'616131312F612E6A7067',X'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',NULL,NULL,'Exact copies','{"relation": "same-bytes"}','batch',NULL,NULL,400.5,'{"finding_id": 1}',NULL,NULL,12.5,NULL);
INSERT INTO "changes" VALUES(2,'quarantine','done','aa11',X'616131312F632E6A7067',X'616131312F2E70696374726163652F71756172616E74696E652F323032342D30352F322D632E6A7067',X'BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB','1:10:1234:5:6',X'616131312F612E6A7067',X'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',NULL,NULL,'Exact copies','{"relation": "same-bytes"}','batch',NULL,NULL,400.5,'{"finding_id": 1}',900.5,NULL,12.5,'purge');
INSERT INTO "changes" VALUES(3,'quarantine','done','aa11',X'616131312F642E6A7067',X'616131312F2E70696374726163652F71756172616E74696E652F323032342D30352F332D642E6A7067',X'BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB','1:10:1234:5:6',X'616131312F612E6A7067',X'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',NULL,NULL,'Exact copies','{"relation": "same-bytes"}','batch',NULL,'moved, but: No space left on device (errno 28)',400.5,'{"finding_id": 1}',NULL,NULL,13.5,'line');
INSERT INTO "changes" VALUES(4,'undo','aborted','aa11',X'616131312F622E6A7067',X'616131312F2E70696374726163652F71756172616E74696E652F323032342D30352F312D622E6A7067',X'BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB','1:10:1234:5:6',X'616131312F612E6A7067',X'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',NULL,NULL,'Exact copies','{"relation": "same-bytes"}','batch',1,'stopped before it was carried out',400.5,'{"finding_id": 1}',NULL,NULL,NULL,NULL);
CREATE TABLE held_plans (
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
    ) STRICT;
INSERT INTO "held_plans" VALUES(1,'aa11',X'616131312F632E6A7067',X'616131312F632E6A7067',X'616131312F612E6A7067','Exact copies','["quarantine"]',0,500.5,NULL);
CREATE TABLE refused_plans (
        duplicate_hash BLOB NOT NULL,
        keeper_hash BLOB NOT NULL,
        rule TEXT NOT NULL,
        made_at REAL NOT NULL,
        PRIMARY KEY (duplicate_hash, keeper_hash, rule)
    ) STRICT;
CREATE TABLE roots (
    identity TEXT PRIMARY KEY,
    path BLOB NOT NULL,
    is_current INTEGER NOT NULL
    ) STRICT;
INSERT INTO "roots" VALUES('aa11',X'2F7372762F5069637475726573',1);
CREATE TABLE tombstones (
    content_hash BLOB PRIMARY KEY,
    reason TEXT NOT NULL,
    made_at REAL NOT NULL,
    pixel_hash BLOB,
    phashes BLOB
    ) STRICT;
INSERT INTO "tombstones" VALUES(X'CC','refused',700.5,NULL,NULL);
CREATE TABLE uptime (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        counted_seconds REAL NOT NULL,
        boottime REAL NOT NULL
    ) STRICT;
CREATE TABLE verdicts (
    first_hash BLOB NOT NULL,
    second_hash BLOB NOT NULL,
    verdict TEXT NOT NULL,
    made_at REAL NOT NULL,
    PRIMARY KEY (first_hash, second_hash)
    ) STRICT;
INSERT INTO "verdicts" VALUES(X'AA',X'BB','keep-both',600.5);
CREATE INDEX changes_by_batch ON changes(batch);
CREATE INDEX changes_by_content ON changes(content_hash);
CREATE INDEX changes_by_keeper ON changes(keeper_hash) WHERE keeper_hash IS NOT NULL;
CREATE INDEX changes_by_state ON changes(state);
CREATE INDEX changes_of_the_hour ON changes(root) WHERE monotonic_at IS NOT NULL;
CREATE INDEX held_plans_by_duplicate ON held_plans(duplicate);
CREATE INDEX held_plans_by_keeper ON held_plans(keeper);
CREATE INDEX held_plans_of_a_root ON held_plans(root) WHERE confirmed_at IS NULL;
CREATE INDEX changes_with_a_debt ON changes(debt, root) WHERE debt IS NOT NULL;
CREATE INDEX changes_by_undone ON changes(undoes) WHERE undoes IS NOT NULL;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('changes',4);
INSERT INTO "sqlite_sequence" VALUES('held_plans',1);
PRAGMA user_version = 4;
