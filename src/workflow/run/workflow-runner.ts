import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { type Host, messageOf } from '../../base/index.js';
import { type ComputeBackend, openLocalBackend, resourcesFor } from '../../compute/index.js';
import { Knowledge } from '../../knowledge/index.js';
import type { RunRecord, Settings } from '../../model/index.js';
import { type ObjectStore, openStorage } from '../../storage/index.js';
import { KeptStores } from '../data/kept-stores.js';
import type { Parameters } from '../define/json.js';
import { type Override, type ResolvedStage, resolveWorkflow } from '../define/resolve.js';
import type { BuiltWorkflow } from '../define/workflow.js';
import { type KeptSettings, runToResume } from './earlier-session.js';
import type { LoadedWorkflow } from './load-workflow.js';
import { refuseMissingCommands } from './refuse-missing-commands.js';
import type { RunOptions } from './run-options.js';
import { RunSession } from './run-session.js';

/** Runs workflows on one backend, whose workers stay warm from run to run. */
export class WorkflowRunner {
  readonly #host: Host;
  readonly #settings: Settings;
  /** Of data that workflows read from elsewhere. */
  readonly #stores = new KeptStores();
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
    const { backend, store, knowledge } = this;
    const earlier =
      options.resume === undefined
        ? undefined
        : runToResume(knowledge, store, loaded, options.resume, options);
    const kept = earlier?.settings as KeptSettings | undefined;
    const overrides = kept?.overrides ?? options.overrides ?? {};
    const built = loaded.build((earlier?.parameters as Parameters | undefined) ?? options.parameters);
    const stages = this.#resolve(built, overrides);
    const tools = {
      ...{ host: this.#host, settings: this.#settings, dataDir: resolve(this.#settings.data_dir) },
      ...{ backend, store, stores: this.#stores, knowledge },
    };
    return new RunSession(tools, { loaded, built, stages, overrides, earlier }, options).perform();
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

  async close(): Promise<void> {
    await this.backend.close();
    await this.#stores.close();
    await this.store.close();
    try {
      this.knowledge.close({ impatient: true });
    } catch (error) {
      // Whoever ran something was told at the end of that already.
      this.#host.log.debug(`the knowledge base was closed with work left: ${messageOf(error)}`);
    }
  }
}
