-- A knowledge base as the first version of its schema left it.
PRAGMA application_id = 1463899220;
PRAGMA user_version = 1;
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
INSERT INTO runs (key, id, workflow, workflow_file, bundle_hash, parameters, status, owner_pid, owner_hostname, owner_process_start, heartbeat_at, started_at, ended_at, settings, platforms, stages, totals, result, error, experiment, repetition, warm_up) VALUES (1, '20260401-first', 'pi', '/home/me/pi.ts', 'abc', '{"points":1000}', 'failed', NULL, NULL, NULL, NULL, 1775000000, 1775000002, '{}', '[{"backend":"local","hostname":"bench-1","cpu":{"model":"Example CPU","vendor":"GenuineIntel","architecture":"x64","coresPhysical":4,"coresLogical":8,"sockets":1},"memoryMib":16000,"operatingSystem":"Debian GNU/Linux 12","kernel":"6.1.0","runtime":"node 20.19.1","cpuLimit":{"by":"none","note":"no cgroups"},"memoryLimit":{"by":"heap"}}]', '[]', NULL, NULL, '{"name":"Error","message":"no room"}', NULL, NULL, NULL);
INSERT INTO platforms (key, hash, content) VALUES (1, 'e8f52b0c5885df06e45a1497c9156a2e', '{"backend":"local","hostname":"bench-1","cpu":{"model":"Example CPU","vendor":"GenuineIntel","architecture":"x64","coresPhysical":4,"coresLogical":8,"sockets":1},"memoryMib":16000,"operatingSystem":"Debian GNU/Linux 12","kernel":"6.1.0","runtime":"node 20.19.1","cpuLimit":{"by":"none","note":"no cgroups"},"memoryLimit":{"by":"heap"}}');
INSERT INTO absences (key, hash, content) VALUES (1, 'e2e96d873cbea67c8416bf5a518945f4', '[{"name":"ipmi","reason":"there is no BMC"}]');
INSERT INTO energy_layouts (key, hash, content) VALUES (1, '6f68d9954d6a5d8b1e7781d4193ae495', '[["rapl","package","measured"]]');
INSERT INTO invocations (key, run, id, function, partition, attempt, speculative, cpu, memory_mib, workers, worker, submitted_at, started_at, ended_at, cold, status, wall_seconds, cpu_seconds, memory_peak_mib, read_bytes, written_bytes, platform, absence, log, detail) VALUES (1, 1, 'i-0', 'sample', 0, 1, 0, 1, 256, 2, 'worker-1', 1775000000, 1775000000.25, 1775000001.5, 1, 'done', 1.25, 1.125, 48.5, 1024, 2048, 1, 1, NULL, '{"p":[["compute",1,1,[1,16,4,2,0.05]]],"u":[["rusage",1.125,null,null,null,12]],"e":[1,19,4.75,2.375,0.05]}');
INSERT INTO invocations (key, run, id, function, partition, attempt, speculative, cpu, memory_mib, workers, worker, submitted_at, started_at, ended_at, cold, status, wall_seconds, cpu_seconds, memory_peak_mib, read_bytes, written_bytes, platform, absence, log, detail) VALUES (2, 1, 'i-1', 'sample', 1, 1, 0, 1, 256, 2, 'worker-1', 1775000000, 1775000000.25, 1775000001.5, 0, 'failed', 1.25, 1.125, 48.5, 1024, 2048, 1, 1, NULL, '{"p":[["compute",1,1,[1,16,4,2,0.05]]],"u":[["rusage",1.125,null,null,null,12]],"e":[1,19,4.75,2.375,0.05],"error":{"name":"Error","message":"no room"}}');
