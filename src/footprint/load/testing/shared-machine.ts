import { seededRandom } from '../../../maths/index.js';
import type { InvocationTable } from '../../../model/index.js';

export interface SharedMachine {
  readonly seed: number;
  /** Invocations come for so long; all of them end. */
  readonly seconds: number;
  readonly cores: number;
  readonly functions: readonly {
    readonly name: string;
    /** Invocations a second. */
    readonly rate: number;
    readonly workSeconds: number;
    /** Waits for something else: it needs no core. */
    readonly waits?: boolean;
  }[];
}

const STEP = 0.01;

interface Running {
  readonly f: number;
  readonly start: number;
  left: number;
}

/** Invocations that share a machine's cores evenly, followed in small steps of time: at most one core each. */
export function sharedMachine({ seed, seconds, cores, functions }: SharedMachine): InvocationTable {
  const random = seededRandom(seed);
  const next = functions.map(({ rate }) => random.exponential() / rate);
  const done: { f: number; start: number; end: number }[] = [];
  let running: Running[] = [];
  for (let t = 0; t < seconds || running.length > 0; t += STEP) {
    for (const [f, { rate, workSeconds }] of functions.entries()) {
      while ((next[f] ?? seconds) <= Math.min(t, seconds)) {
        running.push({ f, start: t, left: workSeconds * (0.9 + 0.2 * random.uniform()) });
        next[f] = (next[f] ?? 0) + random.exponential() / rate;
      }
    }
    const computing = running.filter(({ f }) => functions[f]?.waits !== true).length;
    const speed = Math.min(1, cores / Math.max(1, computing));
    for (const one of running) one.left -= STEP * (functions[one.f]?.waits === true ? 1 : speed);
    for (const { f, start, left } of running) if (left <= 0) done.push({ f, start, end: t + STEP });
    running = running.filter(({ left }) => left > 0);
  }
  return {
    functions: functions.map(({ name }) => name),
    functionIndex: Uint32Array.from(done, ({ f }) => f),
    start: Float64Array.from(done, ({ start }) => start),
    end: Float64Array.from(done, ({ end }) => end),
  };
}
