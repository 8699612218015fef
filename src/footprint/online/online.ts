import type { Rows } from '../rows/rows.js';

/**
 * How the powers of functions are followed over time.
 * - `bayes`: a Gaussian state with the errors' covariance, updated by every tick; the default.
 * - `published`: the Kalman-guided update as published for FaasMeter.
 * - `memoryless`: least squares of each window alone.
 * - `cumulative`: least squares of all windows so far.
 */
export const OnlineMode = {
  bayes: 'bayes',
  published: 'published',
  memoryless: 'memoryless',
  cumulative: 'cumulative',
} as const;

export type OnlineMode = (typeof OnlineMode)[keyof typeof OnlineMode];

/** How long a function's invocations took in a window. */
export interface LatencyStatistics {
  readonly count: number;
  readonly meanSeconds: number;
  readonly deviationSeconds: number;
}

/** What is expected of a function's power before the first window that holds it. */
export interface Expectation {
  readonly watts: number;
  /** One standard deviation. */
  readonly spreadWatts: number;
}

/** What ran and what it drew since the last update. */
export interface OnlineWindow {
  /** A row a tick; a column a function or shared principal, known again by its name. */
  readonly rows: Rows;
  /** Power beyond idle, tick by tick; a tick whose figure isn't a finite number is left out. */
  readonly watts: ArrayLike<number>;
  /** By function; the published update alone needs them. */
  readonly latencies?: ReadonlyMap<string, LatencyStatistics>;
  /** By function, for those that are new: `bayes` begins with it. The mean power of a running invocation where nothing is said. */
  readonly expected?: ReadonlyMap<string, Expectation>;
}

export interface OnlineOptions {
  readonly mode?: OnlineMode;
  /** When there are more functions, those not seen for the longest time are forgotten. */
  readonly maxFunctions?: number;
  readonly bayes?: BayesOptions;
  readonly published?: PublishedOptions;
}

export interface BayesOptions {
  /** How far a function's power usually strays in an hour, as a part of itself (one standard deviation). */
  readonly driftPerHour?: number;
  /** How far a new function's power may be from the mean power of running ones, as a part of that (one standard deviation). */
  readonly newcomerSpread?: number;
}

export interface PublishedOptions {
  /** The part of the estimate before that is kept. */
  readonly alpha?: number;
  /** The part of the window's own least squares that is added. */
  readonly beta?: number;
  /** How much of the latency's deviation is added to the uncertainty at every update. */
  readonly gamma?: number;
  /** The noise of the measurement, over the square root of the window's seconds. */
  readonly measurementNoise?: number;
}

/** What is known of functions' powers. Functions stand in the order in which they were first seen. */
export interface OnlinePowers {
  readonly functions: readonly string[];
  /** What each adds to the machine's power while one invocation of it runs. Never negative. */
  readonly watts: Float64Array;
  /** One standard error of each; Infinity where it can't be told at all. Absent in the published mode, which has none. */
  readonly standardErrors?: Float64Array;
}

/** What is known after an update. */
export interface OnlineEstimate extends OnlinePowers {
  /** 1 where the window said nothing of the function: its figure is that of the update before. */
  readonly frozen: Uint8Array;
  /** 1 where the window was the first to say something of the function. */
  readonly fresh: Uint8Array;
  /** Ticks that counted: with a measured power, and with work. */
  readonly ticks: number;
  /** Root mean square of measured less predicted power over these ticks; absent where there are none. */
  readonly residualWatts?: number;
}
