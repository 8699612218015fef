import { describe, expect, it } from 'vitest';
import { type SparseRows, seededRandom } from '../../maths/index.js';
import { sparse } from '../../maths/testing/design.js';
import { inseparable } from './inseparable.js';

const ROWS = 200;

/** Columns of random loads, independent of one another. */
function independent(seed: number, width: number): number[][] {
  const random = seededRandom(seed);
  return Array.from({ length: width }, () =>
    Array.from({ length: ROWS }, () => (random.uniform() < 0.4 ? 0 : random.uniform())),
  );
}

const rowsOf = (columns: readonly (readonly number[])[]): SparseRows =>
  sparse(Array.from({ length: columns[0]?.length ?? 0 }, (_, i) => columns.map((column) => column[i] ?? 0)));

const scaled = (column: readonly number[] | undefined, by: number): number[] =>
  (column ?? []).map((value) => by * value);

describe('inseparable', () => {
  it('finds nobody among functions that run at times of their own', () => {
    expect(inseparable(rowsOf(independent(1, 6)), 6)).toEqual([]);
  });

  it('groups functions that always ran together, however much each ran', () => {
    const [a, b, c] = independent(2, 3);
    const columns = [a ?? [], b ?? [], scaled(a, 0.1), c ?? [], scaled(a, 7), scaled(c, 2)];
    const groups = inseparable(rowsOf(columns), 6);
    expect([...groups].sort((x, y) => (x[0] ?? 0) - (y[0] ?? 0))).toEqual([
      [0, 2, 4],
      [3, 5],
    ]);
  });

  it('keeps apart what runs together most of the time only', () => {
    const [a, b] = independent(3, 2);
    const often = (a ?? []).map((value, i) => (i % 10 === 0 ? (b?.[i] ?? 0) : value));
    expect(inseparable(rowsOf([a ?? [], often]), 2)).toEqual([]);
    const nearly = (a ?? []).map((value, i) => value + 0.01 * (b?.[i] ?? 0));
    expect(inseparable(rowsOf([a ?? [], nearly]), 2)).toEqual([[0, 1]]);
  });

  it('tells functions apart that take turns: one runs when the other does not', () => {
    const [a] = independent(4, 1);
    const turns = (a ?? []).map((value) => 1 - value);
    expect(inseparable(rowsOf([a ?? [], turns]), 2)).toEqual([]);
  });

  it('groups functions that ran all the time: the power tells their sum alone', () => {
    const [a] = independent(5, 1);
    const always = new Array<number>(ROWS).fill(1);
    expect(inseparable(rowsOf([always, a ?? [], scaled(always, 2)]), 3)).toEqual([[0, 2]]);
    expect(inseparable(rowsOf([always, a ?? []]), 2)).toEqual([]);
  });

  it('does not speak of shared principals, nor of functions that never ran', () => {
    const [a] = independent(6, 1);
    const never = new Array<number>(ROWS).fill(0);
    expect(inseparable(rowsOf([a ?? [], never, never, scaled(a, 3)]), 3)).toEqual([]);
  });

  it('is the same whatever the order of functions', () => {
    const [a, b] = independent(7, 2);
    expect(inseparable(rowsOf([b ?? [], scaled(a, 2), a ?? []]), 3)).toEqual([[1, 2]]);
    expect(inseparable(rowsOf([a ?? [], b ?? [], scaled(a, 2)]), 3)).toEqual([[0, 2]]);
  });
});
