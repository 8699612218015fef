import fc from 'fast-check';
import { type Random, seededRandom } from '../../maths/index.js';
import type { InvocationTable, PowerTable, Trace, UsageTable } from '../../model/index.js';

/** What a random trace is like. Chance fills in the rest by the seed, so that a trace that fails is told in one line. */
export interface TraceShape {
  readonly seed: number;
  readonly functions: number;
  readonly invocations: number;
  /** How long power is on record, and how far apart its samples are. */
  readonly seconds: number;
  readonly periodSeconds: number;
  /** Record of the machine before the work begins. */
  readonly leadSeconds: number;
  /** Added to every time. */
  readonly shiftSeconds: number;
  readonly meanLatencySeconds: number;
  /** Part of the invocations that have no length, never end, or begin before or after the record. */
  readonly odd: number;
  /** Part of the samples that are blank, 0, far too high or missing altogether. */
  readonly faults: number;
  /** How far samples are from their moments, as a part of the time between them. */
  readonly jitter: number;
  readonly lagSeconds: number;
  readonly idleWatts: number;
  readonly noiseWatts: number;
  /** Whose usage is on record. */
  readonly usage: 'nobody' | 'functions' | 'everybody' | 'platform' | 'garbage';
  readonly cpuPower: boolean;
  readonly names: readonly string[];
}

const ODD_NAMES = ['__proto__', 'constructor', 'toString', '', 'a,b', 'fn:x', '0'];

export const anyTraceShape: fc.Arbitrary<TraceShape> = fc.record({
  seed: fc.nat(1_000_000),
  functions: fc.integer({ min: 0, max: 6 }),
  invocations: fc.oneof(fc.nat(3), fc.nat(200)),
  seconds: fc.oneof(
    { weight: 1, arbitrary: fc.nat(5) },
    { weight: 4, arbitrary: fc.integer({ min: 5, max: 120 }) },
  ),
  periodSeconds: fc.constantFrom(0.25, 0.5, 1, 1, 1, 1.3, 5),
  leadSeconds: fc.constantFrom(0, 0, 20, 45),
  shiftSeconds: fc.constantFrom(0, 0, 0, -7.5, 1e9),
  meanLatencySeconds: fc.constantFrom(0.01, 0.3, 2, 20),
  odd: fc.constantFrom(0, 0.1, 0.5),
  faults: fc.constantFrom(0, 0.05, 0.5),
  jitter: fc.constantFrom(0, 0.3),
  lagSeconds: fc.constantFrom(0, 0, 4, -11),
  idleWatts: fc.constantFrom(1e-6, 14, 95, 1e6),
  noiseWatts: fc.constantFrom(0, 0.5, 20),
  usage: fc.constantFrom('nobody', 'nobody', 'functions', 'everybody', 'platform', 'garbage'),
  cpuPower: fc.boolean(),
  names: fc.shuffledSubarray(ODD_NAMES),
});

/** A machine with a load floor and a limit that runs what chance says, as a record of any quality. */
export function randomTrace(shape: TraceShape): Trace {
  const random = seededRandom(shape.seed);
  const invocations = invocationsOf(shape, random.fork('invocations'));
  const usage = usageOf(shape, invocations, random.fork('usage'));
  return {
    power: powerOf(shape, invocations, random.fork('power')),
    invocations,
    ...(usage && { usage }),
    description: {},
  };
}

function invocationsOf(shape: TraceShape, random: Random): InvocationTable {
  const { functions: width, shiftSeconds: shift, seconds, odd } = shape;
  const count = width === 0 ? 0 : shape.invocations;
  const functions = Array.from({ length: width }, (_, f) => shape.names[f] ?? `f${f}`);
  const [start, end] = [new Float64Array(count), new Float64Array(count)];
  for (let k = 0; k < count; k++) {
    const long = shape.meanLatencySeconds * random.exponential();
    const kind = random.uniform() < odd ? random.below(4) : -1;
    const begin = kind === 0 ? seconds * (3 * random.uniform() - 1) : seconds * random.uniform();
    start[k] = shift + begin;
    end[k] = kind === 1 ? shift + begin : kind === 2 ? Number.POSITIVE_INFINITY : shift + begin + long;
  }
  return {
    functions,
    functionIndex: Uint32Array.from({ length: count }, () => random.below(width)),
    start,
    end,
  };
}

function powerOf(shape: TraceShape, invocations: InvocationTable, random: Random): PowerTable {
  const { seconds, periodSeconds: period, leadSeconds: lead, shiftSeconds: shift, faults, idleWatts } = shape;
  const times: number[] = [];
  for (let i = 0; i * period <= seconds + lead; i++) {
    if (random.uniform() < faults / 10) continue;
    times.push(shift - lead + (i + shape.jitter * (random.uniform() - 0.5)) * period);
  }
  const t = Float64Array.from(times);
  const each = invocations.functions.map(() => 40 * random.uniform());
  const systemWatts = t.map((at) => {
    let load = 0;
    const moment = at - period / 2 - shape.lagSeconds;
    for (const [k, f] of invocations.functionIndex.entries())
      if ((invocations.start[k] ?? 0) <= moment && moment < (invocations.end[k] ?? 0)) load += each[f] ?? 0;
    const watts =
      idleWatts + (load > 0 ? 20 : 0) + 60 * -Math.expm1(-load / 60) + shape.noiseWatts * random.normal();
    return faulty(Math.max(0, watts), faults, random);
  });
  return {
    t,
    systemWatts,
    cpuWatts: shape.cpuPower ? systemWatts.map((watts) => 0.6 * watts) : t.map(() => Number.NaN),
  };
}

function faulty(watts: number, part: number, random: Random): number {
  if (random.uniform() >= part) return watts;
  const faults = [Number.NaN, 0, 50 * watts, Number.POSITIVE_INFINITY, -watts, watts / 100];
  return faults[random.below(faults.length)] ?? watts;
}

function usageOf(
  { usage, seconds, periodSeconds, shiftSeconds }: TraceShape,
  { functions, functionIndex, start, end }: InvocationTable,
  random: Random,
): UsageTable | undefined {
  if (usage === 'nobody') return undefined;
  const shared = usage === 'functions' ? [] : ['control-plane', 'os', 'wattloop', 'system'];
  const principals = [...(usage === 'platform' ? [] : functions.map((name) => `fn:${name}`)), ...shared];
  const [index, t, cpuSeconds]: [number[], number[], number[]] = [[], [], []];
  for (let at = shiftSeconds; at <= shiftSeconds + seconds + 1e-9; at += periodSeconds)
    for (const [principal, name] of principals.entries()) {
      const f = functions.findIndex((one) => name === `fn:${one}`);
      let used = f < 0 ? 0.05 * periodSeconds : 0;
      for (const [k, which] of functionIndex.entries())
        if (which === f || name === 'system')
          used += 0.7 * Math.max(0, Math.min(end[k] ?? 0, at) - Math.max(start[k] ?? 0, at - periodSeconds));
      index.push(principal);
      t.push(at);
      cpuSeconds.push(usage === 'garbage' ? faulty(1e3 * random.exponential(), 0.3, random) : used);
    }
  const unknown = new Float64Array(t.length).fill(Number.NaN);
  return {
    principals,
    principalIndex: Uint32Array.from(index),
    t: Float64Array.from(t),
    // Readers leave out what is negative or no number.
    cpuSeconds: Float64Array.from(cpuSeconds, (value) =>
      Number.isFinite(value) && value >= 0 ? value : Number.NaN,
    ),
    cycles: unknown,
    instructions: unknown,
    llcMisses: unknown,
  };
}
