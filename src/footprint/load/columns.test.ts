import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { multiply, type SparseRows, seededRandom } from '../../maths/index.js';
import { randomMatrix, sparse } from '../../maths/testing/design.js';
import { beside, noColumns } from './beside.js';
import { combined } from './combined.js';
import { grouped, largestApart } from './grouped.js';

const LEFT = sparse([
  [1, 0, 2],
  [0, 0, 0],
  [0, 3, 0],
]);
const RIGHT = sparse([
  [5, 0],
  [0, 6],
  [0, 0],
]);

const anyMatrix = (width: number): fc.Arbitrary<SparseRows> =>
  fc
    .record({ seed: fc.nat(), rows: fc.integer({ min: 1, max: 15 }), density: fc.constantFrom(0.1, 0.5, 1) })
    .map(({ seed, rows, density }) => sparse(randomMatrix(seededRandom(seed), rows, width, density)));

const sumOf = (values: Iterable<number>): number => [...values].reduce((all, value) => all + value, 0);

describe('beside', () => {
  it("puts the second matrix's columns behind the first's", () => {
    const both = beside(LEFT, RIGHT);
    expect(both).toEqual(
      sparse([
        [1, 0, 2, 5, 0],
        [0, 0, 0, 0, 6],
        [0, 3, 0, 0, 0],
      ]),
    );
  });

  it('leaves a matrix as it is beside one without columns', () => {
    expect(beside(LEFT, noColumns(3))).toBe(LEFT);
    expect(beside(noColumns(3), RIGHT)).toEqual(RIGHT);
  });
});

describe('combined', () => {
  it('weighs every column of both', () => {
    const other = { ...LEFT, value: Float64Array.of(10, 20, 30) };
    const sum = combined(LEFT, Float64Array.of(1, 2, 3), other, Float64Array.of(0.5, 0, 0.1));
    expect([...sum.value]).toEqual([1 + 5, 6 + 2, 6 + 0]);
    expect(sum.column).toBe(LEFT.column);
  });
});

describe('largestApart', () => {
  it('leaves everybody apart where there is room', () => {
    expect(largestApart(LEFT, 3)).toEqual({ groups: 3, groupOf: Uint32Array.of(0, 1, 2) });
  });

  it('keeps the largest columns for themselves, the first of equals first, and takes the others together', () => {
    const rows = sparse([
      [1, 4, 9, 4, 2],
      [1, 0, 0, 0, 0],
    ]);
    expect(largestApart(rows, 3)).toEqual({ groups: 3, groupOf: Uint32Array.of(2, 1, 0, 2, 2) });
  });
});

describe('grouped', () => {
  it('adds up the columns of a group, in order of column', () => {
    const rows = sparse([
      [1, 2, 3, 4],
      [0, 0, 5, 0],
      [0, 0, 0, 0],
    ]);
    const taken = grouped(rows, { groups: 2, groupOf: Uint32Array.of(1, 0, 1, 0) });
    expect(taken).toEqual(
      sparse([
        [6, 4],
        [0, 5],
        [0, 0],
      ]),
    );
  });

  it('has one entry for each group in a row, and none for nothing', () => {
    const rows: SparseRows = {
      count: 1,
      width: 3,
      rowStart: Uint32Array.of(0, 3),
      column: Uint32Array.of(0, 1, 2),
      value: Float64Array.of(0, 0, 5),
    };
    const { column, value } = grouped(rows, { groups: 2, groupOf: Uint32Array.of(0, 1, 1) });
    expect([...column]).toEqual([1]);
    expect([...value]).toEqual([5]);
  });

  it('loses nothing, whoever is with whom: rows have the same sums', () => {
    fc.assert(
      fc.property(anyMatrix(7), fc.integer({ min: 1, max: 8 }), (rows, limit) => {
        const grouping = largestApart(rows, limit);
        expect(grouping.groups).toBe(Math.min(limit, 7));
        const taken = grouped(rows, grouping);
        const ones = (width: number): Float64Array => new Float64Array(width).fill(1);
        const [before, after] = [multiply(rows, ones(7)), multiply(taken, ones(grouping.groups))];
        for (const [i, value] of before.entries()) expect(after[i]).toBeCloseTo(value, 12);
        expect(sumOf(taken.value)).toBeCloseTo(sumOf(rows.value), 9);
        expect(taken.column.length).toBeLessThanOrEqual(rows.column.length);
      }),
    );
  });
});
