import { seededRandom } from '../../maths/index.js';
import type { Trace } from '../../model/index.js';

/** A function of a machine on which every part of the power is in proportion to something. */
export interface PlainFunction {
  readonly name: string;
  /** Invocations a second, and how long each takes. */
  readonly rate: number;
  readonly seconds: number;
  /** Processors that one invocation keeps busy. */
  readonly cpus: number;
  /** What one running invocation draws beside the processor, and on the accelerator. */
  readonly restWatts?: number;
  readonly acceleratorWatts?: number;
}

export interface PlainMachine {
  readonly functions: readonly PlainFunction[];
  readonly seconds: number;
  readonly seed?: number;
  readonly idleWatts?: number;
  readonly idleCpuWatts?: number;
  readonly wattsPerCpu?: number;
  /** The accelerator's part of `idleWatts`. */
  readonly idleAcceleratorWatts?: number;
  readonly noiseWatts?: number;
  /** How late a reading of the system's power is that shows a moment; one figure for always, or by the moment. */
  readonly late?: number | ((t: number) => number);
  /** Work on the accelerator that nobody's invocations are known to do: from, to, watts. */
  readonly strangers?: readonly (readonly [from: number, to: number, watts: number])[];
  /** What is left out of the trace. */
  readonly without?: readonly ('usage' | 'cpu' | 'accelerator')[];
}

export interface PlainTruth {
  readonly trace: Trace;
  /** Of all invocations of each function, in joules. */
  readonly cpuJoules: Readonly<Record<string, number>>;
  readonly restJoules: Readonly<Record<string, number>>;
  readonly acceleratorJoules: Readonly<Record<string, number>>;
}

/** Length of the steps in which the machine's power is known. */
const STEP = 0.1;
const LEAD_SECONDS = 40;

/** A trace of a machine of which every joule is known. Work begins at 0 and ends before the record does. */
export function plainMachine(machine: PlainMachine): PlainTruth {
  const { functions, seconds, idleWatts = 30, idleCpuWatts = 8, wattsPerCpu = 5 } = machine;
  const { idleAcceleratorWatts = 2, noiseWatts = 0.1, without = [], late = 0 } = machine;
  const random = seededRandom(machine.seed ?? 1);
  const steps = Math.round((seconds + 2 * LEAD_SECONDS) / STEP);
  const [cpu, rest, accelerator] = [0, 1, 2].map(() => new Float64Array(steps)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const perFunction = functions.map(() => new Float64Array(steps));
  const rows: { f: number; start: number; end: number }[] = [];
  const ran = functions.map(() => 0);
  for (const [f, each] of functions.entries()) {
    for (let at = random.exponential() / each.rate; at < seconds; at += random.exponential() / each.rate) {
      const start = Math.round(at / STEP) * STEP;
      const end = start + Math.max(1, Math.round((each.seconds * (0.5 + random.uniform())) / STEP)) * STEP;
      rows.push({ f, start, end });
      ran[f] = (ran[f] ?? 0) + end - start;
      const from = Math.round((start + LEAD_SECONDS) / STEP);
      for (let j = from; j < Math.min(steps, from + Math.round((end - start) / STEP)); j++) {
        cpu[j] = (cpu[j] ?? 0) + each.cpus;
        rest[j] = (rest[j] ?? 0) + (each.restWatts ?? 0);
        accelerator[j] = (accelerator[j] ?? 0) + (each.acceleratorWatts ?? 0);
        const own = perFunction[f];
        if (own !== undefined) own[j] = (own[j] ?? 0) + each.cpus;
      }
    }
  }
  for (const [from, to, watts] of machine.strangers ?? [])
    for (let j = Math.round((from + LEAD_SECONDS) / STEP); j < (to + LEAD_SECONDS) / STEP; j++)
      accelerator[j] = (accelerator[j] ?? 0) + watts;
  rows.sort((a, b) => a.start - b.start);
  const perSample = Math.round(1 / STEP);
  const count = Math.floor(steps / perSample) - 1;
  const moments = Float64Array.from({ length: count }, (_, i) => i + 1 - LEAD_SECONDS);
  const lateAt = typeof late === 'number' ? () => late : late;
  const system = new Float64Array(steps + 1);
  for (let j = 0; j < steps; j++)
    system[j + 1] =
      (system[j] ?? 0) +
      STEP * (idleWatts + wattsPerCpu * (cpu[j] ?? 0) + (rest[j] ?? 0) + (accelerator[j] ?? 0));
  const systemUpTo = (t: number): number => {
    const place = (t + LEAD_SECONDS) / STEP;
    if (place <= 0) return place * STEP * idleWatts;
    if (place >= steps) return (system[steps] ?? 0) + (place - steps) * STEP * idleWatts;
    const low = Math.floor(place);
    return (system[low] ?? 0) + ((system[low + 1] ?? 0) - (system[low] ?? 0)) * (place - low);
  };
  const mean = (values: Float64Array, i: number): number => {
    let sum = 0;
    for (let j = i * perSample; j < (i + 1) * perSample; j++) sum += values[j] ?? 0;
    return sum / perSample;
  };
  const noise = random.fork('noise');
  const watts = moments.map((t) => {
    // A reading at t shows what was drawn up to the moment that comes so late.
    const [from, to] = [t - 1 - lateAt(t - 1), t - lateAt(t)];
    return (systemUpTo(to) - systemUpTo(from)) / Math.max(STEP, to - from) + noiseWatts * noise.normal();
  });
  const names = [...functions.map(({ name }) => `fn:${name}`), 'system'];
  const usage = moments.length * names.length;
  const amounts = Float64Array.from({ length: usage }, (_, row) => {
    const [i, who] = [Math.floor(row / names.length), row % names.length];
    return mean(perFunction[who] ?? cpu, i);
  });
  const none = new Float64Array(usage).fill(Number.NaN);
  const joules = (of: (each: PlainFunction) => number): Record<string, number> =>
    Object.fromEntries(functions.map((each, f) => [each.name, (ran[f] ?? 0) * of(each)]));
  return {
    cpuJoules: joules(({ cpus }) => cpus * wattsPerCpu),
    restJoules: joules(({ restWatts = 0 }) => restWatts),
    acceleratorJoules: joules(({ acceleratorWatts = 0 }) => acceleratorWatts),
    trace: {
      description: {},
      power: {
        t: moments,
        systemWatts: watts,
        cpuWatts: without.includes('cpu')
          ? moments.map(() => Number.NaN)
          : moments.map((_, i) => idleCpuWatts + wattsPerCpu * mean(cpu, i) + 0.02 * noise.normal()),
        ...(!without.includes('accelerator') && {
          acceleratorWatts: moments.map((_, i) => idleAcceleratorWatts + mean(accelerator, i)),
        }),
      },
      invocations: {
        functions: functions.map(({ name }) => name),
        functionIndex: Uint32Array.from(rows, ({ f }) => f),
        start: Float64Array.from(rows, ({ start }) => start),
        end: Float64Array.from(rows, ({ end }) => end),
      },
      ...(!without.includes('usage') && {
        usage: {
          principals: names,
          principalIndex: Uint32Array.from(amounts, (_, row) => row % names.length),
          t: Float64Array.from(amounts, (_, row) => moments[Math.floor(row / names.length)] ?? Number.NaN),
          cpuSeconds: amounts,
          cycles: none,
          instructions: none,
          llcMisses: none,
        },
      }),
    },
  };
}

/** What the parts of an account leave of the measured energy, relative to it: 0 but for rounding. */
export function imbalance(shares: {
  readonly measuredJoules: number;
  readonly individualJoules: number;
  readonly controlPlaneJoules: number;
  readonly idleJoules: number;
  readonly unattributedJoules: number;
}): number {
  const { measuredJoules, individualJoules, controlPlaneJoules, idleJoules, unattributedJoules } = shares;
  const parts = individualJoules + controlPlaneJoules + idleJoules + unattributedJoules;
  return Math.abs(parts - measuredJoules) / measuredJoules;
}
