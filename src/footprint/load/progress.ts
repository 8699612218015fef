import type { SparseRows } from '../../maths/index.js';
import type { Contention } from './contention.js';
import type { Occupancy } from './occupancy.js';

/**
 * Load in terms of progress: while functions contend, an invocation that runs gets less done and draws less. `part` says
 * how much of the slowing down is missing from the power: 0 counts running time, 1 counts work done. In units of running
 * invocations at the function's usual speed, so that figures for different parts can be compared.
 */
export function progressOf(occupancy: Occupancy, contention: Contention, part: number): SparseRows {
  const { rows } = occupancy;
  if (part === 0) return rows;
  const value = new Float64Array(rows.value.length);
  const { sensitivity } = contention;
  const ran = new Float64Array(rows.width);
  const progressed = new Float64Array(rows.width);
  const pressures = pressureOf(occupancy, contention);
  for (let j = 0; j < rows.count; j++) {
    const pressure = pressures[j] ?? 0;
    for (let p = rows.rowStart[j] ?? 0; p < (rows.rowStart[j + 1] ?? 0); p++) {
      const f = rows.column[p] ?? 0;
      const running = rows.value[p] ?? 0;
      const progress = running * (1 + (sensitivity[f] ?? 0) * pressure) ** -part;
      value[p] = progress;
      ran[f] = (ran[f] ?? 0) + running;
      progressed[f] = (progressed[f] ?? 0) + progress;
    }
  }
  for (let p = 0; p < value.length; p++) {
    const f = rows.column[p] ?? 0;
    const usual = (progressed[f] ?? 0) / (ran[f] ?? 1);
    value[p] = (value[p] ?? 0) / (usual > 0 ? usual : 1);
  }
  return { ...rows, value };
}

/** The pressure on whatever runs, step by step. */
export function pressureOf({ rows }: Occupancy, { pressure }: Contention): Float64Array {
  const sums = new Float64Array(rows.count);
  for (let j = 0; j < rows.count; j++) {
    let sum = 0;
    for (let p = rows.rowStart[j] ?? 0; p < (rows.rowStart[j + 1] ?? 0); p++)
      sum += (pressure[rows.column[p] ?? 0] ?? 1) * (rows.value[p] ?? 0);
    sums[j] = sum;
  }
  return sums;
}

/** The part of all running time by which invocations were slowed down. */
export function waitingPart(occupancy: Occupancy, contention: Contention): number {
  const { rows } = occupancy;
  const pressures = pressureOf(occupancy, contention);
  let [ran, progressed] = [0, 0];
  for (let j = 0; j < rows.count; j++)
    for (let p = rows.rowStart[j] ?? 0; p < (rows.rowStart[j + 1] ?? 0); p++) {
      const running = rows.value[p] ?? 0;
      ran += running;
      progressed += running / (1 + (contention.sensitivity[rows.column[p] ?? 0] ?? 0) * (pressures[j] ?? 0));
    }
  return ran > 0 ? 1 - progressed / ran : 0;
}
