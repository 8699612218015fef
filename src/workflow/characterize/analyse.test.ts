import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dominates, seededRandom } from '../../maths/index.js';
import { type StageCharacterisation, type StageSample, WHOLE_RUN } from '../../model/index.js';
import { exampleSamples, ofStage } from '../testing/example-samples.js';
import { analyse } from './analyse.js';
import { wholeRunSample } from './whole-run.js';

const stageOf = (samples: readonly StageSample[], name: string): StageCharacterisation => {
  const found = analyse(samples).stages.find(({ stage }) => stage === name);
  if (found === undefined) throw new Error(`no stage ${name}`);
  return found;
};

/** Samples of one stage whose values are given, by workers. */
const timed = (byWorkers: Readonly<Record<number, readonly number[]>>): StageSample[] =>
  Object.entries(byWorkers).flatMap(([workers, times]) =>
    times.map(
      (wallSeconds, index): StageSample => ({
        workflow: 'w',
        stage: 's',
        run: `${workers}-${index}`,
        configuration: { workers: Number(workers), cpu: 1, memoryMib: 256 },
        repetition: index + 1,
        warmUp: false,
        invocations: Number(workers),
        wallSeconds,
        cpuSeconds: wallSeconds,
        coldStartSeconds: 0,
        readSeconds: 0,
        computeSeconds: wallSeconds,
        writeSeconds: 0,
        coldStarts: 0,
      }),
    ),
  );

describe('analyse', () => {
  const samples = exampleSamples({ memoryMib: [512], cpu: [1], repetitions: 8 });
  const encode = stageOf(samples, 'encode');

  it('has the whole run first, then the stages in their order', () => {
    expect(analyse(samples).stages.map(({ stage }) => stage)).toEqual([
      WHOLE_RUN,
      'split',
      'encode',
      'merge',
    ]);
  });

  it('keeps warm-ups apart, and tells what they took', () => {
    for (const { repetitions, warmUps, metrics, coldStartShare } of encode.configurations) {
      expect(repetitions).toBe(8);
      expect(metrics.time?.observations).toHaveLength(8);
      expect(warmUps?.count).toBe(1);
      expect(warmUps?.seconds).toBeGreaterThan((metrics.time?.statistics.mean ?? 0) * 1.15);
      expect(coldStartShare).toBe(0);
    }
  });

  it('marks an outlier, and counts it', () => {
    const [found] = stageOf(timed({ 1: [10, 10.1, 9.9, 10.05, 16] }), 's').configurations;
    const { observations = [], statistics } = found?.metrics.time ?? {};
    expect(observations.map(({ isOutlier }) => isOutlier)).toEqual([false, false, false, false, true]);
    expect(statistics?.mean).toBeCloseTo(11.21, 10);
  });

  it('tells neighbours along an axis apart, and the best from the rest', () => {
    const time = encode.comparisons.filter(({ metric }) => metric === 'time');
    const neighbours = time.filter(({ kind }) => kind === 'workers');
    expect(neighbours.map(({ from, to }) => [from.workers, to.workers])).toEqual([
      [1, 2],
      [2, 4],
      [4, 8],
    ]);
    for (const { difference } of neighbours) {
      expect(difference.isSignificant).toBe(true);
      expect(difference.effectWord).toBe('large');
      expect(difference.value).toBeLessThan(0);
    }
    const best = time.filter(({ kind }) => kind === 'best');
    expect(best.map(({ from, to }) => [from.workers, to.workers])).toEqual([
      [8, 1],
      [8, 2],
      [8, 4],
    ]);
  });

  it('measures scaling against the smallest', () => {
    // 16.5 s with one worker, 2.5 s with eight: 6.6 times as fast, of 8.
    const eight = encode.scaling.find(({ configuration }) => configuration.workers === 8);
    expect(eight?.ideal).toBe(8);
    expect(eight?.speedUp.value).toBeGreaterThan(6.4);
    expect(eight?.speedUp.value).toBeLessThan(6.8);
    expect(eight?.efficiency.low).toBeLessThan(6.6 / 8);
    expect(eight?.efficiency.high).toBeGreaterThan(6.6 / 8);
  });

  it('goes along memory where processors come with it', () => {
    const coupled = exampleSamples({ memoryMib: [512, 1024], cpu: [1], workers: [2] }).map((sample) => ({
      ...sample,
      configuration: { ...sample.configuration, cpu: sample.configuration.memoryMib / 512 },
    }));
    const kinds = stageOf(coupled, 'encode').comparisons.map(({ kind }) => kind);
    expect(kinds).toContain('memory');
    expect(kinds).not.toContain('cpu');
  });

  it('counts energy by the work where work is counted, and by invocation elsewhere', () => {
    const [one] = encode.configurations;
    expect(one?.energyPerWork?.per).toBe('invocation');
    const counted = samples.map((sample) => ({ ...sample, work: 1000 }));
    const [same] = stageOf(counted, 'encode').configurations;
    expect(same?.energyPerWork?.per).toBe('work');
    expect(same?.energyPerWork?.statistics.mean).toBeCloseTo(
      (same?.metrics.energy?.statistics.mean ?? 0) / 1000,
      9,
    );
  });

  it('puts on the front those that nobody beats', () => {
    const { metrics, places } = encode.front;
    expect(metrics).toEqual(['time', 'energy', 'cost']);
    for (const { values, dominatedBy } of places)
      expect(dominatedBy.length > 0).toBe(places.some((other) => dominates(other.values, values)));
    expect(places.filter(({ isKnee }) => isKnee).length).toBeLessThanOrEqual(1);
  });

  it('finds drift whatever the configurations do, and none where there is none', () => {
    const drifting = stageOf(exampleSamples({ drift: 0.2, memoryMib: [512] }), 'encode');
    const time = drifting.drifts.find(({ metric }) => metric === 'time');
    expect(time?.isDrifting).toBe(true);
    expect(time?.low).toBeLessThan(0.2);
    expect(time?.high).toBeGreaterThan(0.14);
    expect(drifting.notes).toContainEqual(expect.stringMatching(/^Times grew by 1\d\.\d %.*throttling/));
    expect(encode.drifts.some(({ isDrifting }) => isDrifting)).toBe(false);
    const falling = stageOf(exampleSamples({ drift: -0.9, memoryMib: [512] }), 'encode');
    const fall = falling.drifts.find(({ metric }) => metric === 'time');
    expect(fall?.low).toBeGreaterThan(-1);
    expect(fall?.change).toBeLessThan(-0.7);
    expect(fall?.high).toBeLessThan(-0.5);
  });

  it('says how many repetitions a difference of 5 % would need', () => {
    const noisy = stageOf(exampleSamples({ noise: 0.1, memoryMib: [512], repetitions: 4 }), 'encode');
    const time = noisy.sensitivities.find(({ metric }) => metric === 'time');
    expect(time?.variation).toBeGreaterThan(0.07);
    // 0.05 / 0.1 deviations: 64 values.
    expect(time?.needed).toBeGreaterThan(35);
    expect(time?.needed).toBeLessThan(95);
    expect(noisy.notes).toContainEqual(expect.stringMatching(/can't tell a difference of 5 %: \d+ would/));
  });

  it('says what a single repetition can’t tell, and that there is no energy', () => {
    const found = stageOf(exampleSamples({ repetitions: 1, hasEnergy: false }), 'merge');
    expect(found.comparisons).toEqual([]);
    expect(found.scaling).toEqual([]);
    expect(found.notes).toContainEqual(expect.stringMatching(/^24 configurations ran once/));
    expect(found.notes).toContainEqual(expect.stringMatching(/^There are no energies/));
    expect(found.front.metrics).toEqual(['time', 'cost']);
  });

  it('never compares energies of different sources', () => {
    const mixed = samples.map((sample) =>
      sample.configuration.workers === 1 ? { ...sample, source: 'tdp' as const } : sample,
    );
    const found = stageOf(mixed, 'encode');
    expect(found.energySources).toEqual([{ source: 'rapl', provenance: 'measured' }]);
    expect(found.configurations[0]?.metrics.energy).toBeUndefined();
    expect(found.notes[0]).toMatch(/9 by tdp/);
  });

  it('refuses what is no experiment on one workflow', () => {
    expect(() => analyse([])).toThrow('no samples');
    expect(() => analyse([...samples, ...timed({ 1: [1] })])).toThrow('video, w');
  });

  it('gives the same whatever the order of the samples', () => {
    const few = exampleSamples({ workers: [1, 2, 4], cpu: [1], memoryMib: [256], repetitions: 3 });
    const expected = analyse(few);
    fc.assert(
      fc.property(fc.shuffledSubarray(few, { minLength: few.length, maxLength: few.length }), (mixed) => {
        expect(analyse(mixed)).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  it('finds a difference among equals in at most 5 of 100 experiments, though it looks for the best', () => {
    const random = seededRandom(5);
    const rounds = 250;
    let found = 0;
    for (let round = 0; round < rounds; round++) {
      const values = () => Array.from({ length: 5 }, () => 10 + random.normal());
      const { comparisons } = stageOf(
        timed({ 1: values(), 2: values(), 4: values(), 8: values(), 16: values() }),
        's',
      );
      const best = comparisons.filter(({ kind }) => kind === 'best');
      found += Number(best.some(({ difference }) => difference.isSignificant));
    }
    // One standard error is 0.014.
    expect(found / rounds).toBeLessThan(0.08);
  });
});

describe('wholeRunSample', () => {
  it('adds up what stages took, and leaves out what one of them lacks', () => {
    const [whole, ...stages] = exampleSamples().slice(0, 4);
    expect(whole?.joules).toBeCloseTo(
      stages.reduce((sum, { joules = 0 }) => sum + joules, 0),
      9,
    );
    const [first, ...rest] = stages;
    expect(first).toBeDefined();
    const { joules: _joules, ...without } = first ?? {};
    const lacking = wholeRunSample([without as StageSample, ...rest], {
      configuration: { workers: 1, cpu: 1, memoryMib: 1 },
      wallSeconds: 1,
    });
    expect(lacking).not.toHaveProperty('joules');
    expect(lacking).not.toHaveProperty('source');
    expect(lacking?.carbonGrams).toBeGreaterThan(0);
    expect(ofStage([whole ?? lacking].flatMap((each) => each ?? []))).toHaveLength(1);
  });
});
