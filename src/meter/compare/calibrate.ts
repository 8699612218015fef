import {
  cleaned,
  type Estimate,
  PowerIntegral,
  type PowerSeries,
  quantileSorted,
  robustLine,
  type SynchroniseOptions,
  shift,
  sorted,
  synchronise,
  usualInterval,
  windowsOf,
} from '../../maths/index.js';

/** How one source's power is turned into that of a more trusted one: `trusted = gain · power + offset`. */
export interface Calibration {
  readonly gain: Estimate;
  readonly offsetWatts: Estimate;
  /** How gain and offset err together, in watts. */
  readonly covariance: number;
  /** Deviation of the trusted power from what the calibration says, outliers aside. */
  readonly residualWatts: number;
  /** Pairs that it rests on, and how many of them were left out of account. */
  readonly pairs: number;
  readonly outliers: number;
  /** How late the source comes after the trusted one; undone before the two are compared. */
  readonly lagSeconds: number;
}

export type CalibrationResult =
  | ({ readonly determined: true } & Calibration)
  | { readonly determined: false; readonly reason: string };

export interface CalibrateOptions extends SynchroniseOptions {
  /** How late the source comes after the trusted one, where it is known; else it is looked for. */
  readonly lagSeconds?: number;
}

const MIN_PAIRS = 20;
/** The source's power must move by this part of its middle, or no slope can be told from an offset. */
const MIN_SPREAD = 0.1;
const MAX_GAIN_ERROR = 0.25;

/** The two powers over the same spans of time: those of the coarser one's samples. */
function paired(trusted: PowerSeries, source: PowerSeries): { trusted: number[]; source: number[] } {
  const trustedIsCoarser = usualInterval(trusted) >= usualInterval(source);
  const [fine, coarse] = trustedIsCoarser ? [source, trusted] : [trusted, source];
  const windows = windowsOf(coarse, usualInterval(fine));
  const means = new PowerIntegral(fine).means(windows, 0, new Float64Array(coarse.samples.length));
  const both = coarse.samples
    .map(({ watts }, i) => ({ coarse: watts, fine: means[i] ?? Number.NaN }))
    .filter((pair) => !Number.isNaN(pair.fine));
  const [a, b] = [both.map((pair) => pair.coarse), both.map((pair) => pair.fine)];
  return trustedIsCoarser ? { trusted: a, source: b } : { trusted: b, source: a };
}

/**
 * Gain and offset of `source` against a source that is trusted more, with outliers left out of account. Refuses where the
 * data can't tell. Noise in the source itself draws the gain towards 0 by the part of its variance that is noise: calibrate
 * a noisy source on longer means.
 */
export function calibrate(
  trusted: PowerSeries,
  source: PowerSeries,
  options: CalibrateOptions = {},
): CalibrationResult {
  const refuse = (reason: string): CalibrationResult => ({ determined: false, reason });
  const [good, own] = [cleaned(trusted), cleaned(source)];
  if (Math.min(good.samples.length, own.samples.length) < MIN_PAIRS)
    return refuse(`too few samples: ${MIN_PAIRS} of each source are needed`);
  let lagSeconds = options.lagSeconds;
  if (lagSeconds === undefined) {
    const found = synchronise(good, own, options);
    if (!found.determined) return refuse(`the lag between the two is not known: ${found.reason}`);
    lagSeconds = found.lagSeconds;
  }
  const pairs = paired(good, shift(own, lagSeconds));
  if (pairs.source.length < MIN_PAIRS)
    return refuse(`too few samples at the same time: ${pairs.source.length} of ${MIN_PAIRS}`);
  const ordered = sorted(pairs.source);
  const middle = quantileSorted(ordered, 0.5);
  const spread = quantileSorted(ordered, 0.95) - quantileSorted(ordered, 0.05);
  if (!(spread >= MIN_SPREAD * Math.abs(middle)) || spread === 0) {
    return refuse(
      `too little spread: the source moved by ${spread.toFixed(2)} W around ${middle.toFixed(2)} W; let the load change`,
    );
  }
  const line = robustLine(pairs.source, pairs.trusted);
  if (line === undefined || !(line.slope.value > 0))
    return refuse('the trusted source does not rise with this one');
  if (line.slope.standardError > MAX_GAIN_ERROR * line.slope.value) {
    return refuse(
      `too noisy: a gain of ${line.slope.value.toFixed(2)} ± ${line.slope.standardError.toFixed(2)}; measure longer`,
    );
  }
  return {
    determined: true,
    gain: line.slope,
    offsetWatts: line.offset,
    covariance: line.covariance,
    residualWatts: line.deviation,
    pairs: line.count,
    outliers: line.outliers,
    lagSeconds,
  };
}

/** A figure as the source gave it and as the calibration has it. Both are kept, so that nobody mistakes one for the other. */
export interface CalibratedPower {
  readonly rawWatts: number;
  readonly calibratedWatts: number;
  /** One standard error of the calibrated figure that comes of the calibration; the source's own noise is not in it. */
  readonly standardErrorWatts: number;
}

export function calibrated(calibration: Calibration, rawWatts: number): CalibratedPower {
  const { gain, offsetWatts, covariance } = calibration;
  const variance =
    (gain.standardError * rawWatts) ** 2 + offsetWatts.standardError ** 2 + 2 * rawWatts * covariance;
  return {
    rawWatts,
    calibratedWatts: gain.value * rawWatts + offsetWatts.value,
    standardErrorWatts: Math.sqrt(Math.max(0, variance)),
  };
}
