import { type Clock, ErrorCode, WattloopError } from '../../base/index.js';
import type { RunRecord, RunState, RunStatus } from '../../model/index.js';
import type { Connection } from '../sqlite/connection.js';
import { number, type Row, text } from '../sqlite/row.js';
import { findRun } from './find-run.js';
import { HEARTBEAT_SECONDS, isAlive, ownerHere, type ProcessView } from './owner.js';
import { runColumns, runFromRow } from './run-row.js';

type Given = 'parameters' | 'settings' | 'platforms' | 'stages' | 'startedAt';
type Later = 'status' | 'owner' | 'endedAt' | 'totals' | 'result' | 'error';
/** What is known of a run when it begins. */
export type NewRun = Omit<RunRecord, Given | Later> & Partial<Pick<RunRecord, Given>>;
/** What may be told of a run while it goes on. */
export type RunChanges = Partial<
  Pick<RunRecord, 'platforms' | 'stages' | 'totals' | 'settings' | 'bundleHash' | 'workflowFile'>
>;
export type RunEnd = RunChanges &
  Partial<Pick<RunRecord, 'endedAt' | 'result' | 'error'>> & {
    readonly status: Exclude<RunStatus, 'running'>;
  };

export interface RunFilter {
  readonly workflow?: string;
  readonly status?: RunStatus;
  readonly experiment?: string;
  /** At most so many, the newest first. */
  readonly limit?: number;
}

const FIT_FOR_PATHS = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const MILLISECONDS_PER_SECOND = 1_000;

export class RunTable {
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #view: ProcessView;
  /** The runs of this process. */
  readonly #own = new Set<string>();
  readonly #keys = new Map<string, number>();
  #heartbeat: NodeJS.Timeout | undefined;

  constructor(connection: Connection, clock: Clock, view: ProcessView) {
    this.#connection = connection;
    this.#clock = clock;
    this.#view = view;
  }

  begin(run: NewRun): RunRecord {
    if (!FIT_FOR_PATHS.test(run.id))
      throw new WattloopError(ErrorCode.badInput, `"${run.id}" can't be the id of a run`, {
        remedy: 'Use letters, digits, dots, dashes and underscores: files and objects are named after it',
      });
    const record: RunRecord = {
      parameters: {},
      settings: {},
      platforms: [],
      stages: [],
      startedAt: this.#clock.wall(),
      ...run,
      status: 'running',
      owner: ownerHere(this.#view, process.pid, this.#clock.wall()),
    };
    const columns = Object.entries(runColumns(record));
    this.#connection.transaction(() => {
      if (this.#connection.integer('SELECT key FROM runs WHERE id = ?', run.id) !== undefined)
        throw new WattloopError(ErrorCode.alreadyExists, `there is a run "${run.id}" already`);
      const names = columns.map(([name]) => name).join(', ');
      const places = columns.map(() => '?').join(', ');
      this.#connection.run(
        `INSERT INTO runs (${names}) VALUES (${places})`,
        ...columns.map(([, value]) => value),
      );
    });
    this.#own.add(run.id);
    this.#beat();
    return record;
  }

  /** Makes a run that has ended, or whose process is gone, this process's own. Of two that want it, one gets it. */
  resume(id: string): RunRecord {
    const run = this.#connection.transaction(() => {
      const found = this.find(id);
      if (this.state(found) === 'running') throw stillRuns(found);
      this.#set(found.id, {
        status: 'running',
        owner: ownerHere(this.#view, process.pid, this.#clock.wall()),
        endedAt: undefined,
        result: undefined,
        error: undefined,
      });
      return this.find(found.id);
    });
    this.#own.add(run.id);
    this.#beat();
    return run;
  }

  update(id: string, changes: RunChanges): void {
    this.#set(id, changes);
  }

  end(id: string, end: RunEnd): void {
    this.#set(id, { endedAt: this.#clock.wall(), ...end, owner: undefined });
    this.#own.delete(id);
  }

  find(id: string): RunRecord {
    return runFromRow(findRun(this.#connection, id));
  }

  list({ workflow, status, experiment, limit }: RunFilter): RunRecord[] {
    const filters = { workflow, status, experiment };
    const given = Object.entries(filters).flatMap(([name, value]) =>
      value === undefined ? [] : [{ name, value }],
    );
    const where = given.length === 0 ? '' : `WHERE ${given.map(({ name }) => `${name} = ?`).join(' AND ')}`;
    return this.#connection
      .rows(
        `SELECT * FROM runs ${where} ORDER BY started_at DESC, key DESC LIMIT ?`,
        ...given.map(({ value }) => value),
        limit ?? -1,
      )
      .map(runFromRow);
  }

  state(run: RunRecord): RunState {
    if (run.status !== 'running') return run.status;
    const isOn = run.owner !== undefined && isAlive(run.owner, this.#view, this.#clock.wall());
    return isOn ? 'running' : 'crashed';
  }

  /** The number by which invocations name their run. */
  keyOf(id: string): number {
    const known = this.#keys.get(id) ?? this.#connection.integer('SELECT key FROM runs WHERE id = ?', id);
    if (known === undefined)
      throw new WattloopError(ErrorCode.notFound, `there is no run "${id}" to record invocations of`);
    this.#keys.set(id, known);
    return known;
  }

  /** The run itself, without what belongs to it. */
  delete(row: Row): void {
    const run = runFromRow(row);
    if (this.state(run) === 'running') throw stillRuns(run);
    this.#connection.run('DELETE FROM runs WHERE key = ?', number(row, 'key'));
    this.#keys.delete(text(row, 'id'));
  }

  close(): void {
    clearInterval(this.#heartbeat);
    this.#heartbeat = undefined;
  }

  #set(id: string, fields: Partial<RunRecord>): void {
    const columns = Object.entries(runColumns(fields));
    if (columns.length === 0) return;
    const changed = this.#connection.run(
      `UPDATE runs SET ${columns.map(([name]) => `${name} = ?`).join(', ')} WHERE id = ?`,
      ...columns.map(([, value]) => value),
      id,
    );
    if (changed === 0) throw new WattloopError(ErrorCode.notFound, `there is no run "${id}"`);
  }

  #beat(): void {
    this.#heartbeat ??= setInterval(() => {
      try {
        this.#connection.impatiently(() => {
          for (const id of this.#own)
            this.#connection.run('UPDATE runs SET heartbeat_at = ? WHERE id = ?', this.#clock.wall(), id);
        });
      } catch {
        // A beat that is missed does no harm, and what is wrong with the database shows where something is written.
      }
    }, HEARTBEAT_SECONDS * MILLISECONDS_PER_SECOND).unref();
  }
}

function stillRuns({ id, owner }: RunRecord): WattloopError {
  const where = owner === undefined ? '' : ` in process ${owner.pid} on ${owner.hostname}`;
  return new WattloopError(ErrorCode.inUse, `the run ${id} still goes on${where}`, {
    remedy: 'Wait for its end, or end that process',
  });
}
