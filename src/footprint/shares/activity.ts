import { ErrorCode, WattloopError } from '../../errors/index.js';
import type { Rows } from '../rows/rows.js';

/**
 * Which functions were active in each window, and how often they were invoked there. The entries of window `w` stand at
 * `windowStart[w]` to before `windowStart[w + 1]`.
 */
export interface Activity {
  readonly ticksPerWindow: number;
  readonly windows: number;
  readonly windowStart: Uint32Array;
  readonly functionIndex: Uint32Array;
  /** Invocations that started in the window. */
  readonly invocations: Float64Array;
}

/** Windows are whole ticks, from the first tick on; the last may be shorter. */
export function activityOf(rows: Rows, windowSeconds: number): Activity {
  if (!(windowSeconds > 0)) {
    throw new WattloopError(ErrorCode.badInput, `a window of ${windowSeconds} s holds no time to share`, {
      remedy: 'Give its length in seconds, above 0.',
    });
  }
  const ticksPerWindow = Math.min(
    Math.max(1, Math.round(windowSeconds / rows.tickSeconds)),
    Math.max(1, rows.count),
  );
  const windows = Math.ceil(rows.count / ticksPerWindow);
  const windowStart = new Uint32Array(windows + 1);
  const functionIndex = new Uint32Array(rows.column.length);
  const invocations = new Float64Array(rows.column.length);
  const place = new Uint32Array(rows.functionCount);
  let used = 0;
  for (let window = 0; window < windows; window++) {
    const first = used;
    const [from, to] = entriesOf(rows, window * ticksPerWindow, (window + 1) * ticksPerWindow);
    for (let entry = from; entry < to; entry++) {
      const who = rows.column[entry] ?? 0;
      if (who >= rows.functionCount || !isActive(rows, entry)) continue;
      // A place from an earlier window, or of another function, is no place in this one.
      let at = place[who] ?? 0;
      if (at < first || at >= used || functionIndex[at] !== who) {
        at = used++;
        place[who] = at;
        functionIndex[at] = who;
      }
      invocations[at] = (invocations[at] ?? 0) + (rows.activations[entry] ?? 0);
    }
    windowStart[window + 1] = used;
  }
  return {
    ticksPerWindow,
    windows,
    windowStart,
    functionIndex: functionIndex.slice(0, used),
    invocations: invocations.slice(0, used),
  };
}

/** An invocation so short that it ran for no measurable time was there nevertheless. */
export function isActive(rows: Rows, entry: number): boolean {
  return (rows.seconds[entry] ?? 0) > 0 || (rows.activations[entry] ?? 0) > 0;
}

/** Where the entries of the ticks from `first` to before `last` stand. */
export function entriesOf(rows: Rows, first: number, last: number): readonly [number, number] {
  const end = Math.min(last, rows.count);
  return [rows.rowStart[Math.min(first, end)] ?? 0, rows.rowStart[end] ?? 0];
}
