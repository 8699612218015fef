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
  let [next, covered, all] = [0, 0, 0];
  const stepOf = (t: number): number =>
    Math.min(steps.count, Math.max(0, Math.round((t - steps.start) / steps.stepSeconds)));
  for (const count of rows.value) all += count;
  for (let k = 1; k < times.length; k++) {
    const [from, to] = [stepOf(times[k - 1] ?? 0), stepOf(times[k] ?? 0)];
    cpu.fill(0);
    ran.fill(0);
    for (; next < order.length; next++) {
      const row = order[next] ?? 0;
      const t = usage.t[row] ?? 0;
      if (t > (times[k] ?? 0)) break;
      const f = place.get(usage.principals[usage.principalIndex[row] ?? 0] ?? '') ?? -1;
      if (f >= 0 && t > (times[k - 1] ?? 0)) cpu[f] = usage.cpuSeconds[row] ?? 0;
    }
    const [first, last] = [rows.rowStart[from] ?? 0, rows.rowStart[to] ?? 0];
    for (let p = first; p < last; p++) {
      const f = rows.column[p] ?? 0;
      ran[f] = (ran[f] ?? 0) + (rows.value[p] ?? 0);
    }
    for (let p = first; p < last; p++) {
      const f = rows.column[p] ?? 0;
      const running = rows.value[p] ?? 0;
      covered += running;
      const seconds = cpu[f] ?? 0;
      // An invocation without length has an entry, and no time to have used a processor in.
      value[p] = seconds > 0 && running > 0 ? ((seconds / steps.stepSeconds) * running) / (ran[f] ?? 1) : 0;
    }
  }
  return covered >= LEAST_COVER * all ? { ...rows, value } : undefined;
}
