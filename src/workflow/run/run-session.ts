import { rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ErrorCode, type Host, makeFolders, messageOf, WattloopError } from '../../base/index.js';
import type { ComputeBackend } from '../../compute/index.js';
import type { Knowledge, RunEnd } from '../../knowledge/index.js';
import type { InvocationError, RunRecord, Settings } from '../../model/index.js';
import type { ObjectStore } from '../../storage/index.js';
import type { KeptStores } from '../data/kept-stores.js';
import type { Parameters } from '../define/json.js';
import type { Override, ResolvedStage } from '../define/resolve.js';
import type { BuiltWorkflow } from '../define/workflow.js';
import type { Job } from '../worker/job.js';
import { ActiveRun } from './active-run.js';
import { type KeptSettings, nothingBefore, type Recall, recall } from './earlier-session.js';
import { InputPlanner } from './input-planner.js';
import type { LoadedWorkflow } from './load-workflow.js';
import { PartitionKeys, runPrefix } from './partition-key.js';
import { resumeCommand } from './resume-command.js';
import { runFailure } from './run-failure.js';
import { newRunId, RunFolder } from './run-folder.js';
import type { RunOptions } from './run-options.js';
import { runResult } from './run-result.js';

/** What a session works with, whatever it runs. */
export interface SessionTools {
  readonly host: Host;
  readonly settings: Settings;
  readonly dataDir: string;
  readonly backend: ComputeBackend;
  readonly store: ObjectStore;
  readonly stores: KeptStores;
  readonly knowledge: Knowledge;
}

/** What it runs. */
export interface SessionWork {
  readonly loaded: LoadedWorkflow;
  readonly built: BuiltWorkflow;
  readonly stages: readonly ResolvedStage[];
  readonly overrides: Readonly<Record<string, Override>>;
  /** The run that is gone on with. */
  readonly earlier: RunRecord | undefined;
}

type Outcome = Pick<RunEnd, 'status' | 'result' | 'error'>;

const NEVER = new AbortController().signal;

/** One session of a run: from when it is this process's own to its end, good or bad. */
export class RunSession {
  readonly #tools: SessionTools;
  readonly #work: SessionWork;
  readonly #options: RunOptions;
  readonly #id: string;
  readonly #folder: RunFolder;
  readonly #keys: PartitionKeys;

  constructor(tools: SessionTools, work: SessionWork, options: RunOptions) {
    this.#tools = tools;
    this.#work = work;
    this.#options = options;
    this.#id = work.earlier?.id ?? newRunId(tools.host.clock.wall());
    this.#folder = new RunFolder(tools.dataDir, this.#id);
    this.#keys = new PartitionKeys(this.#id);
  }

  /** The record says how it ended. What is wrong before anything runs is thrown. */
  async perform(): Promise<RunRecord> {
    const { active, run, before } = await (this.#work.earlier ? this.#goOn() : this.#begin());
    const outcome = await this.#outcome(active, run, before);
    active.status = outcome.status;
    this.#removeJob();
    return this.#end(active, run, outcome);
  }

  /** A new run is recorded when all that can be refused beforehand was not. */
  async #begin(): Promise<Begun> {
    const { knowledge, store } = this.#tools;
    const { loaded, built, overrides } = this.#work;
    const active = await this.#prepare();
    // A store that is down, full or closed to us is found now, not when the first stage has done its work.
    await store.put(`${runPrefix(this.#id)}.run.json`, JSON.stringify({ workflow: built.name }));
    const run = knowledge.beginRun({
      id: this.#id,
      workflow: built.name,
      workflowFile: loaded.file,
      bundleHash: loaded.hash,
      parameters: built.parameters,
      settings: { overrides, storage: store.address } satisfies KeptSettings,
      stages: active.stages,
      ...(this.#options.experiment && { experiment: this.#options.experiment }),
    });
    return { active, run, before: nothingBefore };
  }

  /** A run that is gone on with is claimed first, so that nobody else adds to what it has finished while that is read. */
  async #goOn(): Promise<Begun> {
    const { knowledge, store } = this.#tools;
    const run = knowledge.resumeRun(this.#id);
    try {
      const active = await this.#prepare();
      const before = await recall(this.#id, {
        ...{ knowledge, store, keys: this.#keys, folder: this.#folder },
        each: (recalled) => active.recall(recalled),
      });
      return { active, run, before };
    } catch (error) {
      knowledge.endRun(this.#id, { status: 'failed', error: asError(error) });
      throw error;
    }
  }

  async #prepare(): Promise<ActiveRun> {
    const { host, settings, dataDir, backend, store, stores, knowledge } = this.#tools;
    const { loaded, built, stages } = this.#work;
    const planner = await InputPlanner.open(stages, this.#keys, (stage, input) => ({
      baseFolder: dirname(loaded.file),
      storage: settings.storage,
      open: (storage) => stores.open(storage, dataDir),
      run: { store, prefix: `${runPrefix(this.#id)}.inputs/${stage}/${input}` },
    }));
    return new ActiveRun({
      ...{ id: this.#id, workflow: built.name, host, settings, backend, knowledge },
      ...{ folder: this.#folder, stages, keys: this.#keys, planner },
    });
  }

  async #outcome(active: ActiveRun, run: RunRecord, before: Recall): Promise<Outcome> {
    const { signal = NEVER, hurry, onBegin } = this.#options;
    try {
      this.#writeJob(run);
      active.beginSession();
      onBegin?.(() => active.progress);
      const failed = await active.run({ signal, hurry, before });
      if (failed) return { status: 'failed', error: asError(runFailure(failed, resumeCommand(run))) };
      if (!active.isFinished) return { status: 'cancelled' };
      const { built, stages } = this.#work;
      const source = { stages, keys: this.#keys, store: this.#tools.store };
      return { status: 'done', result: await runResult(built.result, source) };
    } catch (error) {
      return { status: 'failed', error: keeping(asError(error), run) };
    }
  }

  #end(active: ActiveRun, run: RunRecord, outcome: Outcome): RunRecord {
    const { knowledge, host } = this.#tools;
    const { platforms, stages, totals } = active;
    const end = { ...outcome, platforms, stages, totals };
    try {
      knowledge.endRun(this.#id, end);
      this.#saveSamples(active);
      return knowledge.run(this.#id);
    } catch (error) {
      // What can't be kept is told at least.
      const unkept = keeping(asError(error, `the run is ${end.status}, but that can't be kept: `), run);
      return {
        ...{ ...run, ...end, status: 'failed', endedAt: host.clock.wall() },
        error: end.error ?? unkept,
      };
    }
  }

  #saveSamples(active: ActiveRun): void {
    // Of a run in several sessions nobody knows how long it would have taken in one.
    if (active.status !== 'done' || this.#work.earlier !== undefined) return;
    const { experiment, varied } = this.#options;
    const { repetition, warmUp } = experiment ?? { repetition: 1, warmUp: false };
    this.#tools.knowledge.saveStageSamples(
      active.samples({ repetition, warmUp, varied }),
      experiment ? { experiment: experiment.id } : {},
    );
  }

  /** What workers need to know of the run lies in a file, so that it is not sent to them ten thousand times. */
  #writeJob(run: RunRecord): void {
    const { settings, dataDir } = this.#tools;
    const { loaded, stages } = this.#work;
    const job: Job = {
      run: run.id,
      workflow: run.workflow,
      bundle: loaded.bundle,
      folder: dirname(loaded.file),
      parameters: run.parameters as Parameters,
      workers: stages.map(({ configuration }) => configuration.workers),
      storage: settings.storage,
      dataDir,
    };
    const { path, job: file } = this.#folder;
    try {
      makeFolders(path);
      writeFileSync(file, JSON.stringify(job), { mode: 0o600 });
    } catch (error) {
      throw new WattloopError(ErrorCode.writeFailed, `could not write ${file}: ${messageOf(error)}`, {
        remedy: 'Make room there, or name another folder with data_dir',
        cause: error,
      });
    }
  }

  /** It may hold credentials, and nobody reads it any more. */
  #removeJob(): void {
    try {
      rmSync(this.#folder.job, { force: true });
      rmdirSync(this.#folder.path);
    } catch {
      // There are logs beside it.
    }
  }
}

interface Begun {
  readonly active: ActiveRun;
  readonly run: RunRecord;
  readonly before: Recall;
}

function asError(error: unknown, before = ''): InvocationError {
  if (!(error instanceof WattloopError)) return { name: 'Error', message: before + messageOf(error) };
  const { name, message, code, remedy } = error;
  return { name, message: before + message, code, ...(remedy !== undefined && { remedy }) };
}

const keeping = (error: InvocationError, run: RunRecord): InvocationError => ({
  ...error,
  remedy: [error.remedy, `What finished is kept: ${resumeCommand(run)}`]
    .filter((part) => part !== undefined)
    .join('. '),
});
