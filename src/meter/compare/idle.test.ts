import { describe, expect, it } from 'vitest';
import { normal, random } from '../../maths/testing/signal.js';
import { IdleLearner, measuredIdle } from './idle.js';

describe('measuredIdle', () => {
  it('is the mean of quiet samples, whatever a tenth of them were disturbed by', () => {
    const next = random(1);
    const off = Array.from({ length: 100 }, () => {
      const watts = Array.from({ length: 300 }, (_, i) =>
        i % 10 === 0 ? 60 + 20 * next() : 14 + normal(next),
      );
      return measuredIdle(watts);
    });
    for (const idle of off) expect(Math.abs((idle?.value ?? 0) - 14)).toBeLessThan(0.5);
  });

  it('states the error of a mean', () => {
    const next = random(2);
    const deviations = Array.from({ length: 300 }, () => {
      const idle = measuredIdle(Array.from({ length: 60 }, () => 14 + 2 * normal(next)));
      return ((idle?.value ?? 0) - 14) / (idle?.standardError ?? 0);
    });
    const rms = Math.sqrt(deviations.reduce((sum, value) => sum + value ** 2, 0) / deviations.length);
    expect(rms).toBeGreaterThan(0.85);
    expect(rms).toBeLessThan(1.15);
  });

  it('is absent below ten samples, and takes garbage for none', () => {
    expect(measuredIdle([14, 14, 14])).toBeUndefined();
    expect(measuredIdle([...Array(9).fill(14), Number.NaN, -1])).toBeUndefined();
    expect(measuredIdle(Array(10).fill(14))).toEqual({
      value: 14,
      standardError: 0,
      count: 10,
      method: 'measured',
    });
  });
});

describe('IdleLearner', () => {
  /** A machine of 14 W idle, that jumps by 30 W under load and is idle in a fifth of its seconds. */
  function day(learner: IdleLearner, seconds: number, seed = 1): IdleLearner {
    const next = random(seed);
    for (let i = 0; i < seconds; i++) {
      const busy = next() < 0.8;
      const utilisation = busy ? 0.05 + 0.9 * next() : 0.01 * next();
      learner.add(
        14 + 0.3 * normal(next) + (busy ? 30 + 40 * utilisation : 100 * utilisation * next()),
        utilisation,
      );
    }
    return learner;
  }

  it('learns idle power beside the work', () => {
    const idle = day(new IdleLearner(), 3000).estimate;
    expect(Math.abs((idle?.value ?? 0) - 14)).toBeLessThan(0.3);
    expect(idle?.standardError).toBeLessThan(0.1);
    expect(idle).toMatchObject({ method: 'learnt' });
    expect(idle?.count).toBeGreaterThan(400);
  });

  it('knows nothing before it has seen enough, nor on a machine that never rests', () => {
    const learner = new IdleLearner();
    for (let i = 0; i < 29; i++) learner.add(14, 0);
    for (let i = 0; i < 1000; i++) learner.add(70, 0.5);
    for (const [watts, utilisation] of [
      [Number.NaN, 0],
      [-1, 0],
      [14, Number.NaN],
      [14, -1],
    ] as const)
      learner.add(watts, utilisation);
    expect(learner.estimate).toBeUndefined();
    learner.add(14, 0);
    expect(learner.estimate).toEqual({ value: 14, standardError: 0, count: 30, method: 'learnt' });
  });

  it('follows a machine whose idle power changes', () => {
    const learner = new IdleLearner({ capacity: 100 });
    for (let i = 0; i < 500; i++) learner.add(i < 300 ? 14 : 22, 0);
    expect(learner.estimate?.value).toBe(22);
  });

  it('resumes from plain JSON as if it had not been interrupted', () => {
    const whole = day(day(new IdleLearner(), 500, 1), 500, 2);
    const saved = JSON.stringify(day(new IdleLearner(), 500, 1));
    const resumed = day(new IdleLearner({}, JSON.parse(saved)), 500, 2);
    expect(resumed.estimate).toEqual(whole.estimate);
  });

  it.each([null, 7, { version: 2, watts: [] }, { version: 1, watts: ['14'] }, { version: 1, watts: [-3] }])(
    'refuses the state %j',
    (state) => {
      expect(() => new IdleLearner({}, state)).toThrow(expect.objectContaining({ code: 'bad_input' }));
    },
  );
});
