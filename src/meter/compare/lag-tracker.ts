import {
  DEFAULT_MAX_LAG_SECONDS,
  type Estimate,
  type Line,
  type PowerSample,
  type PowerSeries,
  type SynchroniseOptions,
  synchronise,
  weightedLine,
} from '../../maths/index.js';

export interface LagTrackerOptions extends SynchroniseOptions {
  /** Length of the windows in each of which the lag is found anew. */
  readonly windowSeconds?: number;
  /** Windows that are remembered. */
  readonly maxWindows?: number;
}

/** The lag as it was found in one window. */
export interface LagWindow {
  /** The window's middle. */
  readonly at: number;
  readonly lagSeconds: number;
  readonly resolutionSeconds: number;
  readonly correlation: number;
}

type Side = 'first' | 'second';

/** Follows the lag between two signals that go on and on, and with it the drift between their clocks. */
export class LagTracker {
  readonly #options: Required<Pick<LagTrackerOptions, 'windowSeconds' | 'maxWindows'>> & SynchroniseOptions;
  readonly #maxLag: number;
  readonly #series: Record<Side, { samples: PowerSample[]; sampling: PowerSeries['sampling'] }>;
  #windowStart: number | undefined;
  #windows: LagWindow[] = [];
  #undetermined = 0;

  constructor(
    first: PowerSeries['sampling'],
    second: PowerSeries['sampling'],
    options: LagTrackerOptions = {},
  ) {
    this.#options = { windowSeconds: 300, maxWindows: 1000, ...options };
    this.#maxLag = options.maxLagSeconds ?? DEFAULT_MAX_LAG_SECONDS;
    this.#series = { first: { samples: [], sampling: first }, second: { samples: [], sampling: second } };
  }

  add(side: Side, sample: PowerSample): void {
    const last = this.#series[side].samples.at(-1);
    if (!Number.isFinite(sample.at) || !Number.isFinite(sample.watts) || sample.at <= (last?.at ?? -Infinity))
      return;
    this.#series[side].samples.push(sample);
    this.#windowStart ??= sample.at;
    this.#advance();
  }

  /** The lag in each window in which it could be told, oldest first. */
  get windows(): readonly LagWindow[] {
    return this.#windows;
  }

  /** Windows in which it could not be told. */
  get undetermined(): number {
    return this.#undetermined;
  }

  /** How much faster the lag grows than time does, in parts per million: the second clock's drift against the first's. */
  get driftPpm(): Estimate | undefined {
    const slope = this.#line()?.slope;
    return slope && { value: slope.value * 1e6, standardError: slope.standardError * 1e6 };
  }

  /** The lag at a time, from the line through all windows, or from the last where there is no line yet. */
  lagAt(at: number): number | undefined {
    const line = this.#line();
    if (line === undefined) return this.#windows.at(-1)?.lagSeconds;
    return line.level.value + line.slope.value * (at - line.centre);
  }

  #line(): Line | undefined {
    return weightedLine(
      this.#windows.map(({ at, lagSeconds, resolutionSeconds }) => ({
        x: at,
        y: lagSeconds,
        error: resolutionSeconds,
      })),
    );
  }

  #advance(): void {
    const { windowSeconds, maxWindows } = this.#options;
    for (;;) {
      const start = this.#windowStart;
      if (start === undefined) return;
      const end = start + windowSeconds;
      const reached = Math.min(
        ...Object.values(this.#series).map(({ samples }) => samples.at(-1)?.at ?? -Infinity),
      );
      // Both must have gone on for the longest lag beyond the window: what is late in one is not there yet.
      if (reached < end + this.#maxLag) {
        this.#giveUpAfter(end + this.#maxLag + windowSeconds);
        return;
      }
      const found = synchronise(
        this.#cut('first', start, end),
        this.#cut('second', start, end),
        this.#options,
      );
      if (found.determined) {
        const { lagSeconds, resolutionSeconds, correlation } = found;
        this.#windows.push({ at: (start + end) / 2, lagSeconds, resolutionSeconds, correlation });
        this.#windows = this.#windows.slice(-maxWindows);
      } else this.#undetermined++;
      this.#forget(end);
    }
  }

  /** Starts anew when one of the two has gone silent: what the other said since would pile up. */
  #giveUpAfter(time: number): void {
    const { first, second } = this.#series;
    const latest = Math.max(first.samples.at(-1)?.at ?? -Infinity, second.samples.at(-1)?.at ?? -Infinity);
    if (latest < time) return;
    this.#undetermined++;
    this.#forget(latest);
  }

  #forget(before: number): void {
    for (const series of Object.values(this.#series))
      series.samples = series.samples.filter(({ at }) => at >= before - this.#maxLag);
    this.#windowStart = before;
  }

  #cut(side: Side, start: number, end: number): PowerSeries {
    const { samples, sampling } = this.#series[side];
    const margin = side === 'second' ? this.#maxLag : 0;
    return { sampling, samples: samples.filter(({ at }) => at >= start - margin && at < end + margin) };
  }
}
