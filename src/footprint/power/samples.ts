import { GAP_INTERVALS, median, type PowerSeries, type Windows } from '../../maths/index.js';
import type { PowerTable } from '../../model/index.js';

/** Power as it is fitted: means over windows on the clock of the power. NaN where a sample can't be used. */
export interface Samples extends Windows {
  readonly watts: Float64Array;
  /** The usual time between them. */
  readonly intervalSeconds: number;
}

/** Rows taken together must speak for this part of their time. */
const LEAST_COVER = 0.9;

/** The rows of a table as samples; rows that come more often than `tickSeconds` are taken together. */
export function samplesOf(t: Float64Array, watts: Float64Array, tickSeconds: number): Samples {
  const rows: number[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const [row, at] of t.entries()) {
    if (!Number.isFinite(at) || at <= last) continue;
    last = at;
    rows.push(row);
  }
  const time = (i: number): number => t[rows[i] ?? -1] ?? Number.NaN;
  const interval = median(rows.slice(1).map((_, i) => time(i + 1) - time(i)));
  const usual = Number.isFinite(interval) ? interval : tickSeconds;
  const together = Math.max(1, Math.round(tickSeconds / usual));
  const [starts, ends, means]: [number[], number[], number[]] = [[], [], []];
  for (let i = 0; i < rows.length; i += together) {
    const begin = startOf(i);
    let [energy, seconds] = [0, 0];
    for (let k = i; k < Math.min(i + together, rows.length); k++) {
      const width = time(k) - startOf(k);
      energy += width * (watts[rows[k] ?? -1] ?? Number.NaN);
      seconds += width;
    }
    const end = time(Math.min(i + together, rows.length) - 1);
    starts.push(begin);
    ends.push(end);
    // With a gap among them they don't speak for the whole of it.
    means.push(seconds >= LEAST_COVER * (end - begin) ? energy / seconds : Number.NaN);
  }
  return {
    starts: Float64Array.from(starts),
    ends: Float64Array.from(ends),
    watts: Float64Array.from(means),
    intervalSeconds: usual * together,
  };

  function startOf(i: number): number {
    const gap = i === 0 ? usual : time(i) - time(i - 1);
    return time(i) - (gap > GAP_INTERVALS * usual ? usual : gap);
  }
}

/** The usable rows of a column as a series. One row alone doesn't tell for how long it speaks: it is held to be `tickSeconds`. */
export function seriesOf(
  { t }: Pick<PowerTable, 't'>,
  watts: Float64Array,
  tickSeconds: number,
): PowerSeries {
  const all = Array.from(watts, (value, row) => ({ at: t[row] ?? Number.NaN, watts: value }));
  const samples = all.filter((sample) => !Number.isNaN(sample.watts + sample.at));
  const [only] = samples;
  if (only !== undefined && samples.length === 1) samples.unshift({ ...only, at: only.at - tickSeconds });
  return { samples, sampling: 'mean' };
}
