import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../maths/index.js';
import type { UsageTable } from '../../model/index.js';
import { type Run, sum, tableOf } from '../rows/testing/rows.js';
import { cpuLoads } from './cpu-loads.js';
import { type Occupancy, occupancyOf } from './occupancy.js';

type UsageRow = readonly [t: number, principal: string, cpuSeconds: number];

function usageOf(rows: readonly UsageRow[]): UsageTable {
  const principals = [...new Set(rows.map(([, name]) => name))];
  const none = new Float64Array(rows.length).fill(Number.NaN);
  return {
    principals,
    principalIndex: Uint32Array.from(rows, ([, name]) => principals.indexOf(name)),
    t: Float64Array.from(rows, ([t]) => t),
    cpuSeconds: Float64Array.from(rows, ([, , seconds]) => seconds),
    cycles: none,
    instructions: none,
    llcMisses: none,
  };
}

const STEPS = { start: 0, stepSeconds: 0.25, count: 16 };

/** What there is of CPU load, by step. */
function course(usage: readonly UsageRow[], runs: readonly Run[], name: string): number[] | undefined {
  const table = tableOf(runs);
  const occupancy = occupancyOf(table, STEPS);
  const rows = cpuLoads(usageOf(usage), table, occupancy);
  if (rows === undefined) return undefined;
  const values = new Array<number>(STEPS.count).fill(0);
  for (let j = 0; j < rows.count; j++)
    for (let p = rows.rowStart[j] ?? 0; p < (rows.rowStart[j + 1] ?? 0); p++)
      if (table.functions[rows.column[p] ?? 0] === name) values[j] = rows.value[p] ?? Number.NaN;
  return values;
}

const RUNS: readonly Run[] = [
  ['a', 1, 2],
  ['a', 1.5, 2],
  ['b', 2, 4],
];

describe('cpuLoads', () => {
  it('divides what a sample says over the steps since the sample before, as the function ran there', () => {
    const usage: UsageRow[] = [
      [1, 'system', 0],
      [2, 'fn:a', 0.6],
      [3, 'fn:b', 2],
      [4, 'fn:b', 0.5],
    ];
    // Two of the four running steps have two invocations: six shares of 0.1 s, as processors of a quarter second.
    const a = course(usage, RUNS, 'a') ?? [];
    expect(a.slice(4, 8).map((value) => value * 0.25)).toEqual(
      [0.1, 0.1, 0.2, 0.2].map((used) => expect.closeTo(used, 9)),
    );
    const b = course(usage, RUNS, 'b') ?? [];
    expect(b.slice(8)).toEqual([2, 2, 2, 2, 0.5, 0.5, 0.5, 0.5].map((busy) => expect.closeTo(busy, 9)));
    expect(sum(a.slice(0, 4)) + sum(a.slice(8)) + sum(b.slice(0, 8))).toBe(0);
  });

  it('is absent where usage names no function: that of others says nothing of their load', () => {
    const usage: UsageRow[] = [1, 2, 3, 4].flatMap((t): UsageRow[] => [
      [t, 'system', 2],
      [t, 'control-plane', 0.1],
    ]);
    expect(course(usage, RUNS, 'a')).toBeUndefined();
  });

  it('is absent where usage covers a part of the running time only', () => {
    const late: UsageRow[] = [
      [2, 'system', 0],
      [3, 'fn:b', 1],
      [4, 'fn:b', 1],
      [4, 'fn:a', 0],
    ];
    expect(course(late, RUNS, 'b')).toBeUndefined();
    const unread: UsageRow[] = [
      [1, 'system', 0],
      [2, 'fn:a', 0.6],
      [3, 'fn:b', Number.NaN],
      [4, 'fn:b', Number.NaN],
    ];
    expect(course(unread, RUNS, 'b')).toBeUndefined();
    expect(course([[4, 'fn:a', 1]], RUNS, 'a')).toBeUndefined();
  });

  it('holds a function without a row in a sample to have used nothing, as samplers leave out who is idle', () => {
    const usage: UsageRow[] = [
      [1, 'system', 0],
      [2, 'fn:a', 0.6],
      [3, 'system', 1],
      [4, 'fn:b', 0.5],
    ];
    expect(course(usage, RUNS, 'b')?.slice(8, 12)).toEqual([0, 0, 0, 0]);
  });

  it('loses no CPU time, in whatever order it is told, and however often', () => {
    const runs: Run[] = [
      ['a', 0, 4],
      ['b', 0, 4],
      ['a', 1.1, 3.3],
    ];
    const table = tableOf(runs);
    fc.assert(
      fc.property(
        fc.constantFrom(0.05, 0.1, 0.2, 0.25, 0.4, 1),
        fc.nat(),
        fc.nat(),
        (interval, seed, turn) => {
          const random = seededRandom(seed);
          // Nothing is used within the last step: samples that end in it are told to nobody.
          const used = (t: number): number => (t > 3.7 && interval < 0.25 ? 0 : random.uniform());
          const times = Array.from({ length: Math.round(4 / interval) + 1 }, (_, k) => k * interval);
          const told = times.flatMap((t, k): UsageRow[] =>
            k === 0 ? [[0, 'system', 0]] : ['fn:a', 'fn:b'].map((name): UsageRow => [t, name, used(t)]),
          );
          const at = turn % told.length;
          const occupancy: Occupancy = occupancyOf(table, STEPS);
          const rows = cpuLoads(usageOf([...told.slice(at), ...told.slice(0, at)]), table, occupancy);
          const seconds = sum(rows?.value ?? []) * STEPS.stepSeconds;
          expect(seconds).toBeCloseTo(sum(told.map(([, , cpuSeconds]) => cpuSeconds)), 9);
        },
      ),
    );
  });
});
