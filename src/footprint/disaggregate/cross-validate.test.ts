import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../maths/index.js';
import { sparse } from '../../maths/testing/design.js';
import { blockErrors, rivals } from './cross-validate.js';
import { fitPower } from './fit-power.js';
import type { FitOptions, PowerData } from './power-data.js';
import { lawfulMachine } from './testing/lawful-machine.js';

const meanOf = (values: Float64Array): number => {
  const good = values.filter(Number.isFinite);
  return good.reduce((sum, value) => sum + value, 0) / good.length;
};

const errorsOf = (data: PowerData, options: FitOptions): Float64Array =>
  blockErrors(data, options, fitPower(data, options));

describe('blockErrors', () => {
  it('is about the noise where the law is the right one', () => {
    const { data } = lawfulMachine({
      seed: 1,
      seconds: 600,
      weights: [10, 20, 30],
      law: { idleWatts: 50, floorWatts: 20, bend: 0.005 },
      noise: (random) => 3 * random.normal(),
    });
    const errors = errorsOf(data, { floor: true, bend: true, idleWatts: 50 });
    expect(errors.length).toBe(12);
    expect(meanOf(errors)).toBeGreaterThan(6);
    expect(meanOf(errors)).toBeLessThan(13);
  });

  it('is larger for a law that lacks what the machine has', () => {
    const { data } = lawfulMachine({
      seed: 2,
      seconds: 600,
      weights: [10, 20, 30],
      law: { idleWatts: 50, floorWatts: 40, bend: 0.01 },
      noise: (random) => 2 * random.normal(),
    });
    const right = meanOf(errorsOf(data, { floor: true, bend: true, idleWatts: 50 }));
    expect(meanOf(errorsOf(data, { floor: false, bend: true, idleWatts: 50 }))).toBeGreaterThan(2 * right);
    expect(meanOf(errorsOf(data, { floor: true, bend: false, idleWatts: 50 }))).toBeGreaterThan(1.1 * right);
  });

  it('sees through a law that learns the record by heart', () => {
    const random = seededRandom(3);
    const rows = 48;
    // A column for every sample: all of it can be fitted, none of it foreseen.
    const own = Array.from({ length: rows }, (_, i) =>
      Array.from({ length: rows }, (_, j) => Number(i === j)),
    );
    const watts = Float64Array.from({ length: rows }, () => 60 + 5 * random.normal());
    const data: PowerData = {
      watts,
      sampling: sparse(own),
      loads: sparse(own),
      presence: new Float64Array(rows).fill(1),
    };
    const options: FitOptions = { floor: false, bend: false, idleWatts: 0 };
    const whole = fitPower(data, { ...options, rounds: 30 });
    expect(whole.square / rows).toBeLessThan(1);
    // Of a sample that was left out its weight is not known: nothing at all is foreseen without a prior.
    const prior = { watts: new Float64Array(rows).fill(60), deviation: new Float64Array(rows).fill(30) };
    expect(meanOf(blockErrors(data, { ...options, prior }, whole))).toBeGreaterThan(10);
  });

  it('leaves blocks without samples out, and looks at no sample that is none', () => {
    const { data } = lawfulMachine({
      seed: 4,
      seconds: 120,
      weights: [10, 20],
      law: { idleWatts: 50, floorWatts: 0, bend: 0 },
      noise: (random) => random.normal(),
    });
    const few = data.watts.map((watts, i) => (i % 20 === 0 ? watts : Number.NaN));
    const errors = errorsOf({ ...data, watts: few }, { floor: false, bend: false, idleWatts: 50 });
    expect(errors.filter(Number.isFinite).length).toBe(few.filter(Number.isFinite).length);
  });
});

describe('rivals', () => {
  const blocks = (seed: number, mean: number, spread: number): Float64Array => {
    const random = seededRandom(seed);
    return Float64Array.from({ length: 12 }, () => mean + spread * random.normal());
  };

  it('has no rival stand above the best, and counts how far each is behind it in standard errors', () => {
    const best = Float64Array.of(1, 2, 3, 4);
    const behind = Float64Array.of(2, 2, 4, 4);
    const [first, second] = rivals([behind, best]);
    expect(second).toEqual({ error: 2.5, deviations: 0 });
    expect(first?.error).toBe(3);
    // Differences of 1, 0, 1, 0: a mean of 0.5 whose error is √(1/3)/2.
    expect(first?.deviations).toBeCloseTo(0.5 / (Math.sqrt(1 / 3) / 2), 9);
  });

  it('holds equals to be equal, and what is worse in every block to be worse', () => {
    const noisy = blocks(1, 10, 4);
    const standing = rivals([noisy, noisy.slice(), noisy.map((value) => value + 0.5), blocks(2, 30, 4)]);
    expect(standing[0]?.deviations).toBe(0);
    expect(standing[1]?.deviations).toBe(0);
    expect(standing[2]?.deviations).toBeGreaterThan(100);
    expect(standing[3]?.deviations).toBeGreaterThan(5);
  });

  it('compares only in blocks that have samples', () => {
    const gone = Number.NaN;
    const [best, other] = rivals([Float64Array.of(1, gone, 2), Float64Array.of(3, gone, 4.5)]);
    expect(best).toEqual({ error: 1.5, deviations: 0 });
    expect(other?.error).toBe(3.75);
    expect(Number.isFinite(other?.deviations)).toBe(true);
  });
});
