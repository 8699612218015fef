/**
 * Runs and invocations. Keys are never used twice, so that what is left of a deleted run can't become another one's.
 * What many invocations have in common (platforms, absences, layouts of energies) is kept once, by a hash of it.
 */
export const VERSION_1 = `
CREATE TABLE runs (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  workflow TEXT NOT NULL,
  workflow_file TEXT,
  bundle_hash TEXT,
  parameters TEXT NOT NULL,
  status TEXT NOT NULL,
  owner_pid INTEGER,
  owner_hostname TEXT,
  owner_process_start TEXT,
  heartbeat_at REAL,
  started_at REAL NOT NULL,
  ended_at REAL,
  settings TEXT NOT NULL,
  platforms TEXT NOT NULL,
  stages TEXT NOT NULL,
  totals TEXT,
  result TEXT,
  error TEXT,
  experiment TEXT,
  repetition INTEGER,
  warm_up INTEGER
);
CREATE INDEX runs_by_start ON runs (started_at);
CREATE INDEX runs_by_workflow ON runs (workflow, started_at);
CREATE INDEX runs_by_experiment ON runs (experiment) WHERE experiment IS NOT NULL;

CREATE TABLE platforms (key INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, content TEXT NOT NULL);
CREATE TABLE absences (key INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, content TEXT NOT NULL);
CREATE TABLE energy_layouts (key INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, content TEXT NOT NULL);

CREATE TABLE invocations (
  key INTEGER PRIMARY KEY,
  run INTEGER,
  id TEXT NOT NULL,
  function TEXT NOT NULL,
  partition INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  speculative INTEGER NOT NULL,
  cpu REAL NOT NULL,
  memory_mib REAL NOT NULL,
  workers INTEGER NOT NULL,
  worker TEXT NOT NULL,
  submitted_at REAL NOT NULL,
  started_at REAL NOT NULL,
  ended_at REAL NOT NULL,
  cold INTEGER NOT NULL,
  status TEXT NOT NULL,
  wall_seconds REAL NOT NULL,
  cpu_seconds REAL NOT NULL,
  memory_peak_mib REAL,
  read_bytes INTEGER,
  written_bytes INTEGER,
  platform INTEGER,
  absence INTEGER NOT NULL,
  log TEXT,
  detail TEXT NOT NULL
);
CREATE INDEX invocations_by_run ON invocations (run, key);
`;
