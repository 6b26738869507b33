"""The ledger's tables, and the way from an older version to this one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from omm_desktop.model.problem import CannotGoOn, Place, Problem, ProblemId

VERSION = 7

TICKED = """
CREATE TABLE ticked (
    source INTEGER NOT NULL REFERENCES account,
    destination INTEGER NOT NULL REFERENCES account,
    step TEXT NOT NULL,
    PRIMARY KEY (source, destination, step)
) WITHOUT ROWID;
"""

TRAFFIC = """
CREATE TABLE traffic (
    account INTEGER NOT NULL REFERENCES account,
    way TEXT NOT NULL,
    hour INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    PRIMARY KEY (account, way, hour)
) WITHOUT ROWID;
"""

ITEM_OBJECT = """
CREATE INDEX item_object ON item (object_id) WHERE object_id IS NOT NULL;
"""

EDIT = """
-- What an item of ours is being changed into; a row stays until the outcome is known.
CREATE TABLE edit (
    item INTEGER PRIMARY KEY REFERENCES item,
    fingerprint BLOB NOT NULL,
    content BLOB NOT NULL,
    size INTEGER NOT NULL,
    version TEXT
);
CREATE TRIGGER edit_of_no_item AFTER DELETE ON item BEGIN
    DELETE FROM edit WHERE item = OLD.id;
END;
"""

SETTING = """
CREATE TABLE setting (
    source INTEGER NOT NULL REFERENCES account,
    destination INTEGER NOT NULL REFERENCES account,
    kind TEXT NOT NULL,
    identity BLOB NOT NULL,
    name TEXT NOT NULL,
    arrived INTEGER NOT NULL,
    namesakes INTEGER NOT NULL,
    intent_at REAL NOT NULL,
    PRIMARY KEY (source, destination, kind, identity)
) WITHOUT ROWID;
"""

RUN_SOURCE = """
-- Every source of a run, the one that the run tells among them.
CREATE TABLE run_source (
    run INTEGER NOT NULL REFERENCES run,
    source INTEGER NOT NULL REFERENCES account,
    PRIMARY KEY (run, source)
) WITHOUT ROWID;
"""

UNDO = """
-- ended: everything was looked at; what is there still is kept.
CREATE TABLE undo (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run,
    began REAL NOT NULL,
    ended REAL
);
CREATE INDEX item_run ON item (run, destination_folder, state, lent);
-- Of items whose rows are forgotten with them.
CREATE TABLE undone (
    undo INTEGER NOT NULL REFERENCES undo,
    destination_folder INTEGER NOT NULL REFERENCES destination_folder,
    fate TEXT NOT NULL,
    items INTEGER NOT NULL,
    PRIMARY KEY (undo, destination_folder, fate)
) WITHOUT ROWID;
-- What is being removed; a row stays until the outcome is known. before: see `model.removing`.
CREATE TABLE removal (
    item INTEGER PRIMARY KEY REFERENCES item,
    undo INTEGER NOT NULL REFERENCES undo,
    before INTEGER
);
CREATE TRIGGER removal_of_no_item AFTER DELETE ON item BEGIN
    DELETE FROM removal WHERE item = OLD.id;
END;
"""

OF_ITEM = """
ALTER TABLE item ADD COLUMN handled TEXT;
ALTER TABLE item ADD COLUMN lent INTEGER NOT NULL DEFAULT 0;
ALTER TABLE destination_folder ADD COLUMN name TEXT;
ALTER TABLE destination_folder ADD COLUMN kind TEXT;
ALTER TABLE destination_folder ADD COLUMN made_by INTEGER;
"""

HANDED_OVER = """
UPDATE item SET lent = 1 WHERE EXISTS (SELECT 1 FROM batch JOIN run ON run.id = item.run
    WHERE batch.id = item.batch AND batch.intent_at NOT BETWEEN run.began AND
          coalesce(run.ended, batch.intent_at));
"""
"""What was sent before the run began or after it ended was brought by one that is forgotten."""

UPGRADES = {
    1: TICKED,
    2: f"ALTER TABLE item ADD COLUMN object_id TEXT; {ITEM_OBJECT} {TRAFFIC}",
    3: f"ALTER TABLE item ADD COLUMN version TEXT; {EDIT} {SETTING}",
    4: f"{RUN_SOURCE} INSERT INTO run_source SELECT id, source FROM run;",
    5: f"{OF_ITEM}{UNDO}{HANDED_OVER}",
    6: "DROP TABLE problem;",  # who and what each was about, which the report says as well
}
"""What brings each older version to the next."""

TABLES = f"""
{TICKED}
{TRAFFIC}
{SETTING}
CREATE TABLE account (
    id INTEGER PRIMARY KEY,
    identity TEXT NOT NULL UNIQUE,
    fidelity TEXT NOT NULL DEFAULT 'unknown'
);
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    source INTEGER NOT NULL REFERENCES account,
    destination INTEGER NOT NULL REFERENCES account,
    plan TEXT NOT NULL,
    began REAL NOT NULL,
    ended REAL,
    listed INTEGER,
    grade TEXT,
    report TEXT
);
{RUN_SOURCE}CREATE TABLE source_folder (
    id INTEGER PRIMARY KEY,
    account INTEGER NOT NULL REFERENCES account,
    key TEXT NOT NULL,
    validity INTEGER NOT NULL,
    UNIQUE (account, key)
);
CREATE TABLE finished (
    source_folder INTEGER NOT NULL REFERENCES source_folder,
    destination_folder INTEGER NOT NULL REFERENCES destination_folder,
    next_key INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (source_folder, destination_folder)
);
-- explained_next: everything below this key was put there by us, or is gone. made_by: the run that
-- found no such folder and made it.
CREATE TABLE destination_folder (
    id INTEGER PRIMARY KEY,
    account INTEGER NOT NULL REFERENCES account,
    key TEXT NOT NULL,
    validity INTEGER NOT NULL,
    explained_next INTEGER,
    name TEXT,
    kind TEXT,
    made_by INTEGER,
    UNIQUE (account, key)
);
CREATE TABLE batch (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run,
    destination_folder INTEGER NOT NULL REFERENCES destination_folder,
    quiet INTEGER,
    validity INTEGER NOT NULL,
    intent_at REAL NOT NULL
);
-- handled: flags it had when it was stored, of those that tell of more than reading; NULL: unknown.
-- lent: brought by a run that is forgotten, and held for another of the same accounts.
CREATE TABLE item (
    id INTEGER PRIMARY KEY,
    source_folder INTEGER NOT NULL REFERENCES source_folder,
    validity INTEGER NOT NULL,
    key TEXT NOT NULL,
    destination_folder INTEGER NOT NULL REFERENCES destination_folder,
    state TEXT NOT NULL,
    aside INTEGER NOT NULL DEFAULT 0,
    fingerprint BLOB,
    content BLOB,
    size INTEGER,
    received REAL,
    destination_key TEXT,
    destination_validity INTEGER,
    run INTEGER NOT NULL REFERENCES run,
    batch INTEGER REFERENCES batch,
    object_id TEXT,
    version TEXT,
    handled TEXT,
    lent INTEGER NOT NULL DEFAULT 0,
    UNIQUE (source_folder, validity, key, destination_folder)
);
CREATE INDEX item_identity ON item (destination_folder, fingerprint);
CREATE INDEX item_place ON item (destination_folder, destination_key);
CREATE INDEX item_open ON item (destination_folder, state) WHERE state IN ('sending', 'unsure');
{ITEM_OBJECT}{EDIT}{UNDO}"""

SURVEY_TABLE = """
CREATE TEMP TABLE seen (
    folder INTEGER NOT NULL,
    key TEXT NOT NULL,
    number INTEGER NOT NULL,
    fingerprint BLOB NOT NULL,
    size INTEGER,
    received REAL,
    content BLOB,
    taken INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (folder, key)
) WITHOUT ROWID;
CREATE INDEX temp.seen_identity ON seen (folder, fingerprint);
CREATE INDEX temp.seen_date ON seen (folder, received);
"""


def prepare(connection: sqlite3.Connection, path: Path | None) -> None:
    """Make the tables, or bring older ones to this version after a copy of them was kept.

    Raises `CannotGoOn` (RECORDS_NEWER) when a later version of the program wrote the file.
    """
    found = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if found > VERSION:
        raise CannotGoOn(Problem(ProblemId.RECORDS_NEWER, Place.COMPUTER, f"version {found}"))
    if found == 0:
        connection.executescript(f"BEGIN EXCLUSIVE;{TABLES}PRAGMA user_version = {VERSION};COMMIT;")
    elif found < VERSION:
        if path is not None:
            _keep(connection, path.with_suffix(f".version{found}"))
        steps = "".join(UPGRADES[version] for version in range(found, VERSION))
        connection.executescript(f"BEGIN EXCLUSIVE;{steps}PRAGMA user_version = {VERSION};COMMIT;")
    connection.executescript(SURVEY_TABLE)


def _keep(connection: sqlite3.Connection, copy: Path) -> None:
    """A durable copy, by SQLite: part of the records may be in the log beside their file, and
    whoever opens and closes that file otherwise drops the locks that SQLite holds on it.
    """
    copy.unlink(missing_ok=True)
    copy.touch(mode=0o600)
    with closing(sqlite3.connect(copy)) as target:
        connection.backup(target)
