import type { SparseRows } from '../../maths/index.js';

/** Loads that agree this well, once their means are taken out, can't be told apart by their power. */
const ALIKE = 0.98;
/** A load that spreads less than this, as a part of its square, is always the same. */
const NO_SPREAD = 1e-12;
/** Beyond so many functions only those with most running time are held against one another. */
const MOST = 400;

/**
 * Groups of functions that always ran together, by the loads that samples saw: the power tells their sum, and how it is
 * divided among them it can't.
 */
export function inseparable(rows: SparseRows, functionCount: number): readonly (readonly number[])[] {
  const { sums, squares } = momentsOf(rows, functionCount);
  const spread = Float64Array.from(squares, (square, f) => square - (sums[f] ?? 0) ** 2 / rows.count);
  const wanted = Array.from(spread.keys())
    .filter((f) => (spread[f] ?? 0) > NO_SPREAD * (squares[f] ?? 0))
    .sort((a, b) => (squares[b] ?? 0) - (squares[a] ?? 0) || a - b)
    .slice(0, MOST);
  const place = new Int32Array(functionCount).fill(-1);
  for (const [i, f] of wanted.entries()) place[f] = i;
  const size = wanted.length;
  const products = new Float64Array(size * size);
  for (let row = 0; row < rows.count; row++) {
    const [from, to] = [rows.rowStart[row] ?? 0, rows.rowStart[row + 1] ?? 0];
    for (let p = from; p < to; p++) {
      const a = place[rows.column[p] ?? 0] ?? -1;
      if (a < 0) continue;
      for (let q = from; q < p; q++) {
        const b = place[rows.column[q] ?? 0] ?? -1;
        if (b < 0) continue;
        const at = Math.max(a, b) * size + Math.min(a, b);
        products[at] = (products[at] ?? 0) + (rows.value[p] ?? 0) * (rows.value[q] ?? 0);
      }
    }
  }
  const leader = Array.from({ length: size }, (_, i) => i);
  const find = (i: number): number => {
    let at = i;
    while (leader[at] !== at) at = leader[at] ?? at;
    return at;
  };
  for (let a = 1; a < size; a++)
    for (let b = 0; b < a; b++) {
      const [f, g] = [wanted[a] ?? 0, wanted[b] ?? 0];
      const covariance = (products[a * size + b] ?? 0) - ((sums[f] ?? 0) * (sums[g] ?? 0)) / rows.count;
      if (covariance >= ALIKE * Math.sqrt((spread[f] ?? 0) * (spread[g] ?? 0))) leader[find(a)] = find(b);
    }
  const groups = new Map<number, number[]>();
  for (const [i, f] of wanted.entries()) {
    const group = groups.get(find(i));
    if (group === undefined) groups.set(find(i), [f]);
    else group.push(f);
  }
  // Those that ran all the time, always as much, are alike too: in nothing that changes can they be seen.
  const steady = Array.from(spread.keys()).filter(
    (f) => (squares[f] ?? 0) > 0 && (spread[f] ?? 0) <= NO_SPREAD * (squares[f] ?? 0),
  );
  return [...groups.values(), steady]
    .filter((group) => group.length > 1)
    .map((group) => group.sort((a, b) => a - b));
}

function momentsOf(rows: SparseRows, functionCount: number) {
  const [sums, squares] = [new Float64Array(functionCount), new Float64Array(functionCount)];
  rows.column.forEach((f, p) => {
    if (f >= functionCount) return;
    const value = rows.value[p] ?? 0;
    sums[f] = (sums[f] ?? 0) + value;
    squares[f] = (squares[f] ?? 0) + value * value;
  });
  return { sums, squares };
}
