import type { Judged } from 'wattloop/footprint';
import { median, nnls, normalEquations } from 'wattloop/maths';
import type { Trace } from 'wattloop/model';

/** A straight line through idle, without any care: something to try the harness on. */
export function attribute(trace: Trace): Judged & { readonly idleWatts: number } {
  const { power, invocations } = trace;
  const count = Math.floor(power.t.at(-1) ?? 0);
  const width = invocations.functions.length;
  const dense = new Float64Array(count * width);
  const runs = new Float64Array(width);
  const seconds = new Float64Array(width);
  for (let i = 0; i < invocations.start.length; i++) {
    const f = invocations.functionIndex[i] ?? 0;
    const [start, end] = [invocations.start[i] ?? 0, invocations.end[i] ?? 0];
    runs[f] = (runs[f] ?? 0) + 1;
    seconds[f] = (seconds[f] ?? 0) + end - start;
    for (let tick = Math.max(0, Math.floor(start)); tick < count && tick < end; tick++) {
      dense[tick * width + f] =
        (dense[tick * width + f] ?? 0) + Math.min(end, tick + 1) - Math.max(start, tick);
    }
  }
  const idleWatts = median(power.systemWatts.filter((w, i) => (power.t[i] ?? 0) <= 0 && w > 0));
  const measuredWatts = new Float64Array(count).fill(Number.NaN);
  power.t.forEach((t, i) => {
    const tick = Math.ceil(t) - 1;
    if (tick >= 0 && tick < count) measuredWatts[tick] = power.systemWatts[i] ?? Number.NaN;
  });
  const rows = {
    count,
    width,
    rowStart: Uint32Array.from({ length: count + 1 }, (_, i) => i * width),
    column: Uint32Array.from({ length: count * width }, (_, i) => i % width),
    value: dense,
  };
  const { x } = nnls(
    normalEquations(
      rows,
      measuredWatts.map((w) => w - idleWatts),
    ),
  );
  const predictedWatts = measuredWatts.map(
    (_, i) => idleWatts + x.reduce((sum, w, f) => sum + w * (dense[i * width + f] ?? 0), 0),
  );
  const t = Float64Array.from({ length: count }, (_, i) => i + 1);
  const functions = invocations.functions.map((name, f) => {
    const latency = (seconds[f] ?? 0) / (runs[f] ?? 1);
    const joules = (x[f] ?? 0) * latency;
    return {
      name,
      meanLatencySeconds: latency,
      individualJoules: joules,
      individualErrorJoules: Number.NaN,
      marginalJoules: joules,
    };
  });
  return { functions, idleWatts, course: { t, measuredWatts, predictedWatts, functionWatts: [] } };
}
