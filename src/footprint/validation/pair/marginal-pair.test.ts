import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../maths/index.js';
import type { InvocationTable, PowerTable, Trace } from '../../../model/index.js';
import { marginalFromPair } from './marginal-pair.js';

interface Run {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

interface Machine {
  readonly watts: Readonly<Record<string, number>>;
  readonly idleWatts?: number;
  readonly seconds: number;
  /** How late its power comes. */
  readonly late?: number;
  readonly noiseWatts?: number;
  /** How much of a tick's noise is that of the one before. */
  readonly memory?: number;
  readonly seed?: number;
  readonly interval?: number;
  readonly from?: number;
}

function invocationsOf(runs: readonly Run[]): InvocationTable {
  const functions = [...new Set(runs.map(({ name }) => name))];
  return {
    functions,
    functionIndex: Uint32Array.from(runs, ({ name }) => functions.indexOf(name)),
    start: Float64Array.from(runs, ({ start }) => start),
    end: Float64Array.from(runs, ({ end }) => end),
  };
}

/** What a machine shows on which each function draws its own power and nothing else does. */
function record(runs: readonly Run[], machine: Machine): Trace {
  const { watts, idleWatts = 50, seconds, late = 0, noiseWatts = 0, memory = 0, interval = 1 } = machine;
  const random = seededRandom(machine.seed ?? 1);
  const t: number[] = [];
  const systemWatts: number[] = [];
  let noise = 0;
  for (let at = machine.from ?? -10; at <= seconds; at += interval) {
    noise = memory * noise + Math.sqrt(1 - memory ** 2) * random.normal();
    const [from, to] = [at - interval - late, at - late];
    let joules = idleWatts * interval;
    for (const run of runs) {
      joules += (watts[run.name] ?? 0) * Math.max(0, Math.min(to, run.end) - Math.max(from, run.start));
    }
    t.push(at);
    systemWatts.push(joules / interval + noiseWatts * noise);
  }
  const power: PowerTable = {
    t: Float64Array.from(t),
    systemWatts: Float64Array.from(systemWatts),
    cpuWatts: new Float64Array(t.length).fill(Number.NaN),
  };
  return { power, invocations: invocationsOf(runs), description: {} };
}

/** Runs of some functions at random moments. */
function load(seconds: number, seed: number, latencies: Readonly<Record<string, number>>): Run[] {
  const random = seededRandom(seed);
  return Object.entries(latencies).flatMap(([name, latency]) => {
    const own = random.fork(name);
    const runs: Run[] = [];
    for (let start = own.exponential() * 3; start + 2 * latency < seconds; start += own.exponential() * 3) {
      runs.push({ name, start, end: start + latency * (0.5 + own.uniform()) });
    }
    return runs;
  });
}

const WATTS = { aes: 12, cnn: 30, dd: 5 };
const RUNS = load(400, 1, { aes: 2, cnn: 4, dd: 1 });
const without = (...names: string[]): Run[] => RUNS.filter(({ name }) => !names.includes(name));
const joulesOf = (name: keyof typeof WATTS, runs = RUNS): number =>
  runs
    .filter((run) => run.name === name)
    .reduce((sum, { start, end }) => sum + WATTS[name] * (end - start), 0);
const countOf = (name: string): number => RUNS.filter((run) => run.name === name).length;

const MACHINE: Machine = { watts: WATTS, seconds: 440 };

describe('marginalFromPair', () => {
  it('gives exactly what the function drew where nothing else differs', () => {
    const marginal = marginalFromPair(record(RUNS, MACHINE), record(without('cnn'), MACHINE));
    expect(marginal.leftOut).toEqual([
      { name: 'cnn', invocationsWith: countOf('cnn'), invocationsWithout: 0 },
    ]);
    expect(marginal.isMarginal).toBe(true);
    expect(marginal.others).toEqual([]);
    expect(marginal.findings).toEqual([]);
    expect(marginal.invocations).toBeCloseTo(countOf('cnn'), 9);
    expect(marginal.difference.value).toBeCloseTo(joulesOf('cnn'), 6);
    expect(marginal.withJoules - marginal.withoutJoules).toBeCloseTo(marginal.difference.value, 6);
    expect(marginal.joulesPerInvocation?.value).toBeCloseTo(joulesOf('cnn') / countOf('cnn'), 8);
    // The seconds that it ran explain all of it.
    expect(marginal.difference.standardError).toBeLessThan(1e-6 * marginal.difference.value);
  });

  it('leaves idle before the work and long after it out', () => {
    const long = { ...MACHINE, from: -300, seconds: 2000 };
    const marginal = marginalFromPair(record(RUNS, long), record(without('aes'), long));
    expect(marginal.windowSeconds).toBeLessThan(430);
    expect(marginal.difference.value).toBeCloseTo(joulesOf('aes'), 6);
  });

  it.each([
    ['white', 0],
    ['slow', 0.8],
  ])('holds the truth in its interval about as often as it says, in %s noise', (_, memory) => {
    let held = 0;
    const errors: number[] = [];
    const trials = 60;
    for (let seed = 1; seed <= trials; seed++) {
      const noisy = { ...MACHINE, noiseWatts: 4, memory };
      const marginal = marginalFromPair(
        record(RUNS, { ...noisy, seed }),
        record(without('aes'), { ...noisy, seed: seed + 1000 }),
        { resamples: 300 },
      );
      const { low, high, value, standardError } = marginal.difference;
      if (low <= joulesOf('aes') && joulesOf('aes') <= high) held++;
      errors.push((value - joulesOf('aes')) / standardError);
    }
    expect(held / trials).toBeGreaterThan(0.83);
    // Standard errors that are right make these of size 1.
    const size = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / trials);
    expect(size).toBeGreaterThan(0.75);
    expect(size).toBeLessThan(1.4);
  });

  it('says the same again for the same seed, and keeps the value for another', () => {
    const [a, b] = [record(RUNS, { ...MACHINE, noiseWatts: 3 }), record(without('dd'), MACHINE)];
    expect(marginalFromPair(a, b)).toEqual(marginalFromPair(a, b));
    const { value, low, high, standardError } = marginalFromPair(a, b).difference;
    expect((value - low) / standardError).toBeCloseTo(1.96, 0);
    expect((high - value) / standardError).toBeCloseTo(1.96, 0);
    const other = marginalFromPair(a, b, { seed: 2 });
    expect(other.difference.value).toBe(marginalFromPair(a, b).difference.value);
    expect(other.difference.low).not.toBe(marginalFromPair(a, b).difference.low);
  });

  it('undoes the lags that it is told, and loses little by those that it is not', () => {
    const late = record(RUNS, { ...MACHINE, late: 7.3 });
    const early = record(without('cnn'), { ...MACHINE, late: -2.6, seconds: 460 });
    const told = marginalFromPair(late, early, { withLagSeconds: 7.3, withoutLagSeconds: -2.6 });
    expect(Math.abs(told.difference.value / joulesOf('cnn') - 1)).toBeLessThan(0.001);
    const untold = marginalFromPair(late, early);
    expect(Math.abs(untold.difference.value / joulesOf('cnn') - 1)).toBeLessThan(0.02);
  });

  it('fills gaps with the mean, and says how much is missing', () => {
    const a = record(RUNS, MACHINE);
    const b = record(without('cnn'), MACHINE);
    const blank = (trace: Trace, from: number, to: number, by: number): void => {
      trace.power.t.forEach((t, i) => {
        if (t > from && t <= to) trace.power.systemWatts[i] = by;
      });
    };
    blank(a, 100, 120, Number.NaN);
    blank(b, 200, 210, 0);
    blank(b, 299, 300, 50_000);
    const marginal = marginalFromPair(a, b);
    expect(marginal.windowSeconds - marginal.knownSeconds).toBeCloseTo(31, 6);
    expect(marginal.findings).toEqual([
      { code: 'pair-power-missing', message: expect.stringMatching(/31 of 4\d\d s/) },
    ]);
    expect(Math.abs(marginal.difference.value / joulesOf('cnn') - 1)).toBeLessThan(0.1);
    expect(marginal.withJoules - marginal.withoutJoules).toBeCloseTo(marginal.difference.value, 6);
  });

  it('recognises a function that ran less often, and counts only what is missing', () => {
    let place = 0;
    const fewer = RUNS.filter(({ name }) => name !== 'cnn' || place++ % 3 !== 0);
    const marginal = marginalFromPair(record(RUNS, MACHINE), record(fewer, MACHINE));
    expect(marginal.leftOut.map(({ name }) => name)).toEqual(['cnn']);
    const missing = joulesOf('cnn') - joulesOf('cnn', fewer);
    expect(marginal.difference.value).toBeCloseTo(missing, 6);
    expect(marginal.joulesPerInvocation?.value).toBeCloseTo(missing / Math.ceil(countOf('cnn') / 3), 6);
  });

  it('tells only the sum of several functions left out', () => {
    const marginal = marginalFromPair(record(RUNS, MACHINE), record(without('cnn', 'dd'), MACHINE));
    expect(marginal.leftOut.map(({ name }) => name).sort()).toEqual(['cnn', 'dd']);
    expect(marginal.isMarginal).toBe(true);
    expect(marginal.difference.value).toBeCloseTo(joulesOf('cnn') + joulesOf('dd'), 6);
    expect(marginal.joulesPerInvocation).toBeUndefined();
    expect(marginal.reason).toMatch(/their sum/);
  });

  it('says that the difference is not marginal when others did not run equally often', () => {
    let place = 0;
    const changed = without('cnn').filter(({ name }) => name !== 'dd' || place++ % 10 !== 0);
    const marginal = marginalFromPair(record(RUNS, MACHINE), record(changed, MACHINE));
    expect(marginal.leftOut.map(({ name }) => name)).toEqual(['cnn']);
    expect(marginal.others.map(({ name }) => name)).toEqual(['dd']);
    expect(marginal.isMarginal).toBe(false);
    expect(marginal.joulesPerInvocation).toBeUndefined();
    expect(marginal.findings.map(({ code }) => code)).toEqual(['pair-counts-differ']);
  });

  it('does not mind one invocation more or less of the others', () => {
    const changed = without('cnn');
    changed.splice(
      changed.findIndex(({ name }) => name === 'dd'),
      1,
    );
    const rare = (count: number): Run[] =>
      Array.from({ length: count }, (_, i) => ({ name: 'rare', start: 20 * i, end: 20 * i + 1 }));
    const marginal = (fewer: number) =>
      marginalFromPair(
        record([...RUNS, ...rare(10)], MACHINE),
        record([...changed, ...rare(10 - fewer)], MACHINE),
      );
    expect(marginal(1).others).toEqual([]);
    expect(marginal(2).others.map(({ name }) => name)).toEqual(['rare']);
  });

  it('tells when nothing was left out, or the two are swapped', () => {
    const same = marginalFromPair(record(RUNS, MACHINE), record(RUNS, { ...MACHINE, seed: 2 }));
    expect(same.isMarginal).toBe(false);
    expect(same.difference.value).toBeCloseTo(0, 6);
    expect(same.reason).toMatch(/no function out/);
    const swapped = marginalFromPair(record(without('cnn'), MACHINE), record(RUNS, MACHINE));
    expect(swapped.findings[0]?.message).toMatch(/swapped/);
  });

  it('uses the coarser of two rates, and the window that both cover', () => {
    const coarse = record(without('aes'), { ...MACHINE, interval: 5, seconds: 300 });
    const marginal = marginalFromPair(record(RUNS, MACHINE), coarse);
    expect(marginal.tickSeconds).toBe(5);
    expect(marginal.windowSeconds).toBe(300);
    expect(marginal.findings).toEqual([
      { code: 'pair-work-beyond-window', message: expect.stringMatching(/\d\d s of work/) },
    ]);
    const within = RUNS.filter(({ name, start }) => name === 'aes' && start < 300).reduce(
      (sum, { start, end }) => sum + WATTS.aes * (Math.min(300, end) - start),
      0,
    );
    expect(marginal.difference.value).toBeCloseTo(within, 6);
    const parts = RUNS.filter(({ name, start }) => name === 'aes' && start < 300).map(
      ({ start, end }) => (Math.min(300, end) - start) / (end - start),
    );
    expect(parts.some((part) => part < 1)).toBe(true);
    expect(marginal.invocations).toBeCloseTo(
      parts.reduce((sum, part) => sum + part, 0),
      9,
    );
  });

  it('counts an invocation that never ended whole, without a figure that is none', () => {
    const runs = [...RUNS, { name: 'stuck', start: 390, end: Number.POSITIVE_INFINITY }];
    const marginal = marginalFromPair(
      record(runs, { ...MACHINE, watts: { ...WATTS, stuck: 8 } }),
      record(RUNS, MACHINE),
    );
    expect(marginal.invocations).toBe(1);
    expect(marginal.difference.value).toBeCloseTo(8 * (marginal.windowSeconds - 390), 6);
  });

  it.each([
    ['no power at all', { ...MACHINE, seconds: -20 }],
    ['power before the work alone', { ...MACHINE, seconds: 0 }],
    ['power long after the work alone', { ...MACHINE, from: 900, seconds: 1000 }],
  ])('refuses %s', (_, machine) => {
    expect(() => marginalFromPair(record(RUNS, MACHINE), record(without('cnn'), machine))).toThrow(
      /no window of power/,
    );
  });
});
