import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnSums, SparseRowBuilder } from './sparse-row-builder.js';

describe('SparseRowBuilder', () => {
  it('adds up amounts of a column, puts columns in order, and keeps empty rows', () => {
    const builder = new SparseRowBuilder(5);
    for (const [column, amount] of [
      [3, 1],
      [0, 2],
      [3, 4],
      [1, 0],
    ] as const)
      builder.add(column, amount);
    builder.endRow();
    builder.endRow();
    builder.add(4, 7);
    builder.endRow();
    const { count, width, rowStart, column, value } = builder.rows();
    expect([count, width]).toEqual([3, 5]);
    expect([...rowStart]).toEqual([0, 2, 2, 3]);
    expect([...column]).toEqual([0, 3, 4]);
    expect([...value]).toEqual([2, 5, 7]);
  });

  it('keeps every amount, in its column', () => {
    const entry = fc.tuple(fc.nat(9), fc.integer({ min: 1, max: 100 }));
    fc.assert(
      fc.property(fc.array(fc.array(entry)), (all) => {
        const builder = new SparseRowBuilder(10);
        const expected = new Float64Array(10);
        for (const row of all) {
          for (const [column, amount] of row) {
            builder.add(column, amount);
            expected[column] = (expected[column] ?? 0) + amount;
          }
          builder.endRow();
        }
        const { count, column, value, width } = builder.rows();
        expect(count).toBe(all.length);
        expect(columnSums(column, value, width)).toEqual(expected);
      }),
    );
  });
});
