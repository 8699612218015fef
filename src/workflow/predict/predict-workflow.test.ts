import { describe, expect, it } from 'vitest';
import { priceTable } from '../../footprint/index.js';
import { WHOLE_RUN } from '../../model/index.js';
import { predictionJson, predictionText } from '../../report/index.js';
import { modelFromJson, modelsFromJson } from './model-json.js';
import { predictStage, predictWorkflow } from './predict-workflow.js';
import { DIAMOND, GRID, knownWorkflow } from './testing/known-workflow.js';
import { amdahl, crooked, memoryCoupled, queued, syntheticSamples } from './testing/synthetic-stage.js';
import { trainModels } from './train-models.js';

const samples = knownWorkflow(0.08);
const models = trainModels(samples);
const configuration = { cpu: 1, memoryMib: 1024, workers: 4 };
const all = Object.fromEntries(DIAMOND.stages.map((stage) => [stage, configuration]));
const seconds = (law: typeof amdahl): number => law.seconds(configuration, 1);

describe('predictWorkflow', () => {
  const prediction = predictWorkflow(DIAMOND, models, all);

  it('adds times along the critical path, and energies over all stages', () => {
    const path = seconds(amdahl) + Math.max(seconds(memoryCoupled), seconds(queued)) + seconds(crooked);
    expect(prediction.criticalPath.stages).toEqual(['prepare', 'left', 'join']);
    expect(prediction.criticalPath.seconds / path).toBeCloseTo(1, 1);
    expect(prediction.wallSeconds.mean / path).toBeCloseTo(1, 1);
    const joules = prediction.stages.reduce((sum, stage) => sum + (stage.joules?.mean ?? Number.NaN), 0);
    expect(prediction.joules?.mean).toBeCloseTo(joules, 9);
    expect(prediction.absent).toEqual({});
    expect(prediction.extrapolations).toEqual([]);
  });

  it('gives intervals in which the times of whole runs lie', () => {
    const news = Array.from({ length: 60 }, (_, seed) => {
      const run = [amdahl, memoryCoupled, queued, crooked].map((law, i) =>
        syntheticSamples(law, [configuration], {
          stage: DIAMOND.stages[i] ?? '',
          repetitions: 1,
          noise: 0.04,
          runNoise: 0.08,
          seed: seed + 1000,
        }),
      );
      const [first = 0, left = 0, right = 0, last = 0] = run.map(
        ([sample]) => sample?.wallSeconds ?? Number.NaN,
      );
      return first + Math.max(left, right) + last;
    });
    const { low, high } = prediction.wallSeconds.interval95;
    const within = news.filter((value) => value >= low && value <= high).length / news.length;
    expect(within).toBeGreaterThan(0.85);
    expect(high / low).toBeLessThan(1.6);
  });

  it('finds that stages of a run are slow together, and widens the interval by it', () => {
    expect(models.runCorrelation.wallSeconds).toBeGreaterThan(0.5);
    expect(trainModels(knownWorkflow(0)).runCorrelation.wallSeconds).toBeLessThan(0.2);
    const apart = predictWorkflow(DIAMOND, { ...models, runCorrelation: { wallSeconds: 0, joules: 0 } }, all);
    expect(prediction.wallSeconds.deviation).toBeGreaterThan(1.2 * apart.wallSeconds.deviation);
  });

  it('says how likely a deadline is met', () => {
    const chance = (deadlineSeconds: number) =>
      predictWorkflow(DIAMOND, models, all, { deadlineSeconds }).deadline?.chance ?? Number.NaN;
    const { mean, interval95 } = prediction.wallSeconds;
    expect(chance(interval95.low * 0.9)).toBe(0);
    expect(chance(mean)).toBeGreaterThan(0.35);
    expect(chance(mean)).toBeLessThan(0.65);
    expect(chance(interval95.high * 1.2)).toBe(1);
  });

  it('takes carbon and cost by other rates', () => {
    const rates = { gramsPerKilowattHour: 600, pue: 1.5, prices: priceTable('aws-lambda-x86') };
    const other = predictWorkflow(DIAMOND, models, all, { rates });
    expect((other.carbonGrams?.mean ?? 0) / (prediction.carbonGrams?.mean ?? 1)).toBeCloseTo(3, 1);
    // The samples were paid for at the same price.
    expect((other.costUsd?.mean ?? 0) / (prediction.costUsd?.mean ?? 1)).toBeCloseTo(1, 1);
  });

  it('says the same again', () => {
    expect(predictWorkflow(DIAMOND, models, all)).toEqual(prediction);
  });

  it('notes what the figures do not contain', () => {
    const note = expect.stringMatching(
      /stages "left" and "right" may run side by side and ask for more than the 4 processors/,
    );
    expect(prediction.notes).toEqual([expect.stringMatching(/overlap/), note]);
  });

  it('says which stages are beyond what was seen', () => {
    const far = predictWorkflow(DIAMOND, models, { ...all, join: { ...configuration, workers: 99 } });
    expect(far.extrapolations).toEqual([{ stage: 'join', reason: 'workers 99: 1 to 8 were seen' }]);
    expect(predictionText(far)).toContain(
      'stage "join" is beyond what was seen: workers 99: 1 to 8 were seen',
    );
  });

  it('names the stage that has no configuration, and the one that nobody ever ran', () => {
    expect(() => predictWorkflow(DIAMOND, models, { prepare: configuration })).toThrow(
      'stage "left" has no configuration',
    );
    expect(() => predictStage(models, 'nowhere', configuration)).toThrow(
      'nothing is known of stage "nowhere"',
    );
  });

  it('leaves energy out where a stage has none, with stage and reason', () => {
    const partial = trainModels(
      samples.map(({ joules, ...sample }) =>
        sample.stage === 'right' || joules === undefined ? sample : { ...sample, joules },
      ),
    );
    const { joules, absent, wallSeconds } = predictWorkflow(DIAMOND, partial, all);
    expect(joules).toBeUndefined();
    expect(absent.joules).toBe('stage "right": no source told the energy of any sample');
    expect(wallSeconds.mean).toBeGreaterThan(0);
  });

  it('shows as text within some width and as a document without holes', () => {
    const text = predictionText(prediction);
    expect(text).toMatch(/prepare +4 × 1 CPU, 1\.00 GiB/);
    expect(text).toContain('Critical path prepare > left > join');
    const json = JSON.parse(JSON.stringify(predictionJson(prediction)));
    expect(json.stages).toHaveLength(4);
    expect(json.totals.joules.low_95).toBeLessThan(json.totals.joules.mean);
    expect(json.stages[0].model.time.errors.median).toBeLessThan(0.15);
  });
});

describe('trainModels', () => {
  it('survives JSON', () => {
    const kept = modelsFromJson(JSON.parse(JSON.stringify(models)));
    expect(kept).toEqual(models);
    expect(predictWorkflow(DIAMOND, kept, all)).toEqual(predictWorkflow(DIAMOND, models, all));
    expect(modelFromJson(JSON.parse(JSON.stringify(models.stages.left)))).toEqual(models.stages.left);
  });

  it('says what is wrong with what was kept', () => {
    expect(() => modelFromJson({ ...models.stages.left, version: 99 })).toThrow('version');
    expect(() => modelsFromJson({})).toThrow(
      'Learn it again from the samples'.length > 0 ? 'models of a workflow' : '',
    );
    const { left } = models.stages;
    const law = { ...left?.wallSeconds.law, terms: ['magic'] };
    expect(() => modelFromJson({ ...left, wallSeconds: { ...left?.wallSeconds, law } })).toThrow(
      'is no term that is known',
    );
  });

  it('learns of stages, not of whole runs, and of one workflow at a time', () => {
    const whole = samples.slice(0, 5).map((sample) => ({ ...sample, stage: WHOLE_RUN }));
    expect(Object.keys(trainModels([...whole, ...samples]).stages)).toEqual([...DIAMOND.stages]);
    expect(() => trainModels(whole)).toThrow('no sample of a stage');
    expect(() =>
      trainModels([...samples, ...whole.map((sample) => ({ ...sample, workflow: 'other' }))]),
    ).toThrow('samples of two workflows');
    expect(() => trainModels([])).toThrow('no sample');
  });

  it('offers what was seen to all stages alike', () => {
    expect(models.stages.left?.configurations).toBe(GRID.length);
  });
});
