import type { Rows } from '../rows/rows.js';
import { type Activity, activityOf, isActive } from '../shares/activity.js';
import type { SavedState } from './saved-state.js';

/** Who was active in a window: by function, how often it was invoked. */
interface Past {
  readonly end: number;
  readonly invocations: ReadonlyMap<string, number>;
}

/**
 * Who shares idle and the control plane. Where windows are shorter than the time in which those are shared, functions that
 * were active shortly before share them too: a short window must not charge whoever happens to run in it with all of idle.
 */
export class RecentActivity {
  readonly #seconds: number;
  #past: Past[] = [];

  constructor(shareSeconds: number) {
    this.#seconds = shareSeconds;
  }

  /** Takes a window in, and says who shares what it has to share. */
  take(rows: Rows): Activity {
    const length = rows.count * rows.tickSeconds;
    const end = rows.start + length;
    const now = activityOf(rows, length < this.#seconds ? Math.max(length, rows.tickSeconds) : this.#seconds);
    if (!(length < this.#seconds)) {
      this.#past = [];
      return now;
    }
    // What is as old as the time to share, to half a tick, is over; a clock that was set back begins anew.
    const since = end - this.#seconds + rows.tickSeconds / 2;
    const past = this.#past.filter((one) => one.end > since && one.end < end);
    this.#past = [...past, { end, invocations: invocationsOf(rows) }];
    return withPast(now, rows, past);
  }

  toJSON(): unknown {
    const all = this.#past.flatMap(({ invocations }, window) =>
      Array.from(invocations, ([name, count]) => ({ name, count, window })),
    );
    return {
      windows: this.#past.length,
      ends: this.#past.map(({ end }) => end),
      functions: all.map(({ name }) => name),
      counts: all.map(({ count }) => count),
      places: all.map(({ window }) => window),
    };
  }

  static from(state: SavedState, shareSeconds: number): RecentActivity {
    const recent = new RecentActivity(shareSeconds);
    const names = state.texts('functions');
    const counts = state.numbers('counts', names.length, 0);
    const places = state.numbers('places', names.length, 0);
    recent.#past = state.numbers('ends', state.number('windows', 0)).map((end, window) => ({
      end,
      invocations: new Map(
        names.flatMap((name, i) => (places[i] === window ? [[name, counts[i] ?? 0] as const] : [])),
      ),
    }));
    return recent;
  }
}

function invocationsOf(rows: Rows): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [entry, who] of rows.column.entries()) {
    if (who >= rows.functionCount || !isActive(rows, entry)) continue;
    const name = rows.columns[who] ?? '';
    counts.set(name, (counts.get(name) ?? 0) + (rows.activations[entry] ?? 0));
  }
  return counts;
}

/** One window of all that is past and now; functions that are no columns any more are gone. */
function withPast(now: Activity, rows: Rows, past: readonly Past[]): Activity {
  const counts = new Map<number, number>();
  for (const [i, who] of now.functionIndex.entries()) counts.set(who, now.invocations[i] ?? 0);
  const place = new Map(rows.columns.slice(0, rows.functionCount).map((name, who) => [name, who]));
  for (const { invocations } of past)
    for (const [name, count] of invocations) {
      const who = place.get(name);
      if (who !== undefined) counts.set(who, (counts.get(who) ?? 0) + count);
    }
  return {
    ticksPerWindow: Math.max(1, rows.count),
    windows: Math.min(1, rows.count),
    windowStart: Uint32Array.of(0, ...(rows.count > 0 ? [counts.size] : [])),
    functionIndex: Uint32Array.from(counts.keys()),
    invocations: Float64Array.from(counts.values()),
  };
}
