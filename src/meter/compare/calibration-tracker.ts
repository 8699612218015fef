import { z } from 'zod';
import { ErrorCode, WattloopError } from '../../base/index.js';
import { type Estimate, type PowerSample, type PowerSeries, weightedLine } from '../../maths/index.js';
import { type CalibrateOptions, type Calibration, calibrate } from './calibrate.js';

export interface CalibrationTrackerOptions extends CalibrateOptions {
  /** Length of the windows in each of which gain and offset are found anew. */
  readonly windowSeconds?: number;
  /** Windows that are remembered. */
  readonly maxWindows?: number;
}

const finite = z.number();
const estimate = z.strictObject({ value: finite, standardError: finite.nonnegative() });
const windowSchema = z.strictObject({
  /** The window's middle, in seconds of the series' clock. */
  at: finite,
  gain: estimate,
  offsetWatts: estimate,
  covariance: finite,
  residualWatts: finite.nonnegative(),
  pairs: z.int().positive(),
  outliers: z.int().nonnegative(),
  lagSeconds: finite,
});
const stateSchema = z.strictObject({
  version: z.literal(1),
  windows: z.array(windowSchema),
  refused: z.int().nonnegative(),
  lastRefusal: z.string().optional(),
});

/** A calibration and when it held. */
export type CalibrationWindow = Calibration & { readonly at: number };

/** What a tracker knows, as plain JSON. */
export type CalibrationState = z.output<typeof stateSchema>;

export interface Drift {
  /** Change of the gain in an hour, as a part of it. */
  readonly gainPerHour: Estimate;
  /** Change of the offset in an hour. */
  readonly offsetWattsPerHour: Estimate;
  readonly windows: number;
  /** True when the gain's drift is more than three standard errors. */
  readonly significant: boolean;
}

type Side = 'trusted' | 'source';

const SECONDS_PER_HOUR = 3600;

/**
 * Calibrates a source against a trusted one again and again, window by window, and so sees it drift. It only reports:
 * whoever applies a calibration does so by `calibrated`, knowingly. A state that outlives the process needs times on a
 * clock that does so too: seconds since 1970.
 */
export class CalibrationTracker {
  readonly #options: CalibrationTrackerOptions;
  readonly #windowSeconds: number;
  readonly #series: Record<Side, { samples: PowerSample[]; sampling: PowerSeries['sampling'] }>;
  #windowStart: number | undefined;
  #windows: CalibrationWindow[] = [];
  #refused = 0;
  #lastRefusal: string | undefined;

  constructor(
    trusted: PowerSeries['sampling'],
    source: PowerSeries['sampling'],
    options: CalibrationTrackerOptions = {},
    state?: unknown,
  ) {
    this.#options = options;
    this.#windowSeconds = options.windowSeconds ?? 600;
    this.#series = {
      trusted: { samples: [], sampling: trusted },
      source: { samples: [], sampling: source },
    };
    if (state !== undefined) this.#resume(state);
  }

  add(side: Side, sample: PowerSample): void {
    const { samples } = this.#series[side];
    const late = sample.at <= (samples.at(-1)?.at ?? Number.NEGATIVE_INFINITY);
    if (late || !Number.isFinite(sample.at) || !Number.isFinite(sample.watts)) return;
    samples.push(sample);
    this.#windowStart ??= sample.at;
    const end = this.#windowStart + this.#windowSeconds;
    const reached = Math.min(
      this.#series.trusted.samples.at(-1)?.at ?? Number.NEGATIVE_INFINITY,
      this.#series.source.samples.at(-1)?.at ?? Number.NEGATIVE_INFINITY,
    );
    if (reached >= end) this.#finish(this.#windowStart, end);
    else if (sample.at >= end + this.#windowSeconds) this.#skipTo(sample.at);
  }

  /** Oldest first. */
  get windows(): readonly CalibrationWindow[] {
    return this.#windows;
  }

  get latest(): CalibrationWindow | undefined {
    return this.#windows.at(-1);
  }

  /** Windows that gave no calibration, and why the last of them did not. */
  get refusals(): { readonly count: number; readonly last: string | undefined } {
    return { count: this.#refused, last: this.#lastRefusal };
  }

  /** Absent below three windows. */
  get drift(): Drift | undefined {
    const through = (of: (window: CalibrationWindow) => Estimate) =>
      weightedLine(
        this.#windows.map((window) => ({
          x: window.at / SECONDS_PER_HOUR,
          y: of(window).value,
          error: of(window).standardError,
        })),
      );
    const gain = through((window) => window.gain);
    const offset = through((window) => window.offsetWatts);
    if (gain === undefined || offset === undefined) return undefined;
    const gainPerHour = {
      value: gain.slope.value / gain.level.value,
      standardError: gain.slope.standardError / gain.level.value,
    };
    return {
      gainPerHour,
      offsetWattsPerHour: offset.slope,
      windows: this.#windows.length,
      significant: Math.abs(gainPerHour.value) > 3 * gainPerHour.standardError,
    };
  }

  /** Finished windows; samples of one that is not finished yet are not kept. */
  toJSON(): CalibrationState {
    const state = { version: 1 as const, windows: structuredClone(this.#windows), refused: this.#refused };
    return this.#lastRefusal === undefined ? state : { ...state, lastRefusal: this.#lastRefusal };
  }

  #finish(start: number, end: number): void {
    const cut = (side: Side): PowerSeries => {
      const { samples, sampling } = this.#series[side];
      return { sampling, samples: samples.filter(({ at }) => at < end) };
    };
    const result = calibrate(cut('trusted'), cut('source'), this.#options);
    if (result.determined) {
      const { determined: _, ...calibration } = result;
      this.#windows.push({ at: (start + end) / 2, ...calibration });
      this.#windows = this.#windows.slice(-(this.#options.maxWindows ?? 1000));
    } else this.#refuse(result.reason);
    this.#forget(end);
  }

  /** Gives up a window for which one of the two has gone silent. */
  #skipTo(start: number): void {
    this.#refuse('one of the two sources gives no figures');
    this.#forget(start);
  }

  #refuse(reason: string): void {
    this.#refused++;
    this.#lastRefusal = reason;
  }

  #forget(before: number): void {
    for (const series of Object.values(this.#series))
      series.samples = series.samples.filter(({ at }) => at >= before);
    this.#windowStart = before;
  }

  #resume(state: unknown): void {
    const parsed = stateSchema.safeParse(state);
    if (!parsed.success) {
      throw new WattloopError(ErrorCode.badInput, 'the saved calibration is not what this version writes', {
        remedy: 'Start without it: the calibration is found again',
        cause: parsed.error,
      });
    }
    this.#windows = parsed.data.windows;
    this.#refused = parsed.data.refused;
    this.#lastRefusal = parsed.data.lastRefusal;
  }
}
