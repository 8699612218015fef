import { ErrorCode, WattloopError } from '../../base/index.js';
import { EXPERIMENT_KINDS, type Experiment } from '../../model/index.js';
import type { Connection } from '../sqlite/connection.js';
import { fromJson, toJson } from '../sqlite/json.js';
import { number, numberOrNone, oneOf, type Row, text } from '../sqlite/row.js';

export interface ExperimentFilter {
  readonly workflow?: string;
  readonly limit?: number;
}

function fromRow(row: Row): Experiment {
  const endedAt = numberOrNone(row, 'ended_at');
  const id = text(row, 'id');
  return {
    id,
    kind: oneOf(row, 'kind', EXPERIMENT_KINDS),
    workflow: text(row, 'workflow'),
    grid: fromJson(text(row, 'grid'), `the grid of the experiment ${id}`),
    startedAt: number(row, 'started_at'),
    ...(endedAt !== undefined && { endedAt }),
  };
}

export class ExperimentTable {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** A new one, or what is now known of one that is there. */
  save({ id, kind, workflow, grid, startedAt, endedAt }: Experiment): void {
    this.#connection.run(
      'INSERT OR REPLACE INTO experiments (id, kind, workflow, grid, started_at, ended_at) VALUES (?, ?, ?, ?, ?, ?)',
      id,
      kind,
      workflow,
      toJson(grid, 'the grid of the experiment'),
      startedAt,
      endedAt ?? null,
    );
  }

  find(id: string): Experiment {
    const [row] = this.#connection.rows('SELECT * FROM experiments WHERE id = ?', id);
    if (row === undefined) throw new WattloopError(ErrorCode.notFound, `there is no experiment "${id}"`);
    return fromRow(row);
  }

  list({ workflow, limit }: ExperimentFilter): Experiment[] {
    return this.#connection
      .rows(
        'SELECT * FROM experiments WHERE workflow = coalesce(?, workflow) ORDER BY started_at DESC LIMIT ?',
        workflow ?? null,
        limit ?? -1,
      )
      .map(fromRow);
  }
}
