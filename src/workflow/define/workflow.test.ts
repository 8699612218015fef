import { describe, expect, expectTypeOf, it } from 'vitest';
import { gather, type StageRef, scatter, shuffle } from './strategy.js';
import { workflow } from './workflow.js';

describe('a workflow', () => {
  it('has the types of its data from stage to stage', () => {
    workflow('typed', { parameters: { size: 3, name: 'x' } }, (flow) => {
      expectTypeOf(flow.parameters.size).toEqualTypeOf<number>();
      const words = flow.stage('words', {
        parameters: { a: 1 },
        run: async (_, { parameters }) => {
          expectTypeOf(parameters.size).toEqualTypeOf<number>();
          expectTypeOf(parameters.a).toEqualTypeOf<number>();
          return [`${parameters.a}`];
        },
      });
      expectTypeOf(words).toEqualTypeOf<StageRef<string[]>>();
      const pairs = flow.stage('pairs', {
        inputs: { words: scatter(words) },
        run: ({ words }) => {
          expectTypeOf(words).toEqualTypeOf<string[]>();
          return words.map((word) => ({ word, count: 1 }));
        },
      });
      const sums = flow.stage('sums', {
        workers: 2,
        inputs: { pairs: shuffle(pairs, ({ word }) => word) },
        run: ({ pairs }) => pairs.length,
      });
      return flow.stage('all', {
        inputs: { sums: gather(sums) },
        run: ({ sums }) => {
          expectTypeOf(sums).toEqualTypeOf<number[]>();
          return sums.length;
        },
      });
    }).build();
  });

  it('is built with its own parameters, and with those that are given', () => {
    const sized = workflow('sized', { parameters: { workers: 2 } }, (flow) => {
      flow.stage('a', { workers: flow.parameters.workers, run: () => 1 });
    });
    expect(sized.build().stages[0]?.workers).toBe(2);
    expect(sized.build({ workers: 5 }).stages[0]?.workers).toBe(5);
  });

  it('refuses parameters that it does not have, and values of another kind', () => {
    const sized = workflow('sized', { parameters: { workers: 2 } }, () => undefined);
    expect(() => sized.build({ worker: 3 })).toThrow(/no parameter "worker"/);
    expect(() => sized.build({ workers: 'many' })).toThrow(/is a number, not a string/);
  });

  it('refuses two stages of one name', () => {
    const twice = workflow('twice', {}, (flow) => {
      flow.stage('a', { run: () => 1 });
      flow.stage('a', { run: () => 2 });
    });
    expect(() => twice.build()).toThrow(/two stages "a"/);
  });
});
