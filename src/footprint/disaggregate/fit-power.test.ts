import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Random, type SparseRows, seededRandom } from '../../maths/index.js';
import { sparse } from '../../maths/testing/design.js';
import { fitPower } from './fit-power.js';
import type { FitOptions, PowerData, PowerFit } from './power-data.js';
import type { PowerLaw } from './power-law.js';
import { type LawfulMachine, lawfulMachine } from './testing/lawful-machine.js';

const LAW: PowerLaw = { idleWatts: 50, floorWatts: 20, bend: 0.01 };
const WEIGHTS = [8, 15, 30, 4];
const MACHINE: LawfulMachine = { seed: 1, seconds: 600, weights: WEIGHTS, law: LAW };
const ALL: FitOptions = { floor: true, bend: true };

const quiet = (watts: number) => (random: Random) => watts * random.normal();

/** Noise whose neighbours are alike. */
function slowNoise(watts: number): (random: Random) => number {
  let state = 0;
  return (random) => {
    state = 0.9 * state + Math.sqrt(1 - 0.81) * watts * random.normal();
    return state;
  };
}

/** How far weights are off, in their own errors. */
const deviationsOf = ({ weights, errors }: PowerFit): number[] =>
  WEIGHTS.map((truth, f) => ((weights[f] ?? 0) - truth) / (errors[f] ?? 0));

const withColumn = (loads: SparseRows, value: (row: number) => number): SparseRows =>
  sparse(
    Array.from({ length: loads.count }, (_, row) => {
      const dense = new Array<number>(loads.width + 1).fill(0);
      for (let p = loads.rowStart[row] ?? 0; p < (loads.rowStart[row + 1] ?? 0); p++)
        dense[loads.column[p] ?? 0] = loads.value[p] ?? 0;
      dense[loads.width] = value(row);
      return dense;
    }),
  );

describe('fitPower', () => {
  it('recovers a law and the weights exactly where nothing is in the way', () => {
    const fit = fitPower(lawfulMachine(MACHINE).data, { ...ALL, rounds: 60 });
    expect(fit.law.idleWatts).toBeCloseTo(50, 2);
    expect(fit.law.floorWatts).toBeCloseTo(20, 1);
    expect(fit.law.bend).toBeCloseTo(0.01, 4);
    for (const [f, watts] of WEIGHTS.entries()) expect(fit.weights[f]).toBeCloseTo(watts, 1);
  });

  it('recovers a straight law, and one without a floor, when asked for no more', () => {
    const law = { idleWatts: 50, floorWatts: 0, bend: 0 };
    const { data } = lawfulMachine({ ...MACHINE, law });
    const fit = fitPower(data, { floor: false, bend: false, idleWatts: 50 });
    expect(fit.law).toEqual(law);
    for (const [f, watts] of WEIGHTS.entries()) expect(fit.weights[f]).toBeCloseTo(watts, 5);
  });

  it('finds the same through a late and slow sensor', () => {
    const response = { delaySeconds: 4.3, smoothingSeconds: 1.2 };
    const fit = fitPower(lawfulMachine({ ...MACHINE, response }).data, { ...ALL, rounds: 60 });
    for (const [f, watts] of WEIGHTS.entries()) expect(fit.weights[f]).toBeCloseTo(watts, 0);
    expect(fit.law.floorWatts).toBeCloseTo(20, 0);
  });

  it.each([
    ['independent', () => quiet(3)],
    ['slow', () => slowNoise(3)],
  ])('gives errors that cover the truth under %s noise', (_, noise) => {
    const off = Array.from({ length: 25 }, (_, seed) => {
      // Invocations long enough for slow noise to look like them.
      const { data } = lawfulMachine({ ...MACHINE, seed, noise: noise(), meanSeconds: 8, rate: 0.25 });
      return deviationsOf(fitPower(data, { ...ALL, idleWatts: 50 }));
    }).flat();
    const size = Math.sqrt(off.reduce((sum, value) => sum + value * value, 0) / off.length);
    expect(size).toBeGreaterThan(0.6);
    expect(size).toBeLessThan(1.4);
    expect(off.filter((value) => Math.abs(value) > 3).length).toBeLessThanOrEqual(3);
  });

  it('is hardly moved by samples that are far off', () => {
    const noise = (random: Random): number =>
      random.normal() + (random.uniform() < 0.04 ? 300 * random.uniform() : 0);
    const { data } = lawfulMachine({ ...MACHINE, noise });
    const fit = fitPower(data, { ...ALL, idleWatts: 50 });
    for (const [f, watts] of WEIGHTS.entries())
      expect(Math.abs((fit.weights[f] ?? 0) - watts)).toBeLessThan(0.15 * watts + 1);
    expect(Math.abs(fit.law.floorWatts - 20)).toBeLessThan(2.5);
  });

  it('leaves samples out that are none', () => {
    const { data } = lawfulMachine({ ...MACHINE, noise: quiet(1) });
    const gone = (i: number): boolean => i % 5 === 2 || (i > 200 && i < 260);
    const holed = data.watts.map((watts, i) => (gone(i) ? Number.NaN : watts));
    const fit = fitPower({ ...data, watts: holed }, { ...ALL, idleWatts: 50 });
    expect(fit.count).toBe(holed.filter(Number.isFinite).length);
    for (const [f, watts] of WEIGHTS.entries())
      expect(Math.abs((fit.weights[f] ?? 0) - watts)).toBeLessThan(5 * (fit.errors[f] ?? 0));
    // What they would have shown is still predicted.
    expect(fit.predicted.every(Number.isFinite)).toBe(true);
  });

  it('keeps to what is usual, with all of its doubt, where the power says nothing of a principal', () => {
    const { data } = lawfulMachine({ ...MACHINE, noise: quiet(1) });
    const loads = withColumn(data.loads, () => 0);
    const prior = {
      watts: Float64Array.of(10, 10, 10, 10, 12),
      deviation: Float64Array.of(10, 10, 10, 10, 6),
    };
    const fit = fitPower({ ...data, loads }, { ...ALL, idleWatts: 50, prior });
    expect(fit.weights[4]).toBeCloseTo(12, 3);
    expect(fit.errors[4]).toBeCloseTo(6, 3);
    for (const f of [0, 1, 2, 3]) expect(fit.errors[f]).toBeLessThan(3);
  });

  it('leaves the prior the less said the more samples there are', () => {
    const prior = { watts: new Float64Array(4).fill(40), deviation: new Float64Array(4).fill(8) };
    const off = [40, 200, 1600].map((seconds) => {
      const { data } = lawfulMachine({ ...MACHINE, seconds, noise: quiet(12) });
      const { weights } = fitPower(data, { ...ALL, idleWatts: 50, prior });
      return Math.abs((weights[3] ?? 0) - 4);
    });
    expect(off[0]).toBeGreaterThan(off[1] ?? 0);
    expect(off[1]).toBeGreaterThan(off[2] ?? 0);
  });

  it('is sure of nothing beyond its prior where there is one sample only', () => {
    const data: PowerData = {
      watts: Float64Array.of(80),
      sampling: sparse([[0.5, 0.5]]),
      loads: sparse([
        [1, 1],
        [1, 0],
      ]),
      presence: Float64Array.of(1, 1),
    };
    const prior = { watts: Float64Array.of(10, 10), deviation: Float64Array.of(5, 5) };
    const { weights, errors } = fitPower(data, { ...ALL, prior });
    for (const f of [0, 1]) {
      expect(weights[f]).toBeGreaterThanOrEqual(0);
      expect(errors[f]).toBeGreaterThan(2);
      expect(errors[f]).toBeLessThanOrEqual(5);
    }
  });

  it('keeps to the prior for who was not seen though the start explains all that was', () => {
    const data: PowerData = {
      watts: Float64Array.of(50, 90, 50),
      sampling: sparse([
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ]),
      loads: sparse([
        [0, 0],
        [1, 0],
        [0, 0],
      ]),
      presence: Float64Array.of(0, 1, 0),
    };
    const prior = { watts: Float64Array.of(10, 10), deviation: Float64Array.of(15, 15) };
    const { weights, errors } = fitPower(data, { floor: false, bend: false, idleWatts: 50, prior });
    expect(Math.abs((weights[0] ?? 0) - 40)).toBeLessThan(0.1);
    expect(weights[1]).toBeCloseTo(10, 3);
    expect(errors[1]).toBeCloseTo(15, 6);
    const alone = fitPower(data, { floor: false, bend: false, idleWatts: 50 });
    expect([...alone.weights, ...alone.errors].some(Number.isNaN)).toBe(false);
  });

  it('lets principals that always run together share evenly, and doubts both', () => {
    const { data } = lawfulMachine({ ...MACHINE, noise: quiet(1) });
    const first = new Float64Array(data.loads.count);
    for (let j = 0; j < data.loads.count; j++)
      for (let p = data.loads.rowStart[j] ?? 0; p < (data.loads.rowStart[j + 1] ?? 0); p++)
        if (data.loads.column[p] === 2) first[j] = data.loads.value[p] ?? 0;
    const loads = withColumn(data.loads, (j) => first[j] ?? 0);
    const prior = { watts: new Float64Array(5).fill(15), deviation: new Float64Array(5).fill(15) };
    const fit = fitPower({ ...data, loads }, { ...ALL, idleWatts: 50, prior });
    expect(fit.weights[4]).toBeCloseTo(fit.weights[2] ?? Number.NaN, 3);
    expect((fit.weights[4] ?? 0) + (fit.weights[2] ?? 0)).toBeCloseTo(30, 0);
    expect(fit.errors[4]).toBeGreaterThan(8);
    expect(fit.errors[2]).toBeGreaterThan(8);
    expect(fit.errors[1]).toBeLessThan(1);
  });

  it('keeps an idle power and a course that are given', () => {
    const { data } = lawfulMachine(MACHINE);
    const course = { knots: Float64Array.of(20, 200), slopes: Float64Array.of(0.4, 0.5) };
    const fit = fitPower(data, { ...ALL, idleWatts: 47, course });
    expect(fit.law.idleWatts).toBe(47);
    expect(fit.law.course).toBe(course);
    expect(fit.law.bend).toBe(0);
  });

  it('explains no worse with more rounds, and goes on from where it is told to start', () => {
    const { data } = lawfulMachine({ ...MACHINE, noise: quiet(2) });
    const whole = fitPower(data, ALL);
    const none = fitPower(data, { ...ALL, rounds: 0 });
    expect(whole.square).toBeLessThan(none.square);
    const again = fitPower(data, { ...ALL, start: whole, rounds: 2 });
    expect(again.square).toBeLessThanOrEqual(whole.square * (1 + 1e-3));
    const still = fitPower(data, { ...ALL, start: whole, rounds: 0 });
    expect(still.weights).toEqual(whole.weights);
    expect(still.square).toBeCloseTo(whole.square, 6);
  });

  it('never gives anything negative or NaN, whatever the power', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.constantFrom('noise', 'falling', 'flat', 'zero', 'wild', 'holed'),
        fc.boolean(),
        fc.boolean(),
        (seed, kind, floor, bend) => {
          const random = seededRandom(seed);
          const { data } = lawfulMachine({ ...MACHINE, seed, seconds: 60 });
          const watts = data.watts.map((value) => {
            if (kind === 'noise') return 100 * random.uniform();
            if (kind === 'falling') return 200 - value;
            if (kind === 'flat') return 60;
            if (kind === 'zero') return 0;
            if (kind === 'wild') return 1e6 * random.normal() ** 5;
            return random.uniform() < 0.9 ? Number.NaN : value;
          });
          const prior = { watts: new Float64Array(4).fill(10), deviation: new Float64Array(4).fill(15) };
          for (const options of [{ idleWatts: 50 }, { idleWatts: 50, prior }, { prior }]) {
            const { law, weights, errors } = fitPower({ ...data, watts }, { floor, bend, ...options });
            for (const value of [law.floorWatts, law.bend, ...weights]) {
              expect(value).toBeGreaterThanOrEqual(0);
              expect(value).toBeLessThan(Number.POSITIVE_INFINITY);
            }
            if ('prior' in options)
              for (const error of errors) expect(error).toBeLessThanOrEqual(15 * (1 + 1e-9));
            for (const error of errors) expect(error).toBeGreaterThanOrEqual(0);
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});
