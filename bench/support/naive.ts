import type { Judged } from 'wattloop/footprint';
import type { Trace } from 'wattloop/model';

type Course = Judged['course'];

/** Seconds that invocations ran (each by itself) in the ticks that end at `t`. */
function runningSeconds({ invocations: { start, end } }: Trace, t: Float64Array): Float64Array {
  const tickSeconds = (t[1] ?? 1) - (t[0] ?? 0);
  const origin = (t[0] ?? 0) - tickSeconds;
  const byTick = new Float64Array(t.length);
  for (let i = 0; i < start.length; i++) {
    const from = ((start[i] ?? 0) - origin) / tickSeconds;
    const to = ((end[i] ?? 0) - origin) / tickSeconds;
    for (let tick = Math.max(0, Math.floor(from)); tick < t.length && tick < to; tick++) {
      byTick[tick] = (byTick[tick] ?? 0) + (Math.min(to, tick + 1) - Math.max(from, tick)) * tickSeconds;
    }
  }
  return byTick;
}

/**
 * What anybody would guess: energy above idle in proportion to running time, whatever ran. It is given the account's own
 * idle power and the account's ticks, so that only the sharing differs.
 */
export function naive(account: Judged & { readonly idleWatts?: number }, trace: Trace): Judged {
  const { t, measuredWatts } = account.course;
  const byTick = runningSeconds(trace, t);
  const tickSeconds = (t[1] ?? 1) - (t[0] ?? 0);
  const idle = account.idleWatts ?? 0;
  let [joules, known] = [0, 0];
  measuredWatts.forEach((watts, i) => {
    if (!Number.isFinite(watts)) return;
    joules += (watts - idle) * tickSeconds;
    known += byTick[i] ?? 0;
  });
  const watts = known > 0 ? joules / known : 0;
  const functions = account.functions.map(({ name, meanLatencySeconds }) => ({
    name,
    meanLatencySeconds,
    individualJoules: watts * meanLatencySeconds,
    individualErrorJoules: Number.NaN,
    marginalJoules: watts * meanLatencySeconds,
  }));
  const predictedWatts = byTick.map((seconds) => idle + (watts * seconds) / tickSeconds);
  const course: Course = { t, measuredWatts, predictedWatts, functionWatts: [] };
  return { functions, course };
}
