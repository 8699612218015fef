/** "WLAC": in the header of the file, so that no other program's database is taken for ours. */
export const APPLICATION_ID = 0x57_4c_41_43;
export const CURRENT_VERSION = 1;

/**
 * What changes often is apart from what may be large: SQLite writes a row anew when any of it changes.
 * `phase`: 0 waits for its function, 1 waits for its callback address, 2 is over.
 */
export const VERSION_1 = `
CREATE TABLE calls (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  function TEXT NOT NULL,
  callback TEXT,
  phase INTEGER NOT NULL,
  accepted_at REAL NOT NULL,
  due_at REAL NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0,
  callback_attempts INTEGER NOT NULL DEFAULT 0,
  callback_failures INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL,
  status INTEGER,
  duration_seconds REAL,
  given_up INTEGER NOT NULL DEFAULT 0,
  undelivered INTEGER NOT NULL DEFAULT 0,
  message TEXT,
  ended_at REAL
);
CREATE INDEX calls_open ON calls (phase) WHERE phase < 2;
CREATE INDEX calls_over ON calls (ended_at) WHERE phase = 2;

CREATE TABLE requests (
  key INTEGER PRIMARY KEY,
  method TEXT NOT NULL,
  path TEXT NOT NULL,
  query TEXT NOT NULL,
  headers TEXT NOT NULL,
  body BLOB,
  file TEXT,
  bytes INTEGER NOT NULL
);

CREATE TABLE answers (
  key INTEGER PRIMARY KEY,
  headers TEXT NOT NULL,
  failure TEXT,
  body BLOB,
  file TEXT,
  bytes INTEGER NOT NULL
);
`;
