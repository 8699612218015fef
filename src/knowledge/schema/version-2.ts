/** What is learnt from runs: experiments, samples of stages, models. */
export const VERSION_2 = `
CREATE TABLE experiments (
  id TEXT PRIMARY KEY NOT NULL,
  kind TEXT NOT NULL,
  workflow TEXT NOT NULL,
  grid TEXT NOT NULL,
  started_at REAL NOT NULL,
  ended_at REAL
);
CREATE INDEX experiments_by_start ON experiments (started_at);

CREATE TABLE stage_samples (
  key INTEGER PRIMARY KEY,
  workflow TEXT NOT NULL,
  stage TEXT NOT NULL,
  run TEXT NOT NULL,
  experiment TEXT,
  cpu REAL NOT NULL,
  memory_mib REAL NOT NULL,
  workers INTEGER NOT NULL,
  repetition INTEGER NOT NULL,
  warm_up INTEGER NOT NULL,
  sample TEXT NOT NULL,
  UNIQUE (workflow, stage, run, cpu, memory_mib, workers, repetition, warm_up)
);
CREATE INDEX stage_samples_by_experiment ON stage_samples (experiment) WHERE experiment IS NOT NULL;
CREATE INDEX stage_samples_by_run ON stage_samples (run);

CREATE TABLE models (
  key INTEGER PRIMARY KEY,
  workflow TEXT NOT NULL,
  stage TEXT,
  kind TEXT NOT NULL,
  trained_at REAL NOT NULL,
  trained_on TEXT,
  data TEXT NOT NULL
);
CREATE INDEX models_by_workflow ON models (workflow, stage, trained_at);
`;
