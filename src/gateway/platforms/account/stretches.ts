import type { MachineTick } from '../../account/core/machine-tick.js';
import { functionOf } from '../../account/observe/principals.js';

/** Less is what a runtime uses to stay awake: its heartbeat, not a call. */
const LEAST_BUSY_CPUS = 0.005;

export interface StretchSink {
  began(key: number, functionName: string, at: number): void;
  left(key: number, at: number): void;
}

/**
 * When functions worked of whose calls nobody tells: from the tick in which their workers begin to use the processor to the
 * tick in which they cease. A stretch is no call, and is never counted as one.
 */
export class Stretches {
  readonly #sink: StretchSink;
  readonly #newKey: () => number;
  readonly #open = new Map<string, number>();

  constructor(sink: StretchSink, newKey: () => number) {
    this.#sink = sink;
    this.#newKey = newKey;
  }

  /** `isTold` are functions whose calls are known. */
  take(tick: MachineTick, isTold: (functionName: string) => boolean): void {
    const working = new Set<string>();
    for (const [key, cpuSeconds] of tick.cpuSeconds) {
      const name = functionOf(key);
      if (name === undefined || isTold(name)) continue;
      if (cpuSeconds / (tick.to - tick.from) >= LEAST_BUSY_CPUS) working.add(name);
    }
    for (const [name, key] of this.#open) {
      if (working.has(name)) continue;
      this.#sink.left(key, tick.from);
      this.#open.delete(name);
    }
    for (const name of working) {
      if (this.#open.has(name)) continue;
      const key = this.#newKey();
      this.#open.set(name, key);
      this.#sink.began(key, name, tick.from);
    }
  }
}
