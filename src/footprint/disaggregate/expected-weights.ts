import type { Trace } from '../../model/index.js';
import type { Occupancy } from '../load/occupancy.js';
import { StepIntegral } from '../load/steps.js';

export interface ExpectedWeights {
  /** Watts per load relative to the others', functions first. */
  readonly expected: Float64Array;
  readonly hasUsage: boolean;
}

const FUNCTION_PREFIX = 'fn:';
/** Part of a function's expectation that is like everybody's, whatever its CPU time: there are disks and accelerators too. */
const LIKE_OTHERS = 0.15;

/**
 * What each principal is held to add to the power for its load, before any power is seen: the processors that an invocation
 * keeps busy while it runs, where its CPU time is known; else all alike.
 */
export function expectedWeights(
  { invocations, usage }: Trace,
  occupancy: Occupancy,
  sharedCount: number,
): ExpectedWeights {
  const width = invocations.functions.length;
  const alike = { expected: new Float64Array(width + sharedCount).fill(1), hasUsage: false };
  if (usage === undefined) return alike;
  const place = new Map(invocations.functions.map((name, f) => [FUNCTION_PREFIX + name, f]));
  const functionOf = usage.principals.map((name) => place.get(name) ?? -1);
  const cpuSeconds = new Float64Array(width);
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [row, t] of usage.t.entries()) {
    const f = functionOf[usage.principalIndex[row] ?? 0] ?? -1;
    const seconds = usage.cpuSeconds[row] ?? Number.NaN;
    if (f < 0 || !Number.isFinite(seconds)) continue;
    cpuSeconds[f] = (cpuSeconds[f] ?? 0) + seconds;
    [first, last] = [Math.min(first, t), Math.max(last, t)];
  }
  const running = runningSeconds(occupancy, first, last);
  const [cpu, ran] = [cpuSeconds, running].map((values) => values.reduce((sum, value) => sum + value, 0));
  const usual = (cpu ?? 0) / (ran ?? 0);
  if (!(usual > 0)) return alike;
  const expected = new Float64Array(width + sharedCount).fill(1);
  for (let f = 0; f < width; f++) {
    const seconds = running[f] ?? 0;
    const processors = seconds > 0 ? (cpuSeconds[f] ?? 0) / seconds : usual;
    expected[f] = (1 - LIKE_OTHERS) * processors + LIKE_OTHERS * usual;
  }
  return { expected, hasUsage: true };
}

/** How long invocations of each function ran together between two moments. */
function runningSeconds({ rows, steps, total }: Occupancy, from: number, to: number): Float64Array {
  const seconds = new Float64Array(rows.width);
  if (!(new StepIntegral(steps, total).upTo(to) > 0)) return seconds;
  for (let j = 0; j < rows.count; j++) {
    const at = steps.start + j * steps.stepSeconds;
    // Usage covers the time since the sample before: the first sample's is not known, so that its step more or less is nothing.
    if (at < from - steps.stepSeconds || at > to) continue;
    for (let p = rows.rowStart[j] ?? 0; p < (rows.rowStart[j + 1] ?? 0); p++) {
      const f = rows.column[p] ?? 0;
      seconds[f] = (seconds[f] ?? 0) + (rows.value[p] ?? 0) * steps.stepSeconds;
    }
  }
  return seconds;
}
