import type { SparseRows } from '../../maths/index.js';
import type { InvocationTable, UsageTable } from '../../model/index.js';
import type { Occupancy } from './occupancy.js';

const FUNCTION_PREFIX = 'fn:';
/** A record of usage that says nothing of more than this part of the running time is none. */
const LEAST_COVER = 0.9;

/**
 * Load in terms of processor time: the processors that each function kept busy. What a sample says of a function is divided
 * over the steps since the sample before as its invocations ran there. Undefined where the usage doesn't cover the work.
 */
export function cpuLoads(
  usage: UsageTable,
  invocations: InvocationTable,
  { rows, steps }: Occupancy,
): SparseRows | undefined {
  const times = Float64Array.from(new Set(usage.t)).sort();
  if (times.length < 2) return undefined;
  const place = new Map(invocations.functions.map((name, f) => [FUNCTION_PREFIX + name, f]));
  const order = Uint32Array.from(usage.t.keys()).sort((a, b) => (usage.t[a] ?? 0) - (usage.t[b] ?? 0));
  const value = new Float64Array(rows.value.length);
  const [cpu, ran] = [new Float64Array(rows.width), new Float64Array(rows.width)];
  // Samplers leave out who is idle; of a function that they never name nothing is known.
  const unseen = new Float64Array(rows.width).fill(Number.NaN);
  const placeOf = (row: number): number =>
    place.get(usage.principals[usage.principalIndex[row] ?? 0] ?? '') ?? -1;
  for (const row of order) if (placeOf(row) >= 0) unseen[placeOf(row)] = 0;
  cpu.set(unseen);
  let [next, covered, all] = [0, 0, 0];
  const stepOf = (t: number): number =>
    Math.min(steps.count, Math.max(0, Math.round((t - steps.start) / steps.stepSeconds)));
  for (const count of rows.value) all += count;
  let from = stepOf(times[0] ?? 0);
  for (let k = 1; k < times.length; k++) {
    for (; next < order.length; next++) {
      const row = order[next] ?? 0;
      const t = usage.t[row] ?? 0;
      if (t > (times[k] ?? 0)) break;
      const f = placeOf(row);
      if (f >= 0 && t > (times[k - 1] ?? 0)) cpu[f] = (cpu[f] ?? 0) + (usage.cpuSeconds[row] ?? Number.NaN);
    }
    const to = stepOf(times[k] ?? 0);
    // Samples may come more often than steps: what they say is kept for the step that they end up in.
    if (to === from) continue;
    const [first, last] = [rows.rowStart[from] ?? 0, rows.rowStart[to] ?? 0];
    for (let p = first; p < last; p++) {
      const f = rows.column[p] ?? 0;
      ran[f] = (ran[f] ?? 0) + (rows.value[p] ?? 0);
    }
    for (let p = first; p < last; p++) {
      const f = rows.column[p] ?? 0;
      const running = rows.value[p] ?? 0;
      const seconds = cpu[f] ?? Number.NaN;
      if (!Number.isNaN(seconds)) covered += running;
      value[p] = seconds > 0 && running > 0 ? ((seconds / steps.stepSeconds) * running) / (ran[f] ?? 1) : 0;
    }
    from = to;
    cpu.set(unseen);
    ran.fill(0);
  }
  return covered >= LEAST_COVER * all ? { ...rows, value } : undefined;
}
