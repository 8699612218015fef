import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MachineAmounts } from './machine-tick.js';
import { TickGrid } from './tick-grid.js';

const amounts = (joules: number | undefined, cpuSeconds: Record<string, number> = {}): MachineAmounts => ({
  joules,
  strayJoules: 0,
  idleJoules: undefined,
  cpuJoules: undefined,
  cpuSeconds: new Map(Object.entries(cpuSeconds)),
});

describe('the grid of ticks', () => {
  it('takes a stretch that ends near an edge for a tick, as it is', () => {
    const grid = new TickGrid(100, 1);
    const one = amounts(5, { 'fn:a': 0.3 });
    expect(grid.add(101.008, one)).toEqual([{ ...one, from: 100, to: 101 }]);
    expect(grid.add(101.993, one)).toEqual([{ ...one, from: 101, to: 102 }]);
  });

  it('gives each tick its part where a reading came late', () => {
    const grid = new TickGrid(0, 1);
    expect(grid.add(1.25, amounts(5))).toMatchObject([{ from: 0, to: 1, joules: 4 }]);
    expect(grid.add(2, amounts(3))).toMatchObject([{ from: 1, to: 2, joules: 4 }]);
  });

  it('spreads what a held up process read at once over the ticks that it missed', () => {
    const grid = new TickGrid(0, 1);
    const ticks = grid.add(4, amounts(40, { os: 2 }));
    expect(ticks.map(({ from, to, joules, cpuSeconds }) => [from, to, joules, cpuSeconds.get('os')])).toEqual(
      [
        [0, 1, 10, 0.5],
        [1, 2, 10, 0.5],
        [2, 3, 10, 0.5],
        [3, 4, 10, 0.5],
      ],
    );
  });

  it('puts parts of a tick together, and knows nothing of a tick of which it does not know a part', () => {
    const grid = new TickGrid(0, 1);
    expect(grid.add(0.5, amounts(1, { a: 1 }))).toEqual([]);
    expect(grid.add(1, amounts(2, { a: 1, b: 1 }))).toMatchObject([{ joules: 3 }]);
    grid.add(1.5, amounts(undefined));
    expect(grid.add(2, amounts(2))).toMatchObject([{ joules: undefined, strayJoules: 2 }]);
  });

  it('keeps what comes without any time', () => {
    const grid = new TickGrid(0, 1);
    grid.add(1, amounts(1));
    expect(grid.add(1, amounts(2))).toEqual([]);
    expect(grid.add(2, amounts(3))).toMatchObject([{ joules: 5 }]);
  });

  it('neither loses nor makes anything, and its ticks follow one another', () => {
    const stretch = fc.tuple(
      fc.double({ min: 0, max: 7, noNaN: true }),
      fc.double({ min: 0, max: 1e4, noNaN: true }),
    );
    fc.assert(
      fc.property(
        fc.array(stretch, { maxLength: 50 }),
        fc.constantFrom(0.1, 1, 5),
        (stretches, tickSeconds) => {
          const start = 1_700_000_000;
          const grid = new TickGrid(start, tickSeconds);
          let [at, given, edge] = [start, 0, start];
          let taken = 0;
          for (const [seconds, joules] of stretches) {
            at += seconds;
            given += joules;
            for (const tick of grid.add(at, amounts(joules, { a: joules / 2 }))) {
              expect(tick.from).toBeCloseTo(edge, 6);
              edge = tick.to;
              taken += tick.joules ?? Number.NaN;
              expect(tick.cpuSeconds.get('a')).toBeCloseTo((tick.joules ?? Number.NaN) / 2, 6);
            }
          }
          taken += grid.open?.joules ?? 0;
          expect(taken).toBeCloseTo(given, 5);
          expect(Math.abs(at - edge)).toBeLessThan(tickSeconds * 1.02);
        },
      ),
    );
  });
});
