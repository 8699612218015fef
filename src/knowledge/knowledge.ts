import { type Clock, systemClock } from '../base/index.js';
import type { Experiment, Invocation, RunRecord, RunState, SavedModel, StageSample } from '../model/index.js';
import { checkInvocation } from './invocations/checked.js';
import { type InvocationFilter, InvocationTable } from './invocations/invocation-table.js';
import { Recorder } from './invocations/recorder.js';
import { type ExperimentFilter, ExperimentTable } from './learnt/experiment-table.js';
import { type ModelFilter, ModelTable } from './learnt/model-table.js';
import { type SampleFilter, SampleTable } from './learnt/sample-table.js';
import { findRun } from './runs/find-run.js';
import { processView } from './runs/owner.js';
import { type NewRun, type RunChanges, type RunEnd, type RunFilter, RunTable } from './runs/run-table.js';
import { Served } from './served/served.js';
import type { Connection } from './sqlite/connection.js';
import { openFile } from './sqlite/open-file.js';
import { number, text } from './sqlite/row.js';

export interface KnowledgeOptions {
  /** Reads what is there and changes nothing; there must be something. */
  readonly readOnly?: boolean;
  /** How long to wait for another process that writes; 10 when not given. */
  readonly busyTimeoutSeconds?: number;
  readonly clock?: Clock;
  /** Where processes are seen: tells a run that goes on from one whose process is gone. */
  readonly procfs?: string;
}

const BUSY_TIMEOUT_SECONDS = 10;

/**
 * What has been learnt, in one SQLite file that several processes may read and write at once. Every call is synchronous
 * and short; whatever goes wrong is a WattloopError that names the file. A run may be named by the beginning of its id.
 */
export class Knowledge {
  readonly path: string;
  /** What the gateway keeps of the functions that it serves. */
  readonly served: Served;
  readonly #connection: Connection;
  readonly #runs: RunTable;
  readonly #invocations: InvocationTable;
  readonly #recorder: Recorder;
  readonly #samples: SampleTable;
  readonly #experiments: ExperimentTable;
  readonly #models: ModelTable;
  #isOpen = true;

  /** Makes the file and its folder where they are missing, and brings an older one up to date. */
  static async open(path: string, options: KnowledgeOptions = {}): Promise<Knowledge> {
    const { readOnly = false, busyTimeoutSeconds = BUSY_TIMEOUT_SECONDS } = options;
    return new Knowledge(await openFile(path, { readOnly, busyTimeoutSeconds }), options);
  }

  private constructor(connection: Connection, { clock = systemClock, procfs }: KnowledgeOptions) {
    this.path = connection.path;
    this.#connection = connection;
    this.#runs = new RunTable(connection, clock, processView(procfs));
    this.#invocations = new InvocationTable(connection);
    this.#recorder = new Recorder(this.#invocations, connection);
    this.#samples = new SampleTable(connection);
    this.#experiments = new ExperimentTable(connection);
    this.#models = new ModelTable(connection);
    this.served = new Served(connection, clock);
  }

  beginRun(run: NewRun): RunRecord {
    return this.#runs.begin(run);
  }

  /** Goes on with a run that has ended or crashed; `in_use` when another process is at it. */
  resumeRun(id: string): RunRecord {
    return this.#runs.resume(id);
  }

  updateRun(id: string, changes: RunChanges): void {
    this.#runs.update(id, changes);
  }

  /** Writes what of it still waits, then its end. */
  endRun(id: string, end: RunEnd): void {
    this.flush();
    this.#runs.end(id, end);
  }

  run(id: string): RunRecord {
    return this.#runs.find(id);
  }

  /** The newest first. */
  runs(filter: RunFilter = {}): RunRecord[] {
    return this.#runs.list(filter);
  }

  /** Its status; `crashed` when it says that it runs and its process is gone. */
  stateOf(run: RunRecord): RunState {
    return this.#runs.state(run);
  }

  /** Deletes a run with its invocations and samples. A run that goes on is refused (`in_use`). */
  deleteRun(id: string): RunRecord {
    this.flush();
    return this.#connection.transaction(() => {
      const row = findRun(this.#connection, id);
      const run = this.run(text(row, 'id'));
      this.#runs.delete(row);
      this.#invocations.deleteOf(number(row, 'key'));
      this.#samples.deleteOf(run.id);
      return run;
    });
  }

  /** Cheap: it is written together with others within 50 ms, or by `flush`, `endRun` or `close`. */
  record(invocation: Invocation): void {
    checkInvocation(invocation);
    const run = invocation.run === undefined ? null : this.#runs.keyOf(invocation.run);
    this.#recorder.add({ invocation, run });
  }

  /** Writes what waits. Throws when that is impossible; it then waits on. */
  flush(): void {
    this.#recorder.flush();
  }

  /** Of a run, or of none when `run` is undefined. In the order in which they were recorded, a few at a time. */
  invocations(run: string | undefined, filter: InvocationFilter = {}): IterableIterator<Invocation> {
    this.flush();
    if (run === undefined) return this.#invocations.select(null, undefined, filter);
    const row = findRun(this.#connection, run);
    return this.#invocations.select(number(row, 'key'), text(row, 'id'), filter);
  }

  countInvocations(run: string | undefined, filter: InvocationFilter = {}): number {
    this.flush();
    return this.#invocations.count(this.#keyOf(run), filter);
  }

  /** The partitions of each stage that need not run again. */
  finishedPartitions(run: string): Map<string, Set<number>> {
    this.flush();
    return this.#invocations.finishedPartitions(number(findRun(this.#connection, run), 'key'));
  }

  /** Without an experiment they belong to that of their run, if there is one. */
  saveStageSamples(samples: readonly StageSample[], options: { readonly experiment?: string } = {}): void {
    this.#samples.save(samples, options.experiment);
  }

  stageSamples(filter: SampleFilter = {}): StageSample[] {
    return this.#samples.select(filter);
  }

  saveExperiment(experiment: Experiment): void {
    this.#experiments.save(experiment);
  }

  experiment(id: string): Experiment {
    return this.#experiments.find(id);
  }

  /** The newest first. */
  experiments(filter: ExperimentFilter = {}): Experiment[] {
    return this.#experiments.list(filter);
  }

  saveModel(model: SavedModel): void {
    this.#models.save(model);
  }

  /** The latest first. */
  models(filter: ModelFilter = {}): SavedModel[] {
    return this.#models.select(filter);
  }

  /** Writes what waits. The file is closed also when that fails. `impatient`: it was tried before, with patience. */
  close({ impatient = false }: { readonly impatient?: boolean } = {}): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    try {
      if (impatient) this.#connection.impatiently(() => this.flush());
      else this.flush();
    } finally {
      this.#runs.close();
      this.#connection.close();
    }
  }

  #keyOf(run: string | undefined): number | null {
    return run === undefined ? null : number(findRun(this.#connection, run), 'key');
  }
}
