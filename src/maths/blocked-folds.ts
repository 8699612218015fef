/** Rows to fit to, and rows to try the fit on. */
export interface Fold {
  readonly train: Uint32Array;
  readonly test: Uint32Array;
}

/**
 * Each of `folds` stretches of neighbouring rows, with all rows outside it. Neighbours in time are alike: a row that is
 * tried must not stand among rows that were fitted to. Rows within `margin` of the stretch are in neither.
 */
export function blockedFolds(rows: number, folds: number, margin = 0): Fold[] {
  const all = Uint32Array.from({ length: rows }, (_, row) => row);
  const count = Math.min(folds, rows);
  return Array.from({ length: count }, (_, fold) => {
    const [from, to] = [Math.floor((fold * rows) / count), Math.floor(((fold + 1) * rows) / count)];
    return {
      train: all.filter((row) => row < from - margin || row >= to + margin),
      test: all.slice(from, to),
    };
  });
}
