import { type Dataset, rowsOf } from './dataset.js';
import { stratifiedFolds } from './folds.js';

export interface Split {
  readonly train: Dataset;
  readonly test: Dataset;
}

/** Keeps three rows of ten, by chance, from every model until all are trained. */
export function split(data: Dataset, seed: number): Split {
  const tenths = stratifiedFolds(data.labels, 10, seed);
  const joined = (parts: readonly Int32Array[]): Int32Array =>
    Int32Array.from(parts.flatMap((rows) => [...rows]));
  return { train: rowsOf(data, joined(tenths.slice(3))), test: rowsOf(data, joined(tenths.slice(0, 3))) };
}
