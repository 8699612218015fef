import { ErrorCode, WattloopError } from '../../base/index.js';
import type { EnergyShare, SourceName } from '../../model/index.js';

/** One source's and domain's figure for a span. */
export type SpanEnergy = EnergyShare;

/** What a span, or a phase of it, took. */
export interface SpanFigures {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly energies: readonly SpanEnergy[];
}

export interface SpanPhase extends SpanFigures {
  readonly name: string;
}

export interface SpanResult extends SpanFigures {
  readonly name: string;
  /** Monotonic seconds of the host's clock. */
  readonly start: number;
  readonly end: number;
  /** In the order in which they began; a phase that was entered twice stands once, with both times added. */
  readonly phases: readonly SpanPhase[];
  /** Sources that gave nothing, and why. */
  readonly absent: readonly { readonly name: SourceName; readonly reason: string }[];
}

/** Figures added up interval by interval, as long as the span is open. */
export class SpanAccount {
  wallSeconds = 0;
  cpuSeconds = 0;
  readonly energies = new Map<string, { node: number; active: number; idle: number | undefined }>();

  addEnergy(key: string, node: number, active: number, idle: number | undefined): void {
    const sum = this.energies.get(key);
    if (sum === undefined) {
      this.energies.set(key, { node, active, idle });
      return;
    }
    sum.node += node;
    sum.active += active;
    // Once idle is unknown for a part it is unknown for the whole: a sum over the known parts would be too small.
    sum.idle = sum.idle === undefined || idle === undefined ? undefined : sum.idle + idle;
  }
}

/** Where a span's CPU time is read: one clock of a process, a process tree or a control group. */
export interface CpuScope {
  /** CPU seconds used so far, from any start. */
  cpuSeconds(): number;
}

/** Who keeps the books of spans. */
interface SpanKeeper {
  settle(): void;
  end(span: Span): SpanResult;
}

/** A piece of work under the meter. Made by `meter.span()`; ended once, by `stop()`. */
export class Span {
  readonly name: string;
  /** Spans of the same scope run on the same CPU clock and share it evenly while they overlap. */
  readonly scope: CpuScope;
  readonly total = new SpanAccount();
  readonly phases = new Map<string, SpanAccount>();
  readonly start: number;
  #phase: SpanAccount | undefined;
  #result: SpanResult | undefined;
  readonly #keeper: SpanKeeper;

  constructor(keeper: SpanKeeper, name: string, scope: CpuScope, start: number, phase?: string) {
    this.#keeper = keeper;
    this.name = name;
    this.scope = scope;
    this.start = start;
    if (phase !== undefined) this.#enter(phase);
  }

  /** From now on the span's use counts for this phase too, until the next one begins. */
  phase(name: string): void {
    if (this.#result)
      throw new WattloopError(
        ErrorCode.badUsage,
        `span "${this.name}" has ended: phase "${name}" is too late`,
      );
    this.#keeper.settle();
    this.#enter(name);
  }

  /** Ends the span. A second call returns the same result. */
  stop(): SpanResult {
    this.#result ??= this.#keeper.end(this);
    return this.#result;
  }

  #enter(name: string): void {
    const account = this.phases.get(name) ?? new SpanAccount();
    this.phases.set(name, account);
    this.#phase = account;
  }

  /** The accounts to which what is used now belongs. */
  get current(): readonly SpanAccount[] {
    return this.#phase ? [this.total, this.#phase] : [this.total];
  }
}

/** This process, all threads: for functions that run in a worker of their own. */
export const processScope: CpuScope = {
  cpuSeconds: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  },
};
