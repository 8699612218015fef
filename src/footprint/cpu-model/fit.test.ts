import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../maths/index.js';
import { eachCounter } from './counters.js';
import { fitCpuModel } from './fit.js';
import { predictCpuWatts } from './model.js';
import {
  counted,
  observations,
  PROCESSOR,
  type Processor,
  rowsOf,
  wattsOf,
  withoutCounters,
} from './testing/processor.js';

/** Mean error on seconds that the model has not seen, in watts. */
function unseenWatts(
  processor: Processor,
  fit: ReturnType<typeof fitCpuModel>,
  usual = (x: number) => x,
): number {
  const random = seededRandom(99);
  let error = 0;
  for (let i = 0; i < 200; i++) {
    const sample = counted(random, usual(8 * random.uniform()));
    const predicted = fit.model && predictCpuWatts(fit.model, sample, 1);
    error += Math.abs((predicted ?? Number.NaN) - wattsOf(processor, sample)) / 200;
  }
  return error;
}

describe('fitCpuModel', () => {
  it('predicts power from counters', () => {
    const fit = fitCpuModel(rowsOf(observations(PROCESSOR, { seed: 1, rows: 300 })));
    expect(fit.model?.inputs).toContain('cycles');
    expect(fit.model?.reason).toBeUndefined();
    expect(fit.model?.joulesPerUnit.every((joules) => joules >= 0)).toBe(true);
    expect(fit.model?.idleWatts).toBeCloseTo(5, 0);
    expect(unseenWatts(PROCESSOR, fit)).toBeLessThan(0.2);
    expect(fit.model?.relativeError).toBeLessThan(0.05);
  });

  it('sees what the processor draws for being awake, and does not take it for idle power', () => {
    const processor = { ...PROCESSOR, awakeWatts: 22 };
    const fit = fitCpuModel(rowsOf(observations(processor, { seed: 2, rows: 400 })));
    expect(fit.model?.idleWatts).toBeLessThan(9);
    expect(fit.model?.curve.reduce((sum, { watts }) => sum + watts, 0)).toBeGreaterThan(17);
    expect(unseenWatts(processor, fit)).toBeLessThan(0.8);
  });

  it('makes do with CPU time, and says why', () => {
    const seen = observations(PROCESSOR, { seed: 3, rows: 300 });
    expect(fitCpuModel(rowsOf(withoutCounters(seen))).model).toMatchObject({
      inputs: ['cpuSeconds'],
      reason: 'there are no performance counters',
    });
    const byTime = { ...PROCESSOR, joulesPerGigacycle: 0, joulesPerMegamiss: 0, joulesPerCpuSecond: 4 };
    expect(fitCpuModel(rowsOf(observations(byTime, { seed: 4, rows: 300 }))).model).toMatchObject({
      inputs: ['cpuSeconds'],
      reason: 'performance counters predict no better than CPU time',
    });
  });

  it('keeps a model of CPU time beside that of counters, for moments without them', () => {
    const { model } = fitCpuModel(rowsOf(observations(PROCESSOR, { seed: 5, rows: 300 })));
    const blind = eachCounter((name) => (name === 'cpuSeconds' ? 4 : Number.NaN));
    expect(model && predictCpuWatts(model, blind, 1)).toBeGreaterThan(12);
    expect(
      model &&
        predictCpuWatts(
          model,
          eachCounter(() => Number.NaN),
          1,
        ),
    ).toBeUndefined();
  });

  it('is not misled by counters that were reset, scaled up from nothing, or lost', () => {
    const seen = observations(PROCESSOR, { seed: 6, rows: 400 });
    const random = seededRandom(6);
    const dirty = seen.map((one) => {
      const bad = random.uniform();
      const { counters } = one;
      if (bad < 0.03) return { ...one, counters: { ...counters, cycles: -4e12 } };
      if (bad < 0.06) return { ...one, counters: { ...counters, cycles: 2 ** 48, llcMisses: 2 ** 48 } };
      if (bad < 0.09) return { ...one, counters: { ...counters, cycles: 0, instructions: 0 } };
      if (bad < 0.12) return { ...one, watts: Number.NaN };
      if (bad < 0.14) return { ...one, watts: 700 };
      return one;
    });
    const fit = fitCpuModel(rowsOf(dirty));
    expect(fit.model?.inputs).toContain('cycles');
    expect(unseenWatts(PROCESSOR, fit)).toBeLessThan(0.4);
  });

  it('says what is missing where there is no model', () => {
    expect(fitCpuModel(rowsOf(observations(PROCESSOR, { seed: 7, rows: 29 })))).toEqual({
      reason: '29 rows tell both CPU time and CPU power; a model needs 30',
    });
    const flat = observations(PROCESSOR, { seed: 8, rows: 100 }).map((one) => ({ ...one, watts: 65 }));
    expect(fitCpuModel(rowsOf(flat))).toEqual({
      reason: 'CPU power does not grow with CPU time in these rows',
    });
  });

  it('gives the same for the same', () => {
    const rows = rowsOf(observations(PROCESSOR, { seed: 9, rows: 200 }));
    expect(fitCpuModel(rows)).toEqual(fitCpuModel(rows));
  });
});
