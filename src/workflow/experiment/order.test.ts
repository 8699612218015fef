import fc from 'fast-check';
import { expect, it } from 'vitest';
import { seededRandom } from '../../maths/index.js';
import { EXPERIMENT_ORDERS, orderedRuns } from './order.js';

const counts = {
  configurations: fc.integer({ min: 1, max: 8 }),
  repetitions: fc.integer({ min: 1, max: 6 }),
  warmUps: fc.integer({ min: 0, max: 2 }),
  order: fc.constantFrom(...EXPERIMENT_ORDERS),
};

it('runs every configuration as often as it was asked, warm-ups first', () => {
  fc.assert(
    fc.property(fc.record(counts), fc.nat(), (options, seed) => {
      const runs = orderedRuns({ ...options, random: seededRandom(seed) });
      for (let i = 0; i < options.configurations; i++) {
        const own = runs.filter(({ configuration }) => configuration === i);
        expect(own.map(({ warmUp }) => warmUp)).toEqual([
          ...Array(options.warmUps).fill(true),
          ...Array(options.repetitions).fill(false),
        ]);
        const measured = own.filter(({ warmUp }) => !warmUp).map(({ repetition }) => repetition);
        expect(measured).toEqual(measured.map((_, place) => place + 1));
      }
    }),
  );
});

it('runs each configuration once before any is run again, unless it is asked for blocks', () => {
  const random = seededRandom(1);
  const places = (order: (typeof EXPERIMENT_ORDERS)[number]): number[] =>
    orderedRuns({ configurations: 3, repetitions: 2, warmUps: 0, order, random }).map(
      (run) => run.configuration,
    );
  expect(places('interleaved')).toEqual([0, 1, 2, 0, 1, 2]);
  expect(places('blocked')).toEqual([0, 0, 1, 1, 2, 2]);
  const shuffled = places('random');
  expect(shuffled.slice(0, 3).sort()).toEqual([0, 1, 2]);
  expect(shuffled.slice(3).sort()).toEqual([0, 1, 2]);
});
