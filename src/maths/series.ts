import { median } from './statistics.js';

export interface PowerSample {
  /** Seconds, on whatever clock the series was taken with. */
  readonly at: number;
  readonly watts: number;
}

/** Samples of power in time order. */
export interface PowerSeries {
  readonly samples: readonly PowerSample[];
  /** Whether a sample is the mean power since the one before, as a counter gives it, or the power at that moment. */
  readonly sampling: 'mean' | 'instant';
}

/** The series without what can't be used: figures that are none, and samples that don't come after the one before. */
export function cleaned(series: PowerSeries): PowerSeries {
  let last = Number.NEGATIVE_INFINITY;
  const samples = series.samples.filter(({ at, watts }) => {
    const good = Number.isFinite(at) && Number.isFinite(watts) && at > last;
    if (good) last = at;
    return good;
  });
  return { ...series, samples };
}

/** The usual time between samples, in seconds. */
export function usualInterval({ samples }: PowerSeries): number {
  return median(samples.slice(1).map(({ at }, index) => at - (samples[index]?.at ?? Number.NaN)));
}

/** The series as it would be had it not come `lagSeconds` late: on the clock of the series it was compared with. */
export function shift(series: PowerSeries, lagSeconds: number): PowerSeries {
  return { ...series, samples: series.samples.map(({ at, watts }) => ({ at: at - lagSeconds, watts })) };
}

/** Spans of time, by their starts and ends, in order. */
export interface Windows {
  readonly starts: Float64Array;
  readonly ends: Float64Array;
}

/** A sample this many usual intervals after the one before does not speak for all the time between them. */
export const GAP_INTERVALS = 1.9;

/** What each sample speaks for: the time since the one before, or `width` seconds around its moment. */
export function windowsOf(series: PowerSeries, width: number): Windows {
  const { samples, sampling } = series;
  const usual = usualInterval(series);
  const starts = new Float64Array(samples.length);
  const ends = new Float64Array(samples.length);
  samples.forEach(({ at }, index) => {
    const gap = at - (samples[index - 1]?.at ?? Number.NEGATIVE_INFINITY);
    starts[index] =
      sampling === 'instant' ? at - width / 2 : at - (gap > GAP_INTERVALS * usual ? usual : gap);
    ends[index] = sampling === 'instant' ? at + width / 2 : at;
  });
  return { starts, ends };
}

interface Course {
  /** Times at which the course changes, energy up to them, and how many seconds up to them are covered by samples. */
  readonly times: Float64Array;
  readonly joules: Float64Array;
  readonly covered: Float64Array;
}

interface Segment {
  readonly from: number;
  readonly to: number;
  readonly watts: number;
}

/** The stretches of time that the samples speak for, with their mean power. */
function segmentsOf(series: PowerSeries): Segment[] {
  const { samples } = series;
  if (series.sampling === 'mean') {
    const { starts, ends } = windowsOf(series, 0);
    return samples.map(({ watts }, i) => ({ from: starts[i] ?? 0, to: ends[i] ?? 0, watts }));
  }
  const usual = usualInterval(series);
  return samples.slice(1).flatMap(({ at, watts }, i) => {
    const before = samples[i];
    if (before === undefined || at - before.at > GAP_INTERVALS * usual) return [];
    return { from: before.at, to: at, watts: (before.watts + watts) / 2 };
  });
}

function courseOf(segments: readonly Segment[]): Course {
  const [times, joules, covered]: [number[], number[], number[]] = [[], [], []];
  let [energy, seconds] = [0, 0];
  const knot = (time: number): void => {
    times.push(time);
    joules.push(energy);
    covered.push(seconds);
  };
  for (const { from, to, watts } of segments) {
    if (times.length === 0 || from > (times.at(-1) ?? 0)) knot(from);
    energy += watts * (to - from);
    seconds += to - from;
    knot(to);
  }
  const fixed = (values: number[]): Float64Array => Float64Array.from(values);
  return { times: fixed(times), joules: fixed(joules), covered: fixed(covered) };
}

/** The integral of a series, from which its mean over any span is had; gaps are known as such. */
export class PowerIntegral {
  readonly #course: Course;
  readonly #start: Cursor;
  readonly #end: Cursor;

  constructor(series: PowerSeries) {
    this.#course = courseOf(segmentsOf(series));
    this.#start = new Cursor(this.#course.times);
    this.#end = new Cursor(this.#course.times);
  }

  /** Mean watts in the windows from `first` to before `last`, moved `lag` seconds back; NaN where samples don't cover the whole of one. */
  means(windows: Windows, lag: number, into: Float64Array, first = 0, last = into.length): Float64Array {
    const [start, end] = [this.#start, this.#end];
    const { joules, covered } = this.#course;
    start.rewind();
    end.rewind();
    for (let i = first; i < last; i++) {
      const from = (windows.starts[i] ?? 0) - lag;
      const to = (windows.ends[i] ?? 0) - lag;
      start.seek(from);
      end.seek(to);
      const seconds = end.of(covered) - start.of(covered);
      const whole = seconds >= 0.99 * (to - from) && to > from;
      into[i] = whole ? (end.of(joules) - start.of(joules)) / seconds : Number.NaN;
    }
    return into;
  }
}

/** The series as means over `seconds` each; where samples don't cover one, it is left out. */
export function averaged(series: PowerSeries, seconds: number): PowerSeries {
  const first = series.samples[0]?.at ?? 0;
  const count = Math.max(0, Math.floor(((series.samples.at(-1)?.at ?? 0) - first) / seconds));
  const starts = Float64Array.from({ length: count }, (_, i) => first + i * seconds);
  const ends = starts.map((start) => start + seconds);
  const means = new PowerIntegral(series).means({ starts, ends }, 0, new Float64Array(count));
  const samples = [...means].map((watts, i) => ({ at: ends[i] ?? 0, watts }));
  return { sampling: 'mean', samples: samples.filter(({ watts }) => !Number.isNaN(watts)) };
}

/** Walks along knots in order of time, so that many windows cost one pass. */
class Cursor {
  readonly #times: Float64Array;
  #index = 0;
  /** Where between the knot at the index and the next: 0 to 1. */
  #part = 0;

  constructor(times: Float64Array) {
    this.#times = times;
  }

  rewind(): void {
    this.#index = 0;
  }

  seek(time: number): void {
    const times = this.#times;
    while (this.#index + 2 < times.length && (times[this.#index + 1] ?? 0) <= time) this.#index++;
    const from = times[this.#index] ?? 0;
    const to = times[this.#index + 1] ?? from;
    this.#part = to > from ? Math.min(1, Math.max(0, (time - from) / (to - from))) : 0;
  }

  of(values: Float64Array): number {
    const from = values[this.#index] ?? 0;
    return from + ((values[this.#index + 1] ?? from) - from) * this.#part;
  }
}
