import type { Random } from 'wattloop/maths';
import type { Dataset } from '../dataset.js';

export type Tree =
  | { readonly value: number }
  | { readonly column: number; readonly zero: Tree; readonly one: Tree };

export interface TreeOptions {
  readonly depth: number;
  /** Rows that a leaf has at least. */
  readonly leastRows: number;
  /** At each split only some columns are looked at, drawn from this; all when not given. */
  readonly random?: Random;
  /** What a leaf says of these rows; the mean of their targets when not given. */
  readonly leaf?: (rows: Int32Array) => number;
}

/**
 * Splits the rows where the squares of targets about their means become least. With targets 0 and 1 that is where Gini's
 * impurity becomes least, so one tree serves for classes and for boosting.
 */
export function grow(data: Dataset, targets: Float64Array, rows: Int32Array, options: TreeOptions): Tree {
  const { depth, leastRows, leaf } = options;
  let [sum, squares] = [0, 0];
  for (const row of rows) {
    const target = targets[row] ?? 0;
    sum += target;
    squares += target * target;
  }
  const isPure = squares - (sum * sum) / rows.length < 1e-12 * rows.length;
  const column = depth === 0 || isPure ? undefined : bestColumn(data, targets, rows, sum, options);
  if (column === undefined) return { value: leaf ? leaf(rows) : sum / rows.length };
  const width = data.columns.length;
  const side = (value: number): Tree =>
    grow(
      data,
      targets,
      rows.filter((row) => data.values[row * width + column] === value),
      { ...options, depth: depth - 1, leastRows },
    );
  return { column, zero: side(0), one: side(1) };
}

function bestColumn(
  data: Dataset,
  targets: Float64Array,
  rows: Int32Array,
  sum: number,
  { leastRows, random }: TreeOptions,
): number | undefined {
  const width = data.columns.length;
  const looked = random ? Math.ceil(Math.sqrt(width)) : width;
  const columns = Int32Array.from({ length: width }, (_, column) => column);
  // Splits that gain nothing but rounding are none.
  let [best, most] = [-1, (sum * sum) / rows.length + 1e-9];
  for (let i = 0; i < looked; i++) {
    const drawn = random ? i + random.below(width - i) : i;
    const column = columns[drawn] ?? 0;
    columns[drawn] = columns[i] ?? 0;
    let [ones, onesSum] = [0, 0];
    for (const row of rows) {
      if (data.values[row * width + column] !== 1) continue;
      ones++;
      onesSum += targets[row] ?? 0;
    }
    const zeros = rows.length - ones;
    if (Math.min(ones, zeros) < Math.max(1, leastRows)) continue;
    const gain = onesSum ** 2 / ones + (sum - onesSum) ** 2 / zeros;
    if (gain > most) [best, most] = [column, gain];
  }
  return best < 0 ? undefined : best;
}

/** What a tree says of a row that begins here. */
export function valueAt(tree: Tree, values: Uint8Array, begin: number): number {
  let node = tree;
  while ('column' in node) node = values[begin + node.column] === 1 ? node.one : node.zero;
  return node.value;
}
