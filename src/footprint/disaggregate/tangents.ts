import type { SparseRows } from '../../maths/index.js';
import type { PowerData } from './power-data.js';
import { bendSlope, type PowerLaw, slopeAt } from './power-law.js';
import type { Layout } from './unknowns.js';

/** How the shown power changes with every unknown: one sparse row a sample. */
export function tangents(data: PowerData, layout: Layout, law: PowerLaw, load: Float64Array): SparseRows {
  const { sampling, loads, presence } = data;
  const sums = new Float64Array(layout.size);
  const rowStart = new Uint32Array(sampling.count + 1);
  const [column, value]: [number[], number[]] = [[], []];
  const touched: number[] = [];
  const add = (unknown: number, amount: number): void => {
    if (unknown < 0 || amount === 0) return;
    if (sums[unknown] === 0) touched.push(unknown);
    sums[unknown] = (sums[unknown] ?? 0) + amount;
  };
  for (let i = 0; i < sampling.count; i++) {
    const from = sampling.rowStart[i] ?? 0;
    const to = sampling.rowStart[i + 1] ?? 0;
    if (Number.isFinite(data.watts[i]) && to > from) {
      for (let k = from; k < to; k++) {
        const j = sampling.column[k] ?? 0;
        const weight = sampling.value[k] ?? 0;
        const slope = weight * slopeAt(law, load[j] ?? 0);
        for (let p = loads.rowStart[j] ?? 0; p < (loads.rowStart[j + 1] ?? 0); p++)
          add(loads.column[p] ?? 0, slope * (loads.value[p] ?? 0));
        add(layout.floor, weight * (presence[j] ?? 0));
        if (layout.bend >= 0) add(layout.bend, weight * bendSlope(law.bend, load[j] ?? 0));
        add(layout.idle, weight);
      }
      touched.sort((a, b) => a - b);
      for (const unknown of touched) {
        column.push(unknown);
        value.push(sums[unknown] ?? 0);
        sums[unknown] = 0;
      }
      touched.length = 0;
    }
    rowStart[i + 1] = column.length;
  }
  return {
    count: sampling.count,
    width: layout.size,
    rowStart,
    column: Uint32Array.from(column),
    value: Float64Array.from(value),
  };
}
