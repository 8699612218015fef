import { median, quantileSorted, sorted } from '../../maths/index.js';
import type { SustainedRange } from './sustained.js';

/** Equal readings in a row: places `from` to before `to`. */
interface Run {
  readonly from: number;
  readonly to: number;
}

export interface Stale {
  /** Readings that repeat the one before; the first of each run is not among them. */
  readonly runs: readonly Run[];
  /** How many readings the sensor usually repeats before it gives a new one; 1 when it doesn't. */
  readonly held: number;
}

/** A sensor whose readings usually differ by this many of its steps doesn't repeat itself by rounding. */
const FINE_STEPS = 8;
const MIN_FINE_RUN = 10;
/** Where rounding can repeat a reading, only a run this long, amid readings that change all the time, is a fault. */
const MIN_COARSE_RUN = 20;
/** How many times longer than usual a run is before it is a fault. */
const TIMES_USUAL = 5;
/** Short runs of equal readings are at most this part of all where a sensor shows noise. */
const MAX_CHANCE = 0.05;
const MIN_CHANCE = 0.01;
const MAX_EXPECTED = 1e-3;
/** How many times longer it is than the longest run that is none. */
const TIMES_NEXT = 3;
/** A noisy sensor that hangs shows a reading that others lie above and below of: at least this part of them. */
const FEW = 0.01;
/** Within this part of its range from its lowest level a machine is at rest, from its highest at full use: there it may stand still. */
const BAND = 0.1;

/** The step in which readings are given: what the closest differ by, odd ones aside. NaN when all are equal. */
export function stepOf(watts: Float64Array): number {
  const values = sorted(watts);
  const steps: number[] = [];
  for (let i = 1; i < values.length; i++) {
    const step = (values[i] ?? 0) - (values[i - 1] ?? 0);
    if (step > 0) steps.push(step);
  }
  return quantileSorted(sorted(steps), 0.05);
}

function equalRuns(watts: Float64Array): Run[] {
  const runs: Run[] = [];
  let from = 0;
  for (let i = 1; i <= watts.length; i++) {
    if (i < watts.length && watts[i] === watts[from]) continue;
    runs.push({ from, to: i });
    from = i;
  }
  return runs;
}

const lengthOf = ({ from, to }: Run): number => to - from;

/** The length of run that a reading usually stands in. */
function usualLength(runs: readonly Run[], readings: number): number {
  const lengths = runs.map(lengthOf).sort((a, b) => a - b);
  let covered = 0;
  return (
    lengths.find((length) => {
      covered += length;
      return covered * 2 >= readings;
    }) ?? 1
  );
}

/** Whether next to no reading lies below a level, or above it: then it is where the machine rests, or is full. */
function atExtreme(level: number, ordered: Float64Array): boolean {
  const few = Math.max(5, FEW * ordered.length);
  return (ordered[Math.floor(few)] ?? level) >= level || (ordered.at(-1 - Math.floor(few)) ?? level) <= level;
}

/** Runs that are too long for a sensor whose steps are small beside the changes it shows. */
function tooLongForNoise(watts: Float64Array, runs: readonly Run[], usual: number): Run[] {
  const shortest = Math.max(MIN_FINE_RUN, TIMES_USUAL * usual + 1);
  const candidates = runs.filter((run) => lengthOf(run) >= shortest);
  if (candidates.length === 0) return [];
  const others = runs.filter((run) => lengthOf(run) < shortest);
  const repeated = others.filter((run) => lengthOf(run) > 1.5 * usual).length;
  const chance = Math.max(repeated / others.length, MIN_CHANCE);
  // Without noise, equal readings are what the machine does.
  if (!(chance <= MAX_CHANCE || usual > 1)) return [];
  const longest = others.reduce((most, run) => Math.max(most, lengthOf(run)), 0);
  const levels = new Map<number, number>();
  for (const run of runs)
    if (lengthOf(run) >= 3) levels.set(watts[run.from] ?? 0, (levels.get(watts[run.from] ?? 0) ?? 0) + 1);
  const ordered = sorted(watts);
  return candidates.filter((run) => {
    const value = watts[run.from] ?? 0;
    const expected = runs.length * chance ** (lengthOf(run) / usual - 1);
    const alone = lengthOf(run) > TIMES_NEXT * longest && levels.get(value) === 1;
    // Alone: a level that the machine comes back to exactly is its own, and so is one that it nearly kept at other times.
    return expected < MAX_EXPECTED && alone && !atExtreme(value, ordered);
  });
}

/** Whether readings change nearly always, and by several steps, from one place on to another. */
function changing(watts: Float64Array, from: number, to: number, step: number): boolean {
  if (from < 0 || to > watts.length) return false;
  const changes = Array.from({ length: to - from - 1 }, (_, i) =>
    Math.abs((watts[from + i + 1] ?? 0) - (watts[from + i] ?? 0)),
  );
  const equal = changes.filter((change) => change === 0).length;
  return median(changes) >= 3 * step && equal <= 0.2 * changes.length;
}

/** A machine may stand still within a coarse step, but not between its rest and its full use, amid readings that change all the time. */
function stuckAmidChange(
  watts: Float64Array,
  runs: readonly Run[],
  step: number,
  { low, high }: SustainedRange,
): Run[] {
  const margin = Math.max(BAND * (high - low), 3 * step);
  return runs.filter(
    (run) =>
      lengthOf(run) >= MIN_COARSE_RUN &&
      (watts[run.from] ?? 0) > low + margin &&
      (watts[run.from] ?? 0) < high - margin &&
      changing(watts, run.from - MIN_COARSE_RUN, run.from, step) &&
      changing(watts, run.to, run.to + MIN_COARSE_RUN, step),
  );
}

/**
 * Runs of equal readings that neither the sensor's step nor the machine's noise explains: a sensor that repeats its last
 * value. A machine at rest behind a coarse sensor repeats values too, as does one that has no noise; they are left alone.
 */
export function findStale(readings: Float64Array, sustained: SustainedRange): Stale {
  // What a sum's rounding leaves is no difference.
  const grain = Math.max(sustained.high, 1) * 1e-9;
  const watts = Number.isFinite(grain)
    ? readings.map((value) => Math.round(value / grain) * grain)
    : readings;
  const runs = equalRuns(watts);
  const usual = usualLength(runs, watts.length);
  const step = stepOf(watts);
  const changes: number[] = [];
  for (let i = 1; i < runs.length; i++)
    changes.push(Math.abs((watts[runs[i]?.from ?? 0] ?? 0) - (watts[runs[i - 1]?.from ?? 0] ?? 0)));
  const fine = step * FINE_STEPS <= median(changes);
  const found = fine ? tooLongForNoise(watts, runs, usual) : stuckAmidChange(watts, runs, step, sustained);
  return { runs: found.map(({ from, to }) => ({ from: from + 1, to })), held: fine ? usual : 1 };
}
