import { describe, expect, it } from 'vitest';
import type { Configuration } from '../../model/index.js';
import { fitStage } from './fit-stage.js';
import { stageModel } from './stage-predictor.js';
import type { TermName } from './terms.js';
import {
  amdahl,
  crooked,
  gridOf,
  type KnownStage,
  memoryCoupled,
  queued,
  syntheticSamples,
} from './testing/synthetic-stage.js';

const GRID = gridOf([0.5, 1, 2, 4], [512, 1024, 2048], [1, 2, 4, 8, 16]);
const LAWS: readonly (readonly [string, KnownStage])[] = [
  ['Amdahl', amdahl],
  ['processors by memory', memoryCoupled],
  ['a full machine', queued],
  ['no sum of terms', crooked],
];

/** Every third configuration is kept back. */
const shown = GRID.filter((_, i) => i % 3 !== 1);
const keptBack = GRID.filter((_, i) => i % 3 === 1);

function relativeErrors(law: KnownStage, noise: number): { time: number[]; energy: number[] } {
  const model = stageModel(fitStage(syntheticSamples(law, shown, { noise })));
  const errors = keptBack.map((configuration) => {
    const { wallSeconds, joules } = model.predict({ configuration });
    const seconds = law.seconds(configuration, 1);
    const energy = law.joules(seconds, law.cpuSeconds(configuration, 1), configuration);
    return {
      time: Math.abs(wallSeconds.mean / seconds - 1),
      energy: Math.abs((joules?.mean ?? 0) / energy - 1),
    };
  });
  return { time: errors.map(({ time }) => time), energy: errors.map(({ energy }) => energy) };
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

describe.each(LAWS)('the models of a stage with a known law: %s', (_, law) => {
  it('foretell configurations that they never saw', () => {
    const { time, energy } = relativeErrors(law, 0.08);
    expect(median(time)).toBeLessThan(0.08);
    expect(median(energy)).toBeLessThan(0.06);
    expect(Math.max(...time)).toBeLessThan(0.35);
  });

  it('know how well they do so', () => {
    const data = fitStage(syntheticSamples(law, GRID, { noise: 0.08 }));
    for (const { kind, errors } of [data.wallSeconds, data.joules].flatMap((model) => model ?? [])) {
      const own = errors[kind];
      expect(own?.median).toBeLessThan(0.08);
      expect(own?.percentile90).toBeLessThan(0.15);
      expect(own?.coverage).toBeGreaterThan(0.88);
      expect(own?.coverage).toBeLessThanOrEqual(1);
    }
  });

  it('give intervals in which new runs of configurations that they never saw lie', () => {
    let [within, all] = [0, 0];
    for (const seed of [11, 12, 13]) {
      const model = stageModel(fitStage(syntheticSamples(law, shown, { noise: 0.06, seed })));
      for (const sample of syntheticSamples(law, keptBack, {
        noise: 0.06,
        seed: seed + 100,
        repetitions: 3,
      })) {
        const { low, high } = model.predict({ configuration: sample.configuration }).wallSeconds.interval95;
        if (sample.wallSeconds >= low && sample.wallSeconds <= high) within++;
        all++;
      }
    }
    expect(within / all).toBeGreaterThan(0.88);
  });

  it('give narrow intervals where they saw much, and yet new runs lie in them', () => {
    const model = stageModel(fitStage(syntheticSamples(law, GRID, { noise: 0.06 })));
    const news = syntheticSamples(law, GRID, { noise: 0.06, seed: 77 });
    const within = news.filter(({ configuration, wallSeconds }) => {
      const { low, high } = model.predict({ configuration }).wallSeconds.interval95;
      return wallSeconds >= low && wallSeconds <= high && high / low < 1.6;
    });
    expect(within.length / news.length).toBeGreaterThan(0.9);
    expect(within.length / news.length).toBeLessThan(0.995);
  });
});

describe('fitStage', () => {
  it('finds the parts of the law where no noise hides them', () => {
    const { wallSeconds, joules } = fitStage(syntheticSamples(amdahl, GRID, { noise: 0, repetitions: 1 }));
    const part = (model: typeof wallSeconds, term: TermName): number =>
      model.law.coefficients[model.law.terms.indexOf(term)] ?? Number.NaN;
    // 0.3 s before and 0.4 s of serial work can't be told apart while the work is always the same.
    expect(part(wallSeconds, 'constant')).toBeCloseTo(0.7, 2);
    expect(part(wallSeconds, 'waves_single')).toBeCloseTo(12, 1);
    expect(part(wallSeconds, 'workers')).toBeCloseTo(0.02, 2);
    expect(joules && part(joules, 'wall_seconds')).toBeCloseTo(9, 1);
    expect(joules && part(joules, 'cpu_seconds')).toBeCloseTo(4, 1);
    expect(joules && part(joules, 'workers')).toBeCloseTo(0.3, 1);
  });

  it('finds out how many processors there are for all', () => {
    expect(fitStage(syntheticSamples(queued, GRID)).machine).toMatchObject({
      processors: 4,
      sharing: 'queue',
    });
    expect(fitStage(syntheticSamples(amdahl, GRID)).machine).toEqual({ sharing: 'queue' });
  });

  it('believes what it is told of the machine', () => {
    const { machine } = fitStage(syntheticSamples(amdahl, GRID), {
      machine: { processors: 32, memoryMib: 65_536 },
    });
    expect(machine).toEqual({ processors: 32, memoryMib: 65_536, sharing: 'queue' });
  });

  it('takes a Gaussian process where no sum of terms will do, and none where one will', () => {
    expect(fitStage(syntheticSamples(crooked, GRID)).wallSeconds.kind).toBe('gaussian_process');
    expect(fitStage(syntheticSamples(amdahl, GRID)).wallSeconds.kind).not.toBe('gaussian_process');
  });

  it('follows the work where it is counted, also to amounts that it never saw', () => {
    const samples = syntheticSamples(amdahl, gridOf([0.5, 1], [512], [1, 2, 4, 8]), { work: [0.5, 1, 4] });
    const model = stageModel(fitStage(samples));
    const configuration = { cpu: 1, memoryMib: 512, workers: 4 };
    const { wallSeconds, work, extrapolation } = model.predict({ configuration, work: 2 });
    expect(work).toBe(2);
    expect(wallSeconds.mean / amdahl.seconds(configuration, 2)).toBeCloseTo(1, 1);
    expect(extrapolation).toBeUndefined();
    expect(model.predict({ configuration, work: 40 }).extrapolation?.dimensions).toEqual([
      { name: 'work', value: 40, low: 0.5, high: 4 },
    ]);
  });

  it('tells cold starts from warm ones', () => {
    const warm = syntheticSamples(amdahl, gridOf([1], [512], [1, 2, 4, 8]));
    const cold = warm.map((sample) => ({
      ...sample,
      run: `${sample.run}-cold`,
      coldStarts: sample.invocations,
      coldStartSeconds: 0.5 * sample.invocations,
      wallSeconds: sample.wallSeconds + 0.5,
    }));
    const model = stageModel(fitStage([...warm, ...cold]));
    const configuration = { cpu: 1, memoryMib: 512, workers: 8 };
    const [hot, chilled] = [
      model.predict({ configuration, coldShare: 0 }),
      model.predict({ configuration, coldShare: 1 }),
    ];
    expect(chilled.wallSeconds.mean - hot.wallSeconds.mean).toBeCloseTo(0.5, 1);
    expect(chilled.phases.cold_start.mean).toBeCloseTo(4, 1);
    expect(hot.phases.cold_start.mean).toBeCloseTo(0, 6);
  });

  it('takes as many cold starts as are usual where nobody says, and what it knows of a configuration with it', () => {
    const grid = gridOf([1], [512], [1, 2, 4, 8, 16]);
    const slow = (workers: number): number => (workers === 4 ? 1.5 : 1);
    const chilled = syntheticSamples(amdahl, grid, { noise: 0.02 }).map((sample, i) => ({
      ...sample,
      // One in five finds its workers warm; four workers never do, and are slower than the law.
      coldStarts: i % 5 === 0 && sample.invocations !== 4 ? 0 : 1,
      wallSeconds:
        sample.wallSeconds * slow(sample.invocations) + (i % 5 === 0 && sample.invocations !== 4 ? 0 : 0.8),
    }));
    const model = stageModel(fitStage(chilled));
    const four = { cpu: 1, memoryMib: 512, workers: 4 };
    const usual = amdahl.seconds(four, 1) * 1.5 + 0.8;
    expect(model.predict({ configuration: four }).wallSeconds.mean / usual).toBeCloseTo(1, 1);
    // It never started warm, but what is known of it from cold starts still counts.
    const warm = model.predict({ configuration: four, coldShare: 0 }).wallSeconds;
    expect(warm.mean).toBeLessThan(usual);
    expect(warm.mean).toBeGreaterThan(1.15 * amdahl.seconds(four, 1));
  });

  it('is not led astray by some wild runs', () => {
    const samples = syntheticSamples(amdahl, GRID, { noise: 0.03 }).map((sample, i) =>
      i % 19 === 0 ? { ...sample, wallSeconds: sample.wallSeconds * 6 } : sample,
    );
    const model = stageModel(fitStage(samples));
    const errors = GRID.map((configuration) =>
      Math.abs(model.predict({ configuration }).wallSeconds.mean / amdahl.seconds(configuration, 1) - 1),
    );
    expect(median(errors)).toBeLessThan(0.05);
  });

  it('says little with few samples, and says so', () => {
    const [only] = GRID;
    const configuration: Configuration = only ?? { cpu: 1, memoryMib: 512, workers: 1 };
    const single = stageModel(
      fitStage(syntheticSamples(amdahl, [configuration], { repetitions: 1 })),
    ).predict({ configuration });
    expect(single).toMatchObject({ samples: 1, configurations: 1 });
    expect(single.timeErrors).toBeUndefined();
    expect(single.wallSeconds.mean / amdahl.seconds(configuration, 1)).toBeCloseTo(1, 0);
    const two = stageModel(fitStage(syntheticSamples(amdahl, GRID.slice(0, 2)))).predict({ configuration });
    expect(Number.isFinite(two.wallSeconds.interval95.high)).toBe(true);
  });

  it('has no energy without a source, with the reason', () => {
    const samples = syntheticSamples(amdahl, GRID).map(
      ({ joules: _, source: __, carbonGrams: ___, ...sample }) => sample,
    );
    const { joules, absent, wallSeconds } = stageModel(fitStage(samples)).predict({
      configuration: { cpu: 1, memoryMib: 512, workers: 4 },
    });
    expect(joules).toBeUndefined();
    expect(absent).toMatchObject({ joules: 'no source told the energy of any sample' });
    expect(wallSeconds.mean).toBeGreaterThan(0);
  });

  it('does not mix energies of different sources', () => {
    const samples = syntheticSamples(amdahl, GRID).map((sample, i) =>
      i % 3 === 0 && sample.joules
        ? { ...sample, source: 'tdp' as const, joules: sample.joules * 3 }
        : sample,
    );
    const { joules, source } = stageModel(fitStage(samples)).predict({
      configuration: { cpu: 1, memoryMib: 512, workers: 4 },
    });
    const seconds = amdahl.seconds({ cpu: 1, memoryMib: 512, workers: 4 }, 1);
    expect(source).toBe('rapl');
    expect(
      (joules?.mean ?? 0) / amdahl.joules(seconds, 12.6, { cpu: 1, memoryMib: 512, workers: 4 }),
    ).toBeCloseTo(1, 1);
  });

  it('learns where nobody told the CPU time or the cold starts', () => {
    const samples = syntheticSamples(amdahl, GRID).map(
      ({ cpuSeconds: _, coldStarts: __, ...sample }) => sample,
    );
    const prediction = stageModel(fitStage(samples)).predict({
      configuration: { cpu: 1, memoryMib: 512, workers: 4 },
    });
    expect(prediction.cpuSeconds).toBeUndefined();
    expect(prediction.joules?.mean).toBeGreaterThan(0);
  });

  it('refuses samples of which none can be learnt from', () => {
    const warmUps = syntheticSamples(amdahl, GRID).map((sample) => ({ ...sample, warmUp: true }));
    expect(() => fitStage(warmUps)).toThrow('has no sample to learn from');
    const broken = syntheticSamples(amdahl, GRID).map((sample) => ({ ...sample, wallSeconds: Number.NaN }));
    expect(() => fitStage(broken)).toThrow('has no sample to learn from');
  });
});
