import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Experiment, SavedModel, StageSample } from '../model/index.js';
import { Knowledge } from './knowledge.js';
import { freshPath } from './testing/folder.js';

let knowledge: Knowledge;

beforeEach(async () => {
  knowledge = await Knowledge.open(freshPath());
});

afterEach(() => knowledge.close());

const sample = (changes: Partial<StageSample> = {}): StageSample => ({
  workflow: 'pi',
  stage: 'sample',
  run: 'run-1',
  configuration: { cpu: 1, memoryMib: 256, workers: 4 },
  repetition: 1,
  warmUp: false,
  invocations: 4,
  wallSeconds: 2,
  cpuSeconds: 7.5,
  coldStartSeconds: 0.25,
  readSeconds: 0.5,
  computeSeconds: 6.5,
  writeSeconds: 0.25,
  coldStarts: 4,
  joules: 31,
  source: 'rapl',
  provenance: 'measured',
  ...changes,
});

describe('samples of stages', () => {
  it('are found by workflow, stage, run and experiment', () => {
    knowledge.beginRun({
      id: 'run-2',
      workflow: 'pi',
      experiment: { id: 'grid-1', repetition: 1, warmUp: true },
    });
    const first = sample();
    const other = sample({ stage: 'estimate' });
    const ofRun = sample({ run: 'run-2', warmUp: true });
    const imported = sample({ workflow: 'words', run: 'file' });
    knowledge.saveStageSamples([first, other, ofRun]);
    knowledge.saveStageSamples([imported], { experiment: 'grid-2' });
    expect(knowledge.stageSamples()).toStrictEqual([first, other, ofRun, imported]);
    expect(knowledge.stageSamples({ workflow: 'pi', stage: 'sample' })).toStrictEqual([first, ofRun]);
    // A run knows its experiment.
    expect(knowledge.stageSamples({ experiment: 'grid-1' })).toStrictEqual([ofRun]);
    expect(knowledge.stageSamples({ experiment: 'grid-2' })).toStrictEqual([imported]);
    expect(knowledge.stageSamples({ run: 'run-1' })).toStrictEqual([first, other]);
  });

  it('of the same repetition take the place of the one before', () => {
    knowledge.saveStageSamples([sample(), sample({ repetition: 2 })]);
    knowledge.saveStageSamples([sample({ joules: 40 })]);
    expect(knowledge.stageSamples().map(({ repetition, joules }) => [repetition, joules])).toEqual([
      [2, 31],
      [1, 40],
    ]);
  });

  it('go with their run', () => {
    knowledge.beginRun({ id: 'run-1', workflow: 'pi' });
    knowledge.saveStageSamples([sample(), sample({ run: 'run-2' })]);
    knowledge.endRun('run-1', { status: 'done' });
    knowledge.deleteRun('run-1');
    expect(knowledge.stageSamples().map(({ run }) => run)).toEqual(['run-2']);
  });
});

describe('experiments', () => {
  const experiment: Experiment = {
    id: 'grid-1',
    kind: 'characterise',
    workflow: 'pi',
    grid: { workers: [1, 2, 4] },
    startedAt: 1_700_000_000,
  };

  it('are kept, ended and found', () => {
    knowledge.saveExperiment(experiment);
    knowledge.saveExperiment({ ...experiment, id: 'grid-2', workflow: 'words', startedAt: 1_700_000_100 });
    expect(knowledge.experiment('grid-1')).toStrictEqual(experiment);
    knowledge.saveExperiment({ ...experiment, endedAt: 1_700_000_050 });
    expect(knowledge.experiment('grid-1').endedAt).toBe(1_700_000_050);
    expect(knowledge.experiments().map(({ id }) => id)).toEqual(['grid-2', 'grid-1']);
    expect(knowledge.experiments({ workflow: 'pi' }).map(({ id }) => id)).toEqual(['grid-1']);
    expect(() => knowledge.experiment('grid-3')).toThrow(expect.objectContaining({ code: 'not_found' }));
  });
});

describe('models', () => {
  it('are found by workflow, stage and kind, the latest first', () => {
    const model: SavedModel = {
      workflow: 'pi',
      stage: 'sample',
      kind: 'amdahl',
      trainedAt: 1_700_000_000,
      trainedOn: [{ cpu: 1, memoryMib: 256, workers: 2 }],
      data: { serial: 0.1, parallel: [1, 2] },
    };
    const later = { ...model, trainedAt: 1_700_000_100, data: null };
    const { stage: _, trainedOn: __, ...whole } = { ...model, kind: 'mixed' };
    for (const each of [model, later, whole]) knowledge.saveModel(each);
    expect(knowledge.models({ workflow: 'pi', stage: 'sample' })).toStrictEqual([later, model]);
    expect(knowledge.models({ stage: 'sample', limit: 1 })).toStrictEqual([later]);
    expect(knowledge.models({ kind: 'mixed' })).toStrictEqual([whole]);
  });
});
