import { SparseRowBuilder, type SparseRows } from '../../maths/index.js';
import type { PowerData } from './power-data.js';
import { bendSlope, type PowerLaw, slopeAt } from './power-law.js';
import type { Layout } from './unknowns.js';

/** How the shown power changes with every unknown: one sparse row a sample. */
export function tangents(data: PowerData, layout: Layout, law: PowerLaw, load: Float64Array): SparseRows {
  const { sampling, loads, presence } = data;
  const slopes = new SparseRowBuilder(layout.size);
  for (let i = 0; i < sampling.count; i++) {
    // A sample that is not to be fitted has an empty row.
    const from = sampling.rowStart[i] ?? 0;
    const to = Number.isFinite(data.watts[i]) ? (sampling.rowStart[i + 1] ?? 0) : from;
    for (let k = from; k < to; k++) {
      const j = sampling.column[k] ?? 0;
      const weight = sampling.value[k] ?? 0;
      const slope = weight * slopeAt(law, load[j] ?? 0);
      for (let p = loads.rowStart[j] ?? 0; p < (loads.rowStart[j + 1] ?? 0); p++)
        slopes.add(loads.column[p] ?? 0, slope * (loads.value[p] ?? 0));
      if (layout.floor >= 0) slopes.add(layout.floor, weight * (presence[j] ?? 0));
      if (layout.bend >= 0) slopes.add(layout.bend, weight * bendSlope(law.bend, load[j] ?? 0));
      if (layout.idle >= 0) slopes.add(layout.idle, weight);
    }
    slopes.endRow();
  }
  return slopes.rows();
}
