import { describe, expect, it } from 'vitest';
import { type PowerSeries, seededRandom, synchronise } from '../../maths/index.js';
import { machineNamed } from './machines.js';
import { PLAIN_PROFILE } from './profile.js';
import { meanWatts, smoothed } from './sampling.js';
import { IDEAL_SENSOR, type Sensor, withFaults } from './sensor.js';
import { IDEAL_SENSORS, randomSensors } from './sensors.js';
import { simulateServer } from './simulate-server.js';

const STEADY = new Float64Array(20_000).fill(80);

const seen = (faults: Partial<Sensor>, truth = STEADY): Float64Array =>
  withFaults(truth, { ...IDEAL_SENSOR, ...faults }, seededRandom(9), 1);

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const part = (values: Float64Array, is: (value: number, index: number) => boolean): number =>
  values.filter(is).length / values.length;
const deviation = (values: Float64Array): number => {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
};

describe('a sensor', () => {
  it('shows the truth when it has no faults', () => {
    expect(seen({})).toEqual(STEADY);
  });

  it('is noisy by so much, in watts and as a part of the power', () => {
    expect(deviation(seen({ noiseWatts: 2 }))).toBeCloseTo(2, 1);
    expect(deviation(seen({ noisePart: 0.05 }))).toBeCloseTo(4, 1);
    expect(mean(seen({ noiseWatts: 2 }))).toBeCloseTo(80, 0);
  });

  it('wanders slowly by so much', () => {
    const wandering = seen({ wanderWatts: 3, wanderSeconds: 30 });
    expect(deviation(wandering)).toBeGreaterThan(2.5);
    expect(deviation(wandering)).toBeLessThan(3.5);
    const steps = wandering.slice(1).map((value, i) => value - (wandering[i] ?? 0));
    expect(deviation(steps)).toBeLessThan(1);
  });

  it('shows multiples of its quantum, and a gain', () => {
    expect(new Set(seen({ quantumWatts: 3, gain: 1.05 }))).toEqual(new Set([84]));
  });

  it('misses, repeats and exaggerates as many samples as it should', () => {
    expect(part(seen({ dropout: 0.1 }), Number.isNaN)).toBeCloseTo(0.1, 1);
    const spikes = seen({ spike: 0.05 });
    expect(part(spikes, (value) => value === 0)).toBeCloseTo(0.025, 2);
    expect(part(spikes, (value) => value >= 160)).toBeCloseTo(0.025, 2);
    const hanging = seen({ noiseWatts: 1, stale: 0.02, staleSamples: 4 });
    const repeated = part(hanging, (value, i) => value === hanging[i - 1]);
    expect(repeated).toBeGreaterThan(0.05);
    expect(repeated).toBeLessThan(0.12);
    expect(part(seen({ noiseWatts: 1 }), (value, i) => value === hanging[i - 1])).toBeLessThan(0.01);
  });

  it('never shows less than nothing', () => {
    expect(Math.min(...seen({ noiseWatts: 200 }))).toBe(0);
  });

  it('has each fault by a chance of its own', () => {
    const [few, more] = [
      seen({ dropout: 0.05 }),
      seen({ dropout: 0.05, noiseWatts: 1, spike: 0.01, stale: 0.1 }),
    ];
    expect(more.map(Number)).not.toEqual(few);
    few.forEach((value, row) => void expect(Number.isNaN(more[row])).toBe(Number.isNaN(value)));
  });
});

describe('sampling', () => {
  const joules = Float64Array.from({ length: 101 }, (_, i) => (i < 50 ? 10 * i : 500 + 40 * (i - 50)));
  const course = { startSeconds: 0, stepSeconds: 1, joules };

  it('takes the mean power between moments, and idle power outside of what is known', () => {
    const moments = Float64Array.of(-2, 0, 49, 51, 99, 102);
    expect([...meanWatts(course, moments, 0, 7)]).toEqual([7, 10, 25, 40, (40 + 2 * 7) / 3]);
  });

  it('sees through a lag of either sign what was before or comes after', () => {
    const moments = Float64Array.of(52, 53);
    expect([...meanWatts(course, moments, 10, 7)]).toEqual([10]);
    expect([...meanWatts(course, Float64Array.of(45, 46), -10.25, 7)]).toEqual([40]);
  });

  it('smooths as a first-order filter, without losing energy', () => {
    const filtered = smoothed(course, 5, 10);
    const watts = (at: number): number => (filtered.joules[at + 1] ?? 0) - (filtered.joules[at] ?? 0);
    expect(watts(30)).toBeCloseTo(10, 9);
    expect(watts(55)).toBeCloseTo(10 + 30 * (1 - 5 * (Math.exp(-1) - Math.exp(-1.2))), 9);
    const late = (joules.at(-1) ?? 0) - (filtered.joules.at(-1) ?? 0);
    expect(late).toBeCloseTo(30 * 5, 1);
    expect(smoothed(course, 0, 10)).toBe(course);
  });
});

describe('sensors of a server', () => {
  const machine = machineNamed('desktop');
  const profile = { ...PLAIN_PROFILE, cpuSeconds: 3 };
  const workload = { functions: [{ profile, arrivals: { kind: 'poisson', perSecond: 0.3 } as const }] };
  const series = (t: Float64Array, watts: Float64Array): PowerSeries => ({
    sampling: 'mean',
    samples: Array.from(t, (at, row) => ({ at, watts: watts[row] ?? Number.NaN })),
  });

  it.each([-11, -3.4, 0, 2.25, 8])('are late by what they are told: %d s', (lagSeconds) => {
    const system = { ...IDEAL_SENSOR, lagSeconds, noiseWatts: 0.5, dropout: 0.01 };
    const sensors = { ...IDEAL_SENSORS, system };
    const { trace } = simulateServer({ machine, workload, seed: 4, durationSeconds: 900, sensors });
    const { t, systemWatts, cpuWatts } = trace.power;
    const found = synchronise(series(t, cpuWatts), series(t, systemWatts));
    expect(found.determined && Math.abs(found.lagSeconds - lagSeconds)).toBeLessThan(0.15);
  });

  it('sample at moments that jitter, in order', () => {
    const sensors = { ...IDEAL_SENSORS, jitterSeconds: 0.2 };
    const { t } = simulateServer({ machine, workload, seed: 4, durationSeconds: 60, sensors }).trace.power;
    const steps = t.slice(1).map((time, row) => time - (t[row] ?? 0));
    expect(Math.min(...steps)).toBeGreaterThan(0);
    expect(deviation(steps)).toBeGreaterThan(0.15);
  });

  it('can be random, within what the account must bear', () => {
    for (let seed = 0; seed < 50; seed++) {
      const { system } = randomSensors(seededRandom(seed), machine);
      expect(Math.abs(system.lagSeconds)).toBeLessThan(15);
      expect(system.dropout).toBeLessThan(0.05);
    }
  });
});
