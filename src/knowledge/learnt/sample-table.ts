import type { StageSample } from '../../model/index.js';
import type { Connection } from '../sqlite/connection.js';
import { fromJson, toJson } from '../sqlite/json.js';
import { text } from '../sqlite/row.js';

export interface SampleFilter {
  readonly workflow?: string;
  readonly stage?: string;
  readonly run?: string;
  readonly experiment?: string;
}

const INSERT = `INSERT OR REPLACE INTO stage_samples
  (workflow, stage, run, experiment, cpu, memory_mib, workers, repetition, warm_up, sample)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

export class SampleTable {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** A sample of the same run, stage, configuration and repetition takes the place of the one before. */
  save(samples: readonly StageSample[], experiment: string | undefined): void {
    this.#connection.transaction(() => {
      for (const sample of samples) {
        const { workflow, stage, run, configuration, repetition, warmUp } = sample;
        this.#connection.run(
          INSERT,
          workflow,
          stage,
          run,
          experiment ?? this.#experimentOf(run),
          configuration.cpu,
          configuration.memoryMib,
          configuration.workers,
          repetition,
          Number(warmUp),
          toJson(sample, 'a sample of a stage'),
        );
      }
    });
  }

  /** In the order in which they were saved. */
  select(filter: SampleFilter): StageSample[] {
    const { workflow, stage, run, experiment } = filter;
    const given = Object.entries({ workflow, stage, run, experiment }).flatMap(([name, value]) =>
      value === undefined ? [] : [{ name, value }],
    );
    const where = given.length === 0 ? '' : `WHERE ${given.map(({ name }) => `${name} = ?`).join(' AND ')}`;
    return this.#connection
      .rows(`SELECT sample FROM stage_samples ${where} ORDER BY key`, ...given.map(({ value }) => value))
      .map((row) => fromJson<StageSample>(text(row, 'sample'), 'a sample of a stage'));
  }

  deleteOf(run: string): void {
    this.#connection.run('DELETE FROM stage_samples WHERE run = ?', run);
  }

  #experimentOf(run: string): string | null {
    const [row] = this.#connection.rows('SELECT experiment FROM runs WHERE id = ?', run);
    const experiment = row?.experiment;
    return typeof experiment === 'string' ? experiment : null;
  }
}
