import { SparseRowBuilder, type SparseRows } from '../../maths/index.js';

/** What a sensor sees of loads: one row a sample, with the means of the steps that it shows. */
export function sampledRows(sampling: SparseRows, loads: SparseRows): SparseRows {
  const seen = new SparseRowBuilder(loads.width);
  for (let i = 0; i < sampling.count; i++) {
    for (let k = sampling.rowStart[i] ?? 0; k < (sampling.rowStart[i + 1] ?? 0); k++) {
      const j = sampling.column[k] ?? 0;
      const weight = sampling.value[k] ?? 0;
      for (let p = loads.rowStart[j] ?? 0; p < (loads.rowStart[j + 1] ?? 0); p++)
        seen.add(loads.column[p] ?? 0, weight * (loads.value[p] ?? 0));
    }
    seen.endRow();
  }
  return seen.rows();
}
