import type { SparseRows } from '../../maths/index.js';
import { loadWatts, type PowerLaw } from '../disaggregate/power-law.js';
import type { Contention } from '../load/contention.js';
import type { Occupancy } from '../load/occupancy.js';
import { pressureOf } from '../load/progress.js';
import { throughThree } from './through-three.js';

export interface CounterfactualInput {
  readonly occupancy: Occupancy;
  readonly contention: Contention;
  /** How much of the slowing down is missing from the power, as in `progressOf`. */
  readonly part: number;
  readonly law: PowerLaw;
  /** Load of every principal, functions first, step by step; and watts per load. */
  readonly loads: SparseRows;
  readonly weights: Float64Array;
  /** Steps to look at: from `first` to before `last`. */
  readonly first: number;
  readonly last: number;
}

/**
 * What the machine would have drawn less without each function, in joules over the steps, where load is what running
 * invocations make of it. Without the function the others contend
 * less, so each of their invocations takes less time and, by Little's law, fewer of them run at once, though as many come.
 * How busy that leaves the machine, the load law and the floor say. Every step is taken for itself: a machine that would
 * have caught up earlier is not followed further.
 */
export function counterfactualJoules(input: CounterfactualInput): Float64Array {
  const { occupancy, contention, part, law, loads, weights, first, last } = input;
  const { rows, steps } = occupancy;
  const { pressure, sensitivity } = contention;
  const joules = new Float64Array(rows.width);
  const pressures = pressureOf(occupancy, contention);
  for (let j = first; j < last; j++) {
    const now = pressures[j] ?? 0;
    // Not the pressure: functions that weigh nothing on others draw power as well.
    if ((occupancy.total[j] ?? 0) === 0) continue;
    const [from, to] = [rows.rowStart[j] ?? 0, rows.rowStart[j + 1] ?? 0];
    // What gets done, weighed by pressure; and how strongly it answers to pressure. Done work stays when pressure falls.
    let [done, answer, count, stretch] = [0, 0, 0, 0];
    for (let p = from; p < to; p++) {
      const f = rows.column[p] ?? 0;
      const rate = (rows.value[p] ?? 0) / (1 + (sensitivity[f] ?? 0) * now);
      done += (pressure[f] ?? 1) * rate;
      answer += (pressure[f] ?? 1) * (sensitivity[f] ?? 0) * rate;
      count += rate;
      stretch += (sensitivity[f] ?? 0) * rate;
    }
    const loadAt = loadCourse(input, j, now);
    const load = loadAt(now);
    const present = Math.min(1, occupancy.total[j] ?? 0);
    const drawn = law.floorWatts * present + loadWatts(law, load);
    let q = loads.rowStart[j] ?? 0;
    for (let p = from; p < to; p++) {
      const f = rows.column[p] ?? 0;
      while (q < (loads.rowStart[j + 1] ?? 0) && (loads.column[q] ?? 0) < f) q++;
      const own = loads.column[q] === f ? (loads.value[q] ?? 0) * (weights[f] ?? 0) : 0;
      const c = sensitivity[f] ?? 0;
      const rate = (rows.value[p] ?? 0) / (1 + c * now);
      const r = pressure[f] ?? 1;
      const left = 1 - answer + r * c * rate;
      const then = left > 0 ? Math.min(now, Math.max(0, done - r * rate) / left) : now;
      const ownThen = own * ((1 + c * then) / (1 + c * now)) ** (1 - part);
      const without = Math.max(0, loadAt(then) - ownThen);
      const running = Math.max(0, count - rate + then * (stretch - c * rate));
      const drawnWithout = law.floorWatts * Math.min(present, running) + loadWatts(law, without);
      // Rounding aside, nobody's work saves energy: the others are slowed by it, never sped up.
      joules[f] = (joules[f] ?? 0) + Math.max(0, drawn - drawnWithout) * steps.stepSeconds;
    }
  }
  return joules;
}

/** The load of all principals in a step if the pressure were another. */
function loadCourse(
  { contention: { sensitivity }, part, loads, weights }: CounterfactualInput,
  j: number,
  now: number,
): (pressure: number) => number {
  return throughThree(now, part === 1 || now === 0, (pressure) => {
    let sum = 0;
    for (let p = loads.rowStart[j] ?? 0; p < (loads.rowStart[j + 1] ?? 0); p++) {
      const f = loads.column[p] ?? 0;
      const c = sensitivity[f] ?? 0;
      const faster = part === 1 || c === 0 ? 1 : ((1 + c * pressure) / (1 + c * now)) ** (1 - part);
      sum += (weights[f] ?? 0) * (loads.value[p] ?? 0) * faster;
    }
    return sum;
  });
}
