import { blockBootstrap, blockLength, centralInterval, moments, seededRandom } from '../../../maths/index.js';
import type { Trace } from '../../../model/index.js';
import type { Finding } from '../../account.js';
import { type CountChange, countChanges } from './left-out.js';
import { pairFindings } from './pair-findings.js';
import { noCommonWindow, type PairedTicks, pairTicks } from './paired-ticks.js';
import { presenceOf } from './presence.js';

export interface MarginalOptions {
  /** How late the power of each trace comes; 0 where it isn't told. */
  readonly withLagSeconds?: number;
  readonly withoutLagSeconds?: number;
  readonly seed?: number;
  readonly resamples?: number;
  /** The part of what chance could have given that the interval holds. */
  readonly confidence?: number;
}

/** A figure, its standard error, and the interval in which it lies with the confidence asked for. */
export interface BootstrapEstimate {
  readonly value: number;
  readonly standardError: number;
  readonly low: number;
  readonly high: number;
}

/** What a machine drew more because of the functions that the second of two traces leaves out. */
export interface MarginalEnergy {
  /** From the start of the work to the end of the common window. */
  readonly windowSeconds: number;
  readonly tickSeconds: number;
  /** Of the window, time for which both traces have power; the rest is filled with the mean. */
  readonly knownSeconds: number;
  readonly withJoules: number;
  readonly withoutJoules: number;
  /** Energy of the first trace less that of the second, over the same window. */
  readonly difference: BootstrapEstimate;
  readonly confidence: number;
  /** Time within which differences hang together: they were drawn again in blocks of this length. */
  readonly blockSeconds: number;
  readonly leftOut: readonly CountChange[];
  /** Functions other than those left out that did not run equally often: the difference is theirs too. */
  readonly others: readonly CountChange[];
  /** Whether the difference can be put down to what was left out. */
  readonly isMarginal: boolean;
  /** Invocations of the functions left out, in the window, that the second trace has not. */
  readonly invocations: number;
  /** Absent where more or less than one function was left out, or where the difference is not marginal. */
  readonly joulesPerInvocation?: BootstrapEstimate;
  /** Why it is absent. */
  readonly reason?: string;
  readonly findings: readonly Finding[];
}

const DEFAULT_CONFIDENCE = 0.95;
const DEFAULT_SEED = 1;
const FEWEST_KNOWN_TICKS = 2;

/** Difference of power by tick; NaN where either is unknown. */
const differences = ({ withWatts, withoutWatts }: PairedTicks): Float64Array =>
  withWatts.map((watts, i) => watts - (withoutWatts[i] ?? Number.NaN));

function meanOver(values: Float64Array, places: Uint32Array): number {
  let [sum, count] = [0, 0];
  for (let i = 0; i < places.length; i++) {
    const value = values[places[i] ?? 0] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return sum / count;
}

/** Mean of the values at the places where the others are known, so that what is told of each trace adds up. */
const meanWhere = (values: Float64Array, others: Float64Array): number =>
  moments(values.filter((_, i) => !Number.isNaN(others[i] ?? Number.NaN))).mean;

const scaled = ({ value, standardError, low, high }: BootstrapEstimate, by: number): BootstrapEstimate => ({
  value: value * by,
  standardError: standardError * by,
  low: low * by,
  high: high * by,
});

/**
 * Marginal energy from a pair of traces of the same arrivals, the second without some function: the reference that a
 * shared machine allows. Its error is what chance could have made of the difference tick by tick, apart from how often
 * the function happened to be called, which is known: what is drawn again is the difference less its mean per second that
 * the function ran.
 */
export function marginalFromPair(
  withIt: Trace,
  without: Trace,
  options: MarginalOptions = {},
): MarginalEnergy {
  const { confidence = DEFAULT_CONFIDENCE, seed = DEFAULT_SEED, resamples } = options;
  const ticks = pairTicks(withIt, without, {
    withSeconds: options.withLagSeconds ?? 0,
    withoutSeconds: options.withoutLagSeconds ?? 0,
  });
  const windowSeconds = ticks.tickSeconds * ticks.count;
  const { leftOut, others } = countChanges(withIt.invocations, without.invocations, windowSeconds);
  const names = new Set(leftOut.map(({ name }) => name));
  const [more, less] = [withIt, without].map((trace) => presenceOf(trace.invocations, names, ticks));
  const invocations = (more?.invocations ?? 0) - (less?.invocations ?? 0);
  const ran = ticks.withWatts.map((_, i) => (more?.seconds[i] ?? 0) - (less?.seconds[i] ?? 0));

  const watts = differences(ticks);
  const { count: known, mean } = moments(watts);
  if (known < FEWEST_KNOWN_TICKS) throw noCommonWindow();
  const residuals = unexplained(watts, ran, mean);
  const length = blockLength(residuals);
  const draws = blockBootstrap(watts.length, (places) => meanOver(residuals, places), {
    random: seededRandom(seed),
    blockLength: length,
    ...(resamples === undefined ? {} : { resamples }),
  });
  const { low, high } = centralInterval(draws, confidence);
  const offset = mean - moments(residuals).mean;
  const difference = scaled(
    { value: mean, standardError: moments(draws).deviation, low: low + offset, high: high + offset },
    windowSeconds,
  );
  const reason = whyNotPerInvocation(leftOut, others, invocations);
  return {
    windowSeconds,
    tickSeconds: ticks.tickSeconds,
    knownSeconds: known * ticks.tickSeconds,
    withJoules: meanWhere(ticks.withWatts, watts) * windowSeconds,
    withoutJoules: meanWhere(ticks.withoutWatts, watts) * windowSeconds,
    difference,
    confidence,
    blockSeconds: length * ticks.tickSeconds,
    leftOut,
    others,
    isMarginal: leftOut.length > 0 && others.length === 0,
    invocations,
    ...(reason === undefined ? { joulesPerInvocation: scaled(difference, 1 / invocations) } : { reason }),
    findings: pairFindings({
      leftOut,
      others,
      knownSeconds: known * ticks.tickSeconds,
      windowSeconds,
      workBeyondSeconds: ticks.workBeyondSeconds,
    }),
  };
}

/** The differences less what the seconds that the functions left out ran explain of them. */
function unexplained(watts: Float64Array, ran: Float64Array, mean: number): Float64Array {
  let seconds = 0;
  let count = 0;
  for (let i = 0; i < watts.length; i++) {
    if (Number.isNaN(watts[i] ?? Number.NaN)) continue;
    seconds += ran[i] ?? 0;
    count++;
  }
  const perSecond = seconds > 0 ? (mean * count) / seconds : 0;
  return watts.map((difference, i) => difference - perSecond * (ran[i] ?? 0));
}

function whyNotPerInvocation(
  leftOut: readonly CountChange[],
  others: readonly CountChange[],
  invocations: number,
): string | undefined {
  if (leftOut.length === 0) return 'the second trace leaves no function out';
  if (leftOut.length > 1) return 'more than one function was left out: only their sum can be told';
  if (others.length > 0) return 'other functions did not run equally often: the difference is theirs too';
  if (!(invocations > 0)) return 'the function left out did not run in the common window';
  return undefined;
}
