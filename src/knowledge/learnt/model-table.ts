import type { Configuration, SavedModel } from '../../model/index.js';
import type { Connection } from '../sqlite/connection.js';
import { fromJson, toJson } from '../sqlite/json.js';
import { number, type Row, text, textOrNone } from '../sqlite/row.js';

export interface ModelFilter {
  readonly workflow?: string;
  readonly stage?: string;
  readonly kind?: string;
  readonly limit?: number;
}

function fromRow(row: Row): SavedModel {
  const stage = textOrNone(row, 'stage');
  const trainedOn = textOrNone(row, 'trained_on');
  return {
    workflow: text(row, 'workflow'),
    ...(stage !== undefined && { stage }),
    kind: text(row, 'kind'),
    trainedAt: number(row, 'trained_at'),
    ...(trainedOn !== undefined && {
      trainedOn: fromJson<readonly Configuration[]>(trainedOn, 'the configurations of a model'),
    }),
    data: fromJson<unknown>(text(row, 'data'), 'a model'),
  };
}

export class ModelTable {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  save({ workflow, stage, kind, trainedAt, trainedOn, data }: SavedModel): void {
    this.#connection.run(
      'INSERT INTO models (workflow, stage, kind, trained_at, trained_on, data) VALUES (?, ?, ?, ?, ?, ?)',
      workflow,
      stage ?? null,
      kind,
      trainedAt,
      toJson(trainedOn, 'the configurations of a model'),
      toJson(data ?? null, 'the model'),
    );
  }

  /** The latest first. */
  select({ workflow, stage, kind, limit }: ModelFilter): SavedModel[] {
    const given = Object.entries({ workflow, stage, kind }).flatMap(([name, value]) =>
      value === undefined ? [] : [{ name, value }],
    );
    const where = given.length === 0 ? '' : `WHERE ${given.map(({ name }) => `${name} = ?`).join(' AND ')}`;
    return this.#connection
      .rows(
        `SELECT * FROM models ${where} ORDER BY trained_at DESC, key DESC LIMIT ?`,
        ...given.map(({ value }) => value),
        limit ?? -1,
      )
      .map(fromRow);
  }
}
