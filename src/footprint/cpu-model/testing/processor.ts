import { type Random, seededRandom } from '../../../maths/index.js';
import type { UsageTable } from '../../../model/index.js';
import { type CounterSample, counterColumns, eachCounter } from '../counters.js';
import type { CpuRows } from '../fit.js';
import type { CpuObservation } from '../tracker-state.js';

export interface Processor {
  readonly idleWatts: number;
  readonly joulesPerCpuSecond: number;
  readonly joulesPerGigacycle: number;
  readonly joulesPerMegamiss: number;
  /** What it draws more as soon as it is awake. */
  readonly awakeWatts: number;
  readonly noiseWatts: number;
}

export const PROCESSOR: Processor = {
  idleWatts: 5,
  joulesPerCpuSecond: 0,
  joulesPerGigacycle: 1.5,
  joulesPerMegamiss: 0.2,
  awakeWatts: 0,
  noiseWatts: 0.3,
};

/** What the system counts in a second on which so many cores are busy: now at a high clock, now at a low one, now waiting for memory. */
export function counted(random: Random, busyCores: number): CounterSample {
  const hertz = (1.2 + 2.6 * random.uniform()) * 1e9;
  const cycles = busyCores * hertz;
  const instructions = cycles * (0.5 + 2 * random.uniform());
  return {
    cpuSeconds: busyCores,
    cycles,
    referenceCycles: busyCores * 2.4e9,
    instructions,
    llcMisses: instructions * 0.01 * random.uniform() ** 2,
  };
}

export function wattsOf(processor: Processor, sample: CounterSample): number {
  const { idleWatts, joulesPerCpuSecond, joulesPerGigacycle, joulesPerMegamiss, awakeWatts } = processor;
  return (
    idleWatts +
    joulesPerCpuSecond * sample.cpuSeconds +
    (joulesPerGigacycle * sample.cycles) / 1e9 +
    (joulesPerMegamiss * sample.llcMisses) / 1e6 +
    awakeWatts * -Math.expm1(-sample.cpuSeconds / 0.25)
  );
}

/** Seconds of a machine with eight cores: some idle, some full. */
export function observations(
  processor: Processor,
  { seed, rows, from = 0 }: { seed: number; rows: number; from?: number },
): CpuObservation[] {
  const random = seededRandom(seed);
  return Array.from({ length: rows }, (_, row) => {
    const counters = counted(random, 8 * random.uniform() ** 2);
    const watts = wattsOf(processor, counters) + processor.noiseWatts * random.normal();
    return { t: from + row + 1, seconds: 1, counters, watts: Math.max(0, watts) };
  });
}

export function rowsOf(seen: readonly CpuObservation[]): CpuRows {
  const counters = counterColumns(seen.length);
  for (const [row, { counters: sample }] of seen.entries())
    eachCounter((name) => {
      counters[name][row] = sample[name];
    });
  return {
    seconds: Float64Array.from(seen, ({ seconds }) => seconds),
    counters,
    watts: Float64Array.from(seen, ({ watts }) => watts),
  };
}

/** What is seen of the same where there are no performance counters. */
export const withoutCounters = (seen: readonly CpuObservation[]): CpuObservation[] =>
  seen.map((one) => ({
    ...one,
    counters: eachCounter((name) => (name === 'cpuSeconds' ? one.counters.cpuSeconds : Number.NaN)),
  }));

export function usageTable(
  rows: readonly (readonly [t: number, principal: string, sample: Partial<CounterSample>])[],
): UsageTable {
  const principals = [...new Set(rows.map(([, principal]) => principal))];
  const column = (name: keyof CounterSample): Float64Array =>
    Float64Array.from(rows, ([, , sample]) => sample[name] ?? Number.NaN);
  return {
    principals,
    principalIndex: Uint32Array.from(rows, ([, principal]) => principals.indexOf(principal)),
    t: Float64Array.from(rows, ([t]) => t),
    cpuSeconds: column('cpuSeconds'),
    cycles: column('cycles'),
    referenceCycles: column('referenceCycles'),
    instructions: column('instructions'),
    llcMisses: column('llcMisses'),
  };
}
