import type { Trace, TraceDescription } from '../../model/index.js';

/** Function, start, end. */
export type Run = readonly [name: string, start: number, end: number];

/** End of the sample, and mean watts of the machine since the one before. */
export type Reading = readonly [t: number, watts: number];

/** A trace as one writes it down. */
export function writtenTrace(
  readings: readonly Reading[],
  runs: readonly Run[],
  description: TraceDescription = {},
): Trace {
  const functions = [...new Set(runs.map(([name]) => name))];
  return {
    power: {
      t: Float64Array.from(readings, ([t]) => t),
      systemWatts: Float64Array.from(readings, ([, watts]) => watts),
      cpuWatts: new Float64Array(readings.length).fill(Number.NaN),
    },
    invocations: {
      functions,
      functionIndex: Uint32Array.from(runs, ([name]) => functions.indexOf(name)),
      start: Float64Array.from(runs, ([, start]) => start),
      end: Float64Array.from(runs, ([, , end]) => end),
    },
    description,
  };
}

/** Readings of a machine on which each running invocation of a function draws its watts beside `idleWatts`. */
export function readingsOf(
  runs: readonly Run[],
  watts: Readonly<Record<string, number>>,
  {
    idleWatts,
    from,
    to,
    everySeconds = 1,
    noise = () => 0,
  }: { idleWatts: number; from: number; to: number; everySeconds?: number; noise?: () => number },
): Reading[] {
  const wattsOf = new Map(Object.entries(watts));
  const count = Math.round((to - from) / everySeconds);
  return Array.from({ length: count }, (_, i): Reading => {
    const [begin, end] = [from + i * everySeconds, from + (i + 1) * everySeconds];
    let sum = idleWatts + noise();
    for (const [name, start, finish] of runs) {
      const seconds = Math.max(0, Math.min(finish, end) - Math.max(start, begin));
      sum += ((wattsOf.get(name) ?? 0) * seconds) / everySeconds;
    }
    return [end, sum];
  });
}
