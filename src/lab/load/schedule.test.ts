import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../maths/index.js';
import { openArrivals } from './arrival-kinds.js';
import type { LoadTarget } from './load-plan.js';
import { OpenSchedule, type Schedule } from './schedule.js';
import { target } from './testing/test-plan.js';

const named = (name: string, kind: Parameters<typeof openArrivals>[0], rate: number): LoadTarget =>
  target('http://a/', { kind: 'open', arrivals: openArrivals(kind, rate) }, { name });

function drain(schedule: Schedule): [at: number, target: number][] {
  const all: [number, number][] = [];
  for (; schedule.at < Number.POSITIVE_INFINITY; schedule.advance()) all.push([schedule.at, schedule.target]);
  return all;
}

const timesOf = (targets: readonly LoadTarget[], seed: number, until: number): [number, number][] =>
  drain(new OpenSchedule(targets, seededRandom(seed), until));

describe('when calls of an open loop are due', () => {
  it.each(['constant', 'exponential', 'azure', 'bursty'] as const)('%s: as often as was asked', (kind) => {
    // Rates of minutes and bursts are uneven: only over hours they come near their mean.
    const seconds = 40_000;
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e6 }),
        fc.double({ min: 0.5, max: 3, noNaN: true }),
        (seed, rate) => {
          const count = timesOf([named('f', kind, rate)], seed, seconds).length;
          expect(count / seconds / rate).toBeGreaterThan(0.85);
          expect(count / seconds / rate).toBeLessThan(1.15);
        },
      ),
      { numRuns: 10 },
    );
  });

  it('goes in order of time, the same for the same seed and another for another', () => {
    const targets = [named('a', 'exponential', 5), named('b', 'azure', 3), named('c', 'bursty', 2)];
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
        const times = timesOf(targets, seed, 60);
        expect(times).toEqual([...times].sort(([a], [b]) => a - b));
        expect(times).toEqual(timesOf(targets, seed, 60));
        expect(times).not.toEqual(timesOf(targets, seed + 1, 60));
        expect(times.every(([at]) => at >= 0 && at < 60)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('calls a function at the same moments whoever else is called', () => {
    const alone = timesOf([named('a', 'exponential', 5)], 3, 60);
    const beside = timesOf([named('b', 'bursty', 9), named('a', 'exponential', 5)], 3, 60);
    expect(beside.filter(([, index]) => index === 1).map(([at]) => at)).toEqual(alone.map(([at]) => at));
  });

  it('knows by the clock exactly how many there are', () => {
    expect(timesOf([named('a', 'constant', 10)], 1, 60)).toHaveLength(600);
  });
});
