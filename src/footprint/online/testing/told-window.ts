import { buildRows } from '../../rows/build-rows.js';
import type { AccountWindow } from '../account-window.js';

/** A call as a test tells it. */
export interface ToldCall {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** Processors that it keeps busy. */
  readonly cpus: number;
}

export interface ToldWindow {
  readonly start: number;
  readonly ticks: number;
  readonly calls: readonly ToldCall[];
  /** Names of functions that are known but may not run. */
  readonly known?: readonly string[];
  /** Shared principals' processors kept busy, all the time. */
  readonly shared?: Readonly<Record<string, number>>;
  /** Watts beyond idle of a tick, from the processors that each kept busy there, and the part of it in which a call ran. */
  readonly watts: (busy: ReadonlyMap<string, number>, presence: number) => number;
  /** Unknown where absent. */
  readonly idleWatts?: number;
  readonly usage?: boolean;
}

/** A window of 1 s ticks. What `idleWatts` doesn't tell is in the power all the same: 20 W. */
export function toldWindow(told: ToldWindow): AccountWindow {
  const { start, ticks: count, calls, shared = {}, usage = true } = told;
  const functions = [...new Set([...(told.known ?? []), ...calls.map(({ name }) => name)])];
  const names = Object.keys(shared);
  const { rows } = buildRows(
    {
      functions,
      functionIndex: Uint32Array.from(calls, ({ name }) => functions.indexOf(name)),
      start: Float64Array.from(calls, ({ from }) => from),
      end: Float64Array.from(calls, ({ to }) => to),
    },
    { start, tickSeconds: 1, count },
    { names, shares: names.map(() => new Float64Array(count)) },
  );
  const cpuSeconds = new Map([...functions, ...names].map((name) => [name, new Float64Array(count)]));
  const watts = Float64Array.from({ length: count }, (_, tick) => {
    for (const { name, from, to, cpus } of calls) {
      const seconds = Math.min(to, start + tick + 1) - Math.max(from, start + tick);
      const own = cpuSeconds.get(name);
      if (own && seconds > 0) own[tick] = (own[tick] ?? 0) + cpus * seconds;
    }
    for (const [name, cpus] of Object.entries(shared)) cpuSeconds.get(name)?.fill(cpus);
    const busy = new Map(Array.from(cpuSeconds, ([name, seconds]) => [name, seconds[tick] ?? 0]));
    return (told.idleWatts ?? 20) + told.watts(busy, presenceIn(calls, start + tick));
  });
  return {
    rows,
    watts,
    idleWatts: new Float64Array(count).fill(told.idleWatts ?? Number.NaN),
    ...(usage && { cpuSeconds }),
    gramsPerKilowattHour: 360,
  };
}

const MOMENTS = 50;

function presenceIn(calls: readonly ToldCall[], from: number): number {
  let present = 0;
  for (let i = 0; i < MOMENTS; i++) {
    const at = from + (i + 0.5) / MOMENTS;
    if (calls.some((call) => call.from <= at && at < call.to)) present++;
  }
  return present / MOMENTS;
}
