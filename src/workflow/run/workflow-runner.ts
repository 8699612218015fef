import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type Host, messageOf, WattloopError } from '../../base/index.js';
import { type ComputeBackend, openLocalBackend, resourcesFor } from '../../compute/index.js';
import { Knowledge } from '../../knowledge/index.js';
import type { InvocationError, RunExperiment, RunProgress, RunRecord, Settings } from '../../model/index.js';
import { type ObjectStore, openStorage } from '../../storage/index.js';
import type { Parameters } from '../define/json.js';
import { type Override, type ResolvedStage, resolveWorkflow } from '../define/resolve.js';
import type { BuiltWorkflow } from '../define/workflow.js';
import type { Job } from '../worker/job.js';
import { ActiveRun } from './active-run.js';
import { type KeptSettings, recall, runToResume } from './earlier-session.js';
import { InputPlanner } from './input-planner.js';
import type { LoadedWorkflow } from './load-workflow.js';
import { PartitionKeys, runPrefix } from './partition-key.js';
import { refuseMissingCommands } from './refuse-missing-commands.js';
import { runFailure } from './run-failure.js';
import { newRunId, RunFolder } from './run-folder.js';
import { runResult } from './run-result.js';

export interface RunOptions {
  readonly parameters?: Parameters;
  /** Configurations by stage, instead of what the workflow says; `*` is for all that no other names. */
  readonly overrides?: Readonly<Record<string, Override>>;
  /** Goes on with this run, from its finished partitions. */
  readonly resume?: string;
  readonly experiment?: RunExperiment;
  /** The stage whose configuration an experiment varies, where it is one alone. */
  readonly varied?: string;
  readonly signal?: AbortSignal;
  /** Told, when the run begins, how it can be watched. */
  readonly onBegin?: (watch: () => RunProgress) => void;
}

const NEVER = new AbortController().signal;

/** Runs workflows on one backend, whose workers stay warm from run to run. */
export class WorkflowRunner {
  readonly #host: Host;
  readonly #settings: Settings;
  readonly #dataDir: string;
  readonly backend: ComputeBackend;
  readonly store: ObjectStore;
  readonly knowledge: Knowledge;

  private constructor(
    host: Host,
    settings: Settings,
    backend: ComputeBackend,
    store: ObjectStore,
    knowledge: Knowledge,
  ) {
    this.#host = host;
    this.#settings = settings;
    this.#dataDir = resolve(settings.data_dir);
    this.backend = backend;
    this.store = store;
    this.knowledge = knowledge;
  }

  static async open(host: Host, settings: Settings): Promise<WorkflowRunner> {
    const dataDir = resolve(settings.data_dir);
    const knowledge = await Knowledge.open(join(dataDir, 'knowledge.db'), { procfs: host.procfs });
    try {
      const store = await openStorage(settings.storage, { dataDir });
      const backend = await openLocalBackend(host, settings);
      return new WorkflowRunner(host, settings, backend, store, knowledge);
    } catch (error) {
      knowledge.close();
      throw error;
    }
  }

  /** The stages as a run would have them. Refuses what can't run. */
  plan(loaded: LoadedWorkflow, { parameters, overrides = {} }: RunOptions): ResolvedStage[] {
    return this.#resolve(loaded.build(parameters), overrides);
  }

  /** Runs a workflow to its end, good or bad: the record says which. What is wrong before anything runs is thrown. */
  async run(loaded: LoadedWorkflow, options: RunOptions = {}): Promise<RunRecord> {
    const { knowledge, store, backend } = this;
    const earlier = options.resume === undefined ? undefined : runToResume(knowledge, loaded, options.resume);
    const kept = earlier?.settings as KeptSettings | undefined;
    const overrides = kept?.overrides ?? options.overrides ?? {};
    const built = loaded.build((earlier?.parameters as Parameters | undefined) ?? options.parameters);
    const stages = this.#resolve(built, overrides);
    const id = earlier?.id ?? newRunId(this.#host.clock.wall());
    const folder = new RunFolder(this.#dataDir, id);
    const keys = new PartitionKeys(id);
    const planner = await this.#plan(id, loaded, stages, keys);
    const active = new ActiveRun({
      ...{ id, workflow: built.name, host: this.#host, settings: this.#settings },
      ...{ backend, knowledge, folder, stages, keys, planner },
    });
    const finished = earlier
      ? await recall(id, knowledge, store, keys, (each) => active.recall(each))
      : new Map<string, Set<number>>();
    const run = earlier
      ? knowledge.resumeRun(id)
      : knowledge.beginRun({
          id,
          workflow: built.name,
          workflowFile: loaded.file,
          bundleHash: loaded.hash,
          parameters: built.parameters,
          settings: { overrides } satisfies KeptSettings,
          stages: active.stages,
          ...(options.experiment && { experiment: options.experiment }),
        });
    this.#writeJob(folder, run, loaded, stages);
    options.onBegin?.(() => active.progress);
    const { signal = NEVER } = options;
    const failed = await active.run(signal, finished).catch((error: unknown) => asError(error));
    active.status = signal.aborted ? 'cancelled' : failed ? 'failed' : 'done';
    const result =
      active.status === 'done' ? await runResult(built.result, { stages, keys, store }) : undefined;
    const error = failed && ('status' in failed ? asError(runFailure(failed, resumeCommand(run))) : failed);
    knowledge.endRun(id, {
      status: active.status,
      platforms: active.platforms,
      stages: active.stages,
      totals: active.totals,
      ...(result && { result }),
      ...(error && { error }),
    });
    // Of a run in several sessions nobody knows how long it would have taken in one.
    if (active.status === 'done' && earlier === undefined) {
      const { repetition, warmUp } = options.experiment ?? { repetition: 1, warmUp: false };
      knowledge.saveStageSamples(
        active.samples({ repetition, warmUp, varied: options.varied }),
        options.experiment ? { experiment: options.experiment.id } : {},
      );
    }
    return knowledge.run(id);
  }

  #resolve(built: BuiltWorkflow, overrides: Readonly<Record<string, Override>>): ResolvedStage[] {
    const { retries, timeout_seconds } = this.#settings.workflow;
    const stages = resolveWorkflow(built, {
      overrides,
      resources: (asked) => resourcesFor(this.#settings, asked),
      refuses: (resources) => this.backend.refuses(resources),
      usualWorkers: availableParallelism(),
      retries,
      timeoutSeconds: timeout_seconds,
    });
    refuseMissingCommands(stages, this.#host.env);
    return stages;
  }

  #plan(
    id: string,
    loaded: LoadedWorkflow,
    stages: readonly ResolvedStage[],
    keys: PartitionKeys,
  ): Promise<InputPlanner> {
    return InputPlanner.open(stages, keys, (stage, input) => ({
      baseFolder: dirname(loaded.file),
      storage: this.#settings.storage,
      open: (storage) => openStorage(storage, { dataDir: this.#dataDir }),
      run: { store: this.store, prefix: `${runPrefix(id)}.inputs/${stage}/${input}` },
    }));
  }

  /** What workers need to know of the run lies in a file, so that it is not sent to them ten thousand times. */
  #writeJob(
    folder: RunFolder,
    run: RunRecord,
    loaded: LoadedWorkflow,
    stages: readonly ResolvedStage[],
  ): void {
    const job: Job = {
      run: run.id,
      workflow: run.workflow,
      bundle: loaded.bundle,
      folder: dirname(loaded.file),
      parameters: run.parameters as Parameters,
      workers: stages.map(({ configuration }) => configuration.workers),
      storage: this.#settings.storage,
      dataDir: this.#dataDir,
    };
    mkdirSync(folder.path, { recursive: true });
    writeFileSync(folder.job, JSON.stringify(job), { mode: 0o600 });
  }

  async close(): Promise<void> {
    await this.backend.close();
    await this.store.close();
    this.knowledge.close();
  }
}

const resumeCommand = ({ id, workflowFile }: RunRecord): string =>
  `wattloop run ${workflowFile ?? 'WORKFLOW'} --resume ${id}`;

function asError(error: unknown): InvocationError {
  if (!(error instanceof WattloopError)) return { name: 'Error', message: messageOf(error) };
  const { name, message, code, remedy } = error;
  return { name, message, code, ...(remedy !== undefined && { remedy }) };
}
