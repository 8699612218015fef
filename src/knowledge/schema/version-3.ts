/**
 * What the gateway keeps: blocks of calls and the functions that each has calls of, how many calls there were by second,
 * seconds of the machine, windows of the account by minute, hour and day (level 60, 3600, 86400), and each function's shares
 * of these.
 * A block holds calls in the order in which they ended, column by column, from its first to its last; `about` tells how to
 * read it, and `statuses` which there are (bit n: the n-th).
 * Times that name a row are microseconds since 1970; `at` of a window is the beginning of its minute, hour or day.
 * Names that many rows share are kept once. `served_pages` counts the pages that all of this takes.
 */
export const VERSION_3 = `
CREATE TABLE served_names (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  used_at REAL NOT NULL,
  UNIQUE (kind, name)
);

CREATE TABLE served_calls (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  calls INTEGER NOT NULL,
  statuses INTEGER NOT NULL,
  about TEXT NOT NULL,
  columns BLOB NOT NULL
);
CREATE INDEX served_calls_by_time ON served_calls (last, key);

CREATE TABLE served_callers (
  function INTEGER NOT NULL,
  last INTEGER NOT NULL,
  block INTEGER NOT NULL,
  statuses INTEGER NOT NULL,
  PRIMARY KEY (function, last, block)
) WITHOUT ROWID;
CREATE INDEX served_callers_by_block ON served_callers (block);

CREATE TABLE served_rates (
  at INTEGER NOT NULL,
  function INTEGER NOT NULL,
  calls INTEGER NOT NULL,
  errors INTEGER NOT NULL,
  cold INTEGER NOT NULL,
  call_seconds REAL NOT NULL,
  joules REAL,
  PRIMARY KEY (at, function)
) WITHOUT ROWID;

CREATE TABLE served_seconds (
  key INTEGER PRIMARY KEY,
  seconds REAL NOT NULL,
  watts REAL,
  cpu_watts REAL,
  idle_watts REAL,
  cpu_seconds TEXT NOT NULL
);

CREATE TABLE served_windows (
  level INTEGER NOT NULL,
  at INTEGER NOT NULL,
  from_at REAL NOT NULL,
  to_at REAL NOT NULL,
  seconds REAL NOT NULL,
  measured REAL NOT NULL,
  individual REAL NOT NULL,
  control_plane REAL NOT NULL,
  idle REAL NOT NULL,
  unattributed REAL NOT NULL,
  calls INTEGER NOT NULL,
  errors INTEGER NOT NULL,
  cold INTEGER NOT NULL,
  call_seconds REAL NOT NULL,
  grid_by_joules REAL NOT NULL,
  grid_by_seconds REAL NOT NULL,
  principals TEXT NOT NULL,
  PRIMARY KEY (level, at)
) WITHOUT ROWID;

CREATE TABLE served_shares (
  level INTEGER NOT NULL,
  at INTEGER NOT NULL,
  function INTEGER NOT NULL,
  calls INTEGER NOT NULL,
  errors INTEGER NOT NULL,
  cold INTEGER NOT NULL,
  call_seconds REAL NOT NULL,
  cpu_seconds REAL,
  individual REAL NOT NULL,
  control_plane REAL NOT NULL,
  idle REAL NOT NULL,
  operational REAL NOT NULL,
  embodied REAL,
  PRIMARY KEY (level, at, function)
) WITHOUT ROWID;

CREATE TABLE served_pages (pages INTEGER NOT NULL);
INSERT INTO served_pages VALUES (0);
`;
