import type { Span, SpanResult } from '../../meter/index.js';
import {
  type AbsentMethod,
  type InvocationPhase,
  PHASES,
  type PhaseName,
  type SourceName,
  type Usage,
} from '../../model/index.js';
import { monotonicSeconds } from '../monotonic.js';
import { usageBetween } from '../usage-between.js';
import { openSources, type WorkerSources } from './open-meter.js';
import type { Outcome, SetUp } from './protocol.js';

/** What the meter says of one invocation. */
export type Figures = Pick<
  Outcome,
  'cold' | 'startedAt' | 'wallSeconds' | 'cpuSeconds' | 'phases' | 'energies' | 'usage' | 'memoryPeakMib'
>;

/** What a process took before its first task came. */
interface StartUp {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
}

/** An invocation under the meter, from the moment when its task came. */
export class MeteredInvocation {
  readonly #sources: WorkerSources;
  readonly #span: Span;
  readonly #commandsBefore: number;
  readonly #startedAt: number;
  readonly #before: readonly Usage[];
  readonly #startUp: StartUp | undefined;

  constructor(sources: WorkerSources, startUp: StartUp | undefined) {
    this.#sources = sources;
    this.#startUp = startUp;
    sources.peak.reset();
    this.#commandsBefore = sources.commandSeconds();
    this.#before = sources.readers.map((reader) => reader.read());
    this.#startedAt = monotonicSeconds();
    const first: PhaseName = startUp ? 'cold_start' : 'compute';
    this.#span = sources.meter.span('invocation', sources.scope, first);
  }

  phase(name: PhaseName): void {
    this.#span.phase(name);
  }

  /** The handler begins: a cold start is over. */
  handlerBegins(): void {
    if (this.#startUp) this.#span.phase('compute');
  }

  stop(): Figures {
    const result = this.#span.stop();
    const usage = this.#sources.readers.map((reader, index) => {
      const before = this.#before[index] ?? { cpuSeconds: 0 };
      return { method: reader.method, usage: usageBetween(before, reader.read()) };
    });
    const { peak, commandSeconds } = this.#sources;
    const memoryPeakMib = peak.mib(commandSeconds() > this.#commandsBefore);
    const before = this.#startUp ?? { wallSeconds: 0, cpuSeconds: 0 };
    return {
      cold: this.#startUp !== undefined,
      startedAt: this.#startedAt - before.wallSeconds,
      wallSeconds: result.wallSeconds + before.wallSeconds,
      cpuSeconds: result.cpuSeconds + before.cpuSeconds,
      phases: phasesOf(result, before),
      energies: result.energies,
      usage,
      ...(memoryPeakMib === undefined ? {} : { memoryPeakMib }),
    };
  }
}

/** In the order in which phases come, whatever the order in which they were entered. */
function phasesOf(result: SpanResult, before: StartUp): InvocationPhase[] {
  return PHASES.flatMap((name) => {
    const phase = result.phases.find((entered) => entered.name === name);
    if (phase === undefined) return [];
    const { wallSeconds, cpuSeconds } = name === 'cold_start' ? before : { wallSeconds: 0, cpuSeconds: 0 };
    return [
      {
        name,
        wallSeconds: phase.wallSeconds + wallSeconds,
        cpuSeconds: phase.cpuSeconds + cpuSeconds,
        energies: phase.energies,
      },
    ];
  });
}

/**
 * The meter of a worker, opened once, read around every invocation.
 *
 * A cold start has the process's own start in it, with its wall and CPU time from the client's spawn on. Its energy is
 * known from when the first task came: until its meter is open nobody reads for it, so that the energy of loading
 * Node.js and Wattloop itself, some 0.1 to 0.2 s of a processor, belongs to no invocation; that of loading the user's code does.
 */
export class WorkerMeter {
  readonly #sources: WorkerSources;
  readonly #spawnedAt: number;
  readonly #startUp: StartUp;
  #isCold = true;

  private constructor(sources: WorkerSources, spawnedAt: number) {
    this.#sources = sources;
    this.#spawnedAt = spawnedAt;
    this.#startUp = {
      wallSeconds: monotonicSeconds() - spawnedAt,
      cpuSeconds: sources.scope.cpuSeconds(),
    };
  }

  static async open(setUp: SetUp): Promise<WorkerMeter> {
    return new WorkerMeter(await openSources(setUp), setUp.spawnedAt);
  }

  get absent(): readonly AbsentMethod[] {
    return this.#sources.absent;
  }

  get energySources(): readonly SourceName[] {
    return this.#sources.meter.energySources.map(({ name }) => name);
  }

  /** `waited`: the task was there before the process was, so that all its time since then was a wait for it. */
  begin(waited: boolean): MeteredInvocation {
    return new MeteredInvocation(this.#sources, this.#takeStartUp(waited));
  }

  #takeStartUp(waited: boolean): StartUp | undefined {
    if (!this.#isCold) return undefined;
    this.#isCold = false;
    if (!waited) return this.#startUp;
    const cpuSeconds = this.#sources.scope.cpuSeconds();
    return { wallSeconds: monotonicSeconds() - this.#spawnedAt, cpuSeconds };
  }
}
