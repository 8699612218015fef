import type { SparseRows } from '../../maths/index.js';

/** What a sensor sees of loads: one row a sample, with the means of the steps that it shows. */
export function sampledRows(sampling: SparseRows, loads: SparseRows): SparseRows {
  const sums = new Float64Array(loads.width);
  const rowStart = new Uint32Array(sampling.count + 1);
  const [column, value, touched]: [number[], number[], number[]] = [[], [], []];
  for (let i = 0; i < sampling.count; i++) {
    for (let k = sampling.rowStart[i] ?? 0; k < (sampling.rowStart[i + 1] ?? 0); k++) {
      const j = sampling.column[k] ?? 0;
      for (let p = loads.rowStart[j] ?? 0; p < (loads.rowStart[j + 1] ?? 0); p++) {
        const who = loads.column[p] ?? 0;
        const amount = (sampling.value[k] ?? 0) * (loads.value[p] ?? 0);
        if (amount === 0) continue;
        if (sums[who] === 0) touched.push(who);
        sums[who] = (sums[who] ?? 0) + amount;
      }
    }
    touched.sort((a, b) => a - b);
    for (const who of touched) {
      column.push(who);
      value.push(sums[who] ?? 0);
      sums[who] = 0;
    }
    touched.length = 0;
    rowStart[i + 1] = column.length;
  }
  return {
    count: sampling.count,
    width: loads.width,
    rowStart,
    column: Uint32Array.from(column),
    value: Float64Array.from(value),
  };
}
