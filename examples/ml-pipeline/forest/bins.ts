import type { Samples } from '../samples.js';

/** Values as numbers of bins that hold about equally many of them: a split is then looked for among few places. */
export interface Binned {
  readonly rows: number;
  readonly columns: number;
  readonly labels: Uint8Array;
  /** The bin of each value, column by column. */
  readonly bins: Uint8Array;
  /** By column, where one bin ends and the next begins: a value that equals an edge is below it. */
  readonly edges: readonly Float32Array[];
}

export const BINS = 32;

export function binned({ rows, columns, values, labels }: Samples): Binned {
  const bins = new Uint8Array(rows * columns);
  const edges = Array.from({ length: columns }, (_, column) => {
    const own = Float32Array.from({ length: rows }, (_, row) => values[row * columns + column] ?? 0);
    const sorted = own.toSorted();
    const cuts = Float32Array.from(
      { length: BINS - 1 },
      (_, cut) => sorted[Math.floor(((cut + 1) * rows) / BINS)] ?? 0,
    );
    own.forEach((value, row) => {
      bins[column * rows + row] = binOf(value, cuts);
    });
    return cuts;
  });
  return { rows, columns, labels, bins, edges };
}

/** How many edges lie below the value. */
function binOf(value: number, edges: Float32Array): number {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
