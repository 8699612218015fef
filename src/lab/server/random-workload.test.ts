import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../maths/index.js';
import { meanRate } from './arrivals.js';
import { cloudWorkload } from './cloud-workload.js';
import { MACHINES, machineNamed } from './machines.js';
import { randomWorkload } from './random-workload.js';
import { simulateServer } from './simulate-server.js';
import { atLoad, loadOf } from './workload.js';
import { namedWorkload, WORKLOADS, type WorkloadName } from './workloads.js';

const durationSeconds = 600;
const machines = fc.constantFrom(...MACHINES);
const NAMES = Object.keys(WORKLOADS) as WorkloadName[];

describe('randomWorkload', () => {
  it('asks for the load it is told, of functions that the machine can run', () => {
    fc.assert(
      fc.property(
        machines,
        fc.nat(),
        fc.double({ min: 0.05, max: 1.5, noNaN: true }),
        (machine, seed, load) => {
          const options = { durationSeconds, load, highestRate: Number.POSITIVE_INFINITY };
          const workload = randomWorkload(seededRandom(seed), machine, options);
          expect(loadOf(workload, machine) / load).toBeCloseTo(1, 9);
          expect(workload.functions.length).toBeGreaterThanOrEqual(3);
          expect(workload.functions.length).toBeLessThanOrEqual(10);
          for (const { profile } of workload.functions) {
            expect(profile.gpuSeconds > 0 && machine.gpu === undefined).toBe(false);
            expect(profile.threads).toBeLessThanOrEqual(machine.cores);
          }
        },
      ),
    );
  });

  it('is the same for the same seed', () => {
    const make = (seed: number) =>
      randomWorkload(seededRandom(seed), machineNamed('board'), { durationSeconds });
    expect(make(1)).toEqual(make(1));
    expect(make(1)).not.toEqual(make(2));
  });

  it('can be had at another load', () => {
    const machine = machineNamed('server');
    const workload = randomWorkload(seededRandom(3), machine, { durationSeconds });
    expect(loadOf(atLoad(workload, machine, 0.25), machine)).toBeCloseTo(0.25, 9);
  });
});

describe('cloudWorkload', () => {
  const machine = machineNamed('server');
  const options = { functions: 300, durationSeconds, load: 0.3 };

  it('gives a few functions most of the invocations', () => {
    const { functions } = cloudWorkload(seededRandom(1), machine, options);
    const rates = functions.map(({ arrivals }) => meanRate(arrivals)).sort((a, b) => b - a);
    const sum = (of: readonly number[]): number => of.reduce((total, rate) => total + rate, 0);
    expect(sum(rates.slice(0, 30)) / sum(rates)).toBeGreaterThan(0.6);
  });

  it('has as many invocations as it is told, sized so that they ask for the load', () => {
    const workload = cloudWorkload(seededRandom(1), machine, { ...options, invocations: 20_000 });
    const rate = workload.functions.reduce((sum, { arrivals }) => sum + meanRate(arrivals), 0);
    expect(rate * durationSeconds).toBeCloseTo(20_000, 3);
    expect(loadOf(workload, machine)).toBeLessThan(0.31);
    expect(loadOf(workload, machine)).toBeGreaterThan(0.29);
  });

  it('refuses more invocations than can be dispatched', () => {
    expect(() => cloudWorkload(seededRandom(1), machine, { ...options, invocations: 1e8 })).toThrow(
      /by their dispatch alone/,
    );
  });
});

describe('namedWorkload', () => {
  const machine = machineNamed('desktop');
  const make = (name: WorkloadName) =>
    namedWorkload(name, seededRandom(2), machine, { durationSeconds, functions: 5 });

  it.each(NAMES)('makes %s, at the load it usually has', (name) => {
    const workload = make(name);
    expect(workload.functions.length).toBe(5);
    expect(loadOf(workload, machine)).toBeCloseTo(name === 'full' ? 1.15 : 0.4, 9);
  });

  it('is what its name says', () => {
    const kinds = (name: WorkloadName) => new Set(make(name).functions.map(({ arrivals }) => arrivals.kind));
    expect(kinds('steady')).toEqual(new Set(['poisson']));
    expect(kinds('bursty')).toEqual(new Set(['bursty']));
    expect(kinds('periodic')).toEqual(new Set(['periodic']));
    for (const { fromSeconds, untilSeconds } of make('changing').functions)
      expect((untilSeconds ?? 0) - (fromSeconds ?? 0)).toBeGreaterThan(0);
  });

  it('keeps the machine busy without a pause when full', () => {
    const { trace } = simulateServer({
      machine,
      workload: make('full'),
      seed: 1,
      durationSeconds,
      usage: 'time',
    });
    const { usage } = trace;
    const system = usage?.principals.indexOf('system');
    const busy = usage?.cpuSeconds.filter(
      (_, row) =>
        usage.principalIndex[row] === system &&
        (usage.t[row] ?? 0) > 100 &&
        (usage.t[row] ?? 0) < durationSeconds,
    );
    expect(Math.min(...(busy ?? []))).toBeGreaterThan(11.5);
  });
});
