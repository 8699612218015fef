import { loadWatts } from '../disaggregate/power-law.js';
import { pressureOf } from '../load/progress.js';
import type { CounterfactualInput } from './counterfactual.js';
import { throughThree } from './through-three.js';

/**
 * What the machine would have drawn less without each function, in joules over the steps, where load is processor time. The
 * processors that the function leaves free are taken by the others as far as contention held them back: they do the same work
 * at a higher load in a shorter time, after which the machine rests. On a full machine a function is so answerable for its
 * part of all power, the floor included; on a half-empty one for what its own processors add at the load at hand.
 */
export function freedProcessorsJoules(input: Omit<CounterfactualInput, 'part'>): Float64Array {
  const { occupancy, contention, law, loads, weights, first, last } = input;
  const { rows, steps, total } = occupancy;
  const { pressure, sensitivity } = contention;
  const joules = new Float64Array(rows.width);
  const pressures = pressureOf(occupancy, contention);
  for (let j = first; j < last; j++) {
    const now = pressures[j] ?? 0;
    const [begin, end] = [loads.rowStart[j] ?? 0, loads.rowStart[j + 1] ?? 0];
    // One over the load of all, if they went as fast as under another pressure: a straight line where all are alike.
    const inverse = throughThree(now, now === 0, (other) => {
      let sum = 0;
      for (let p = begin; p < end; p++) {
        const c = sensitivity[loads.column[p] ?? 0] ?? 0;
        sum +=
          ((weights[loads.column[p] ?? 0] ?? 0) * (loads.value[p] ?? 0) * (1 + c * now)) / (1 + c * other);
      }
      return sum > 0 ? 1 / sum : 0;
    });
    const spedUp = (other: number): number => (inverse(other) > 0 ? 1 / inverse(other) : 0);
    const load = spedUp(now);
    const running = total[j] ?? 0;
    const drawn = law.floorWatts * Math.min(1, running) + loadWatts(law, load);
    let q = begin;
    for (let p = rows.rowStart[j] ?? 0; p < (rows.rowStart[j + 1] ?? 0); p++) {
      const f = rows.column[p] ?? 0;
      while (q < end && (loads.column[q] ?? 0) < f) q++;
      const own = q < end && loads.column[q] === f ? (loads.value[q] ?? 0) * (weights[f] ?? 0) : 0;
      const c = sensitivity[f] ?? 0;
      const rest = Math.max(0, now - (pressure[f] ?? 1) * (rows.value[p] ?? 0));
      const others = load - own;
      const faster = Math.max(others, spedUp(rest) - (own * (1 + c * now)) / (1 + c * rest));
      const present = Math.min(1, Math.max(0, running - (rows.value[p] ?? 0)));
      const part = faster > 0 ? others / faster : 0;
      const without = part * (law.floorWatts * present + loadWatts(law, faster));
      joules[f] = (joules[f] ?? 0) + (drawn - without) * steps.stepSeconds;
    }
  }
  return joules;
}
