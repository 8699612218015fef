import { describe, expect, it } from 'vitest';
import { values } from '../data/sources.js';
import { resolvedStages } from '../testing/resolved-stages.js';

const workersOf = (stages: ReturnType<typeof resolvedStages>): number[] =>
  stages.map(({ configuration }) => configuration.workers);

describe('how many workers a stage has', () => {
  it('follows the data where the stage does not say', () => {
    const stages = resolvedStages((flow, { scatter, each, gather, broadcast }) => {
      const first = flow.stage('first', { inputs: { x: scatter(values([1, 2, 3])) }, run: ({ x }) => x });
      const second = flow.stage('second', { inputs: { x: scatter(first) }, run: ({ x }) => x });
      const third = flow.stage('third', { inputs: { x: each(second) }, run: ({ x }) => x });
      const fourth = flow.stage('fourth', { inputs: { x: gather(third) }, run: ({ x }) => x });
      flow.stage('fifth', { inputs: { x: broadcast(fourth) }, run: ({ x }) => x });
    });
    expect(workersOf(stages)).toEqual([3, 3, 3, 1, 1]);
  });

  it('is changed for all only where the data can be shared', () => {
    const stages = resolvedStages(
      (flow, { scatter, each, gather }) => {
        const first = flow.stage('first', { inputs: { x: scatter(values([1, 2, 3])) }, run: ({ x }) => x });
        const second = flow.stage('second', { inputs: { x: each(first) }, run: ({ x }) => x });
        flow.stage('third', { inputs: { x: gather(second) }, run: ({ x }) => x });
        flow.stage('alone', { workers: 4, run: () => 1 });
      },
      { overrides: { '*': { workers: 8, cpu: 2 }, alone: { workers: 2 } } },
    );
    expect(workersOf(stages)).toEqual([8, 8, 1, 2]);
    expect(stages.map(({ configuration }) => configuration.cpu)).toEqual([2, 2, 2, 2]);
  });

  it('stays one for all where another stage broadcasts what it returns', () => {
    const stages = resolvedStages(
      (flow, { scatter, broadcast }) => {
        const table = flow.stage('table', {
          workers: 1,
          inputs: { x: scatter(values([1, 2, 3])) },
          run: ({ x }) => x,
        });
        flow.stage('look-up', { workers: 2, inputs: { table: broadcast(table) }, run: () => 1 });
      },
      { overrides: { '*': { workers: 8 } } },
    );
    expect(workersOf(stages)).toEqual([1, 8]);
  });
});

describe('a workflow that can not run is refused', () => {
  const refused = (write: Parameters<typeof resolvedStages>[0], options = {}): (() => unknown) => {
    return () => resolvedStages(write, options);
  };

  it.each<[string, Parameters<typeof resolvedStages>[0], RegExp]>([
    ['without stages', () => {}, /no stages/],
    [
      'with a circle',
      (flow) => {
        flow.stage('a', { after: ['c'], run: () => 1 });
        flow.stage('b', { after: ['a'], run: () => 1 });
        flow.stage('c', { after: ['b'], run: () => 1 });
      },
      /circle: a waits for c waits for b waits for a/,
    ],
    [
      'with a stage that waits for none',
      (flow) => void flow.stage('a', { after: ['x'], run: () => 1 }),
      /no stage "x"/,
    ],
    ['with no function', (flow) => void flow.stage('a', {} as never), /no function/],
    ['with half a worker', (flow) => void flow.stage('a', { workers: 0.5, run: () => 1 }), /0.5 workers/],
    ['with too many processors', (flow) => void flow.stage('a', { cpu: 64, run: () => 1 }), /4 processors/],
    ['with no memory', (flow) => void flow.stage('a', { memoryMib: 0, run: () => 1 }), /memoryMib is 0/],
    ['with a strange name', (flow) => void flow.stage('a/b', { run: () => 1 }), /"a\/b"/],
    [
      'with an input that is not there',
      (flow) => void flow.stage('a', { inputs: { x: undefined as never }, run: () => 1 }),
      /input "x" is missing/,
    ],
    [
      'with two writers of one object',
      (flow) => {
        flow.stage('a', { output: 'models/tree', run: () => 1 });
        flow.stage('b', { output: 'models', run: () => 1 });
      },
      /"a" and "b" would both write to "models"/,
    ],
    [
      'when many partitions are broadcast',
      (flow, { broadcast }) => {
        const a = flow.stage('a', { workers: 2, run: () => 1 });
        flow.stage('b', { inputs: { x: broadcast(a) }, run: () => 1 });
      },
      /broadcast\(\) is for the output of one worker, and there are 2/,
    ],
    [
      'when each has another number of workers',
      (flow, { each }) => {
        const a = flow.stage('a', { workers: 2, run: () => 1 });
        flow.stage('b', { workers: 3, inputs: { x: each(a) }, run: () => 1 });
      },
      /3 workers, 2 partitions/,
    ],
  ])('%s', (_, write, message) => {
    expect(refused(write)).toThrow(message);
  });

  it('when an override is for a stage that it has not', () => {
    const write = refused((flow) => void flow.stage('train', { run: () => 1 }), {
      overrides: { tran: { workers: 2 } },
    });
    expect(write).toThrow(/no stage "tran"/);
  });
});
