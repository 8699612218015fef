import { fileURLToPath } from 'node:url';
import type { Host } from '../../base/index.js';
import type { ComputeBackend, Task, TaskReport } from '../../compute/index.js';
import type { Knowledge } from '../../knowledge/index.js';
import type {
  Configuration,
  Invocation,
  Platform,
  RunProgress,
  RunStatus,
  RunTotals,
  Settings,
  StageSample,
  StageSummary,
} from '../../model/index.js';
import { wholeRunSample } from '../characterize/whole-run.js';
import type { ResolvedStage } from '../define/resolve.js';
import type { StageOutcome, StagePayload } from '../worker/job.js';
import type { Recall, Recalled } from './earlier-session.js';
import type { InputPlanner } from './input-planner.js';
import { InvocationPrices } from './invocation-prices.js';
import { type Execution, type PartitionKeys, partitionKey } from './partition-key.js';
import type { RunFolder } from './run-folder.js';
import { StageWatch } from './run-progress.js';
import { Scheduler } from './scheduler.js';
import { Tally } from './stage-tally.js';

const HANDLER = fileURLToPath(new URL('../worker/handler.js', import.meta.url));

export interface ActiveRunParts {
  readonly id: string;
  readonly workflow: string;
  readonly host: Host;
  readonly settings: Settings;
  readonly backend: ComputeBackend;
  readonly knowledge: Knowledge;
  readonly folder: RunFolder;
  readonly stages: readonly ResolvedStage[];
  readonly keys: PartitionKeys;
  readonly planner: InputPlanner;
}

/** One run while it goes on: what was spent so far, and the scheduler that goes on with it. */
export class ActiveRun {
  readonly #parts: ActiveRunParts;
  readonly #tallies: readonly Tally[];
  readonly #watches: readonly StageWatch[];
  readonly #total = new Tally();
  readonly #prices: InvocationPrices;
  readonly #platforms = new Set<Platform>();
  #beganAt: number;
  status: RunStatus = 'running';

  constructor(parts: ActiveRunParts) {
    const { stages, host, settings } = parts;
    this.#parts = parts;
    this.#prices = new InvocationPrices(settings);
    this.#tallies = stages.map(() => new Tally());
    this.#watches = stages.map(
      ({ definition, configuration }, i) =>
        new StageWatch(host.clock, definition.name, configuration.workers, this.#tallies[i] ?? new Tally()),
    );
    this.#beganAt = host.clock.now();
  }

  /** An execution of an earlier session of this run: it was paid for then, and counts as it did. */
  recall({ invocation, counts }: Recalled): void {
    const stage = this.#parts.stages.find(({ definition }) => definition.name === invocation.function);
    if (stage === undefined) return;
    this.#count(stage, invocation, counts);
    if (!counts) return;
    this.#tallies[stage.index]?.loseWork();
    this.#total.loseWork();
  }

  /** What was recalled is past: progress is told of what comes now. */
  beginSession(): void {
    this.#beganAt = this.#parts.host.clock.now();
    for (const watch of this.#watches) watch.beginSession();
  }

  /** Goes on until all is finished, or nothing more can be: with the invocation whose failure that is. */
  async run({ signal, hurry, before }: SessionSignals): Promise<Invocation | undefined> {
    const { stages, backend, host, settings } = this.#parts;
    const { speculation, backoff_seconds } = settings.workflow;
    const scheduler = new Scheduler({
      stages,
      backend,
      clock: host.clock,
      taskFor: (stage, partition, execution) => this.#task(stage, partition, execution),
      isFinished: ({ definition }, partition) => before.isFinished(definition.name, partition),
      attemptsBefore: ({ definition }, partition) => before.lastAttempt(definition.name, partition),
      backoffSeconds: backoff_seconds,
      stragglers: { ...speculation, minimumSeconds: speculation.minimum_seconds },
      onEnd: (stage, report, counts) => this.#ended(stage, report, counts),
      ...{ signal, hurry },
    });
    return scheduler.run();
  }

  #task(stage: ResolvedStage, partition: number, execution: Execution): Task {
    const { id, folder, planner } = this.#parts;
    const { definition, configuration, timeoutSeconds, index } = stage;
    const { name } = definition;
    this.#watches[index]?.begin();
    const payload: StagePayload = {
      job: folder.job,
      stage: index,
      key: partitionKey(id, name, partition, execution),
      inputs: planner.partsFor(stage, partition),
    };
    return {
      id: `${id}/${name}/${partition}.${execution.attempt}${execution.speculative ? '.copy' : ''}`,
      function: name,
      run: id,
      partition,
      ...execution,
      module: HANDLER,
      payload,
      resources: configuration,
      workers: configuration.workers,
      ...(timeoutSeconds !== undefined && { timeoutSeconds }),
      logFile: folder.log(name, partition, execution),
    };
  }

  #ended(stage: ResolvedStage, { invocation, value }: TaskReport, counts: boolean): void {
    const { keys, knowledge } = this.#parts;
    if (counts) keys.settle(invocation.function, invocation.partition, invocation);
    knowledge.record(invocation);
    const work = counts ? (value as StageOutcome | undefined)?.work : undefined;
    this.#count(stage, invocation, counts, work);
  }

  #count(stage: ResolvedStage, invocation: Invocation, counts: boolean, work?: number): void {
    if (invocation.platform !== undefined) this.#platforms.add(invocation.platform);
    const price = this.#prices.of(invocation);
    this.#tallies[stage.index]?.add(invocation, price, counts, work);
    this.#total.add(invocation, price, counts, work);
  }

  get progress(): RunProgress {
    const { id, workflow, host } = this.#parts;
    return {
      run: id,
      workflow,
      status: this.status,
      elapsedSeconds: host.clock.now() - this.#beganAt,
      stages: this.#watches.map((watch) => watch.progress),
    };
  }

  get isFinished(): boolean {
    return this.#parts.stages.every(
      ({ configuration }, i) => this.#tallies[i]?.finished === configuration.workers,
    );
  }

  get platforms(): readonly Platform[] {
    return [...this.#platforms];
  }

  get stages(): StageSummary[] {
    return this.#parts.stages.map(({ definition, configuration }, i) =>
      (this.#tallies[i] ?? new Tally()).summary(definition.name, configuration),
    );
  }

  get totals(): RunTotals {
    return this.#total.figures();
  }

  /** What the stages took, and the run as a whole, as profiles want it. */
  samples({ repetition, warmUp, varied }: SampleOptions): StageSample[] {
    const { id, workflow, stages } = this.#parts;
    const of = stages.map(({ definition, configuration }, i): StageSample => {
      const tally = this.#tallies[i] ?? new Tally();
      const { retries: _, failed: __, ...figures } = tally.figures();
      return {
        ...{ workflow, stage: definition.name, run: id, configuration, repetition, warmUp, ...figures },
        coldStartSeconds: tally.coldStartSeconds,
        energies: tally.energies,
        ...(tally.startedAt !== undefined && { startedAt: tally.startedAt }),
        ...(tally.work !== undefined && { work: tally.work }),
      };
    });
    const whole = wholeRunSample(of, {
      configuration: largest(of.filter(({ stage }) => varied === undefined || stage === varied)),
      wallSeconds: this.#total.wallSeconds,
      ...(this.#total.startedAt !== undefined && { startedAt: this.#total.startedAt }),
      ...workOfAll(of),
    });
    return whole === undefined ? of : [whole, ...of];
  }
}

interface SessionSignals {
  readonly signal: AbortSignal;
  readonly hurry: AbortSignal | undefined;
  /** What earlier sessions have left. */
  readonly before: Recall;
}

interface SampleOptions {
  readonly repetition: number;
  readonly warmUp: boolean;
  /** The stage whose configuration stands for the run's; the largest of all, when not given. */
  readonly varied?: string | undefined;
}

/** The configuration that a run as a whole goes by: the most that any of its stages has. */
function largest(samples: readonly StageSample[]): Configuration {
  const most = (of: keyof Configuration): number =>
    Math.max(...samples.map(({ configuration }) => configuration[of]));
  return { cpu: most('cpu'), memoryMib: most('memoryMib'), workers: most('workers') };
}

/** Units of work of different stages don't add up: the run's are known where one stage alone counts. */
function workOfAll(samples: readonly StageSample[]): Pick<StageSample, 'work'> {
  const [work, ...others] = samples.flatMap((sample) => sample.work ?? []);
  return work === undefined || others.length > 0 ? {} : { work };
}
