import type { Random } from 'wattloop/maths';
import { BINS, type Binned } from './bins.js';

export interface Split {
  readonly column: number;
  /** The last bin of the left side. */
  readonly bin: number;
}

/** Where these rows are split so that Gini's impurity becomes least, in one of few columns that chance picks. */
export function bestSplit(
  data: Binned,
  rows: Int32Array,
  counts: Int32Array,
  random: Random,
): Split | undefined {
  const classes = counts.length;
  const histogram = new Int32Array(BINS * classes);
  const sizes = new Int32Array(BINS);
  const squares = counts.reduce((sum, count) => sum + count * count, 0);
  let best: Split | undefined;
  // The sum of squares of classes' counts over the count of all, on both sides: the more, the less mixed.
  let purest = squares / rows.length + 1e-9;
  for (const column of drawn(data.columns, Math.ceil(Math.sqrt(data.columns)), random)) {
    count(data, rows, column, classes, histogram, sizes);
    const left = new Int32Array(classes);
    let [below, leftSquares, rightSquares] = [0, 0, squares];
    for (let bin = 0; bin < BINS - 1; bin++) {
      const size = sizes[bin] ?? 0;
      if (size === 0) continue;
      below += size;
      if (below === rows.length) break;
      for (let label = 0; label < classes; label++) {
        const moved = histogram[bin * classes + label] ?? 0;
        const before = left[label] ?? 0;
        leftSquares += moved * (2 * before + moved);
        rightSquares -= moved * (2 * ((counts[label] ?? 0) - before) - moved);
        left[label] = before + moved;
      }
      const both = leftSquares / below + rightSquares / (rows.length - below);
      if (both <= purest) continue;
      best = { column, bin };
      purest = both;
    }
  }
  return best;
}

/** How many rows are in each bin, also by class. */
function count(
  { rows: all, labels, bins }: Binned,
  rows: Int32Array,
  column: number,
  classes: number,
  histogram: Int32Array,
  sizes: Int32Array,
): void {
  histogram.fill(0);
  sizes.fill(0);
  for (const row of rows) {
    const bin = bins[column * all + row] ?? 0;
    sizes[bin] = (sizes[bin] ?? 0) + 1;
    const at = bin * classes + (labels[row] ?? 0);
    histogram[at] = (histogram[at] ?? 0) + 1;
  }
}

/** So many different numbers from 0 to below `bound`. */
function drawn(bound: number, count: number, random: Random): Int32Array {
  const numbers = Int32Array.from({ length: bound }, (_, number) => number);
  for (let i = 0; i < count; i++) {
    const other = i + random.below(bound - i);
    [numbers[i], numbers[other]] = [numbers[other] ?? 0, numbers[i] ?? 0];
  }
  return numbers.subarray(0, count);
}
