import { quantileSorted, sorted } from '../../maths/index.js';
import { stepLoads } from '../disaggregate/fit-power.js';
import type { Observation } from '../disaggregate/observation.js';
import { loadWatts } from '../disaggregate/power-law.js';
import type { Explanation } from '../disaggregate/settle.js';

/** Loads below which a busy machine is for no longer than this part of the time were hardly seen. */
const SELDOM = 0.05;
/** How far a function may be from what its running time would usually take, as a part, where nothing tells. */
const DEVIATION = 1.5;

/**
 * What is not known of marginal energies because the load hardly ever changed, in joules by function: one standard error. On
 * a machine that is always full the power at the margin says next to nothing of a function: it may be answerable for its
 * share of all that is drawn by running time, for a multiple of that, or for nothing.
 */
export function steadyLoadErrors(
  { occupancy, presence }: Observation,
  { loads, fit: { law, weights } }: Pick<Explanation, 'loads' | 'fit'>,
  [first, last]: readonly [number, number],
): Float64Array {
  const { rows, steps } = occupancy;
  const load = stepLoads(loads, weights).subarray(first, last);
  const busy = sorted(load.filter((watts) => watts > 0));
  const usual = quantileSorted(busy, 0.5);
  // Near 1 the machine was never seen with much less to do than usual; half of the usual load is much less.
  const steadiness = usual > 0 ? (quantileSorted(busy, SELDOM) / usual) ** 4 : 0;
  let drawn = 0;
  for (const [k, watts] of load.entries())
    drawn += (law.floorWatts * (presence[first + k] ?? 0) + loadWatts(law, watts)) * steps.stepSeconds;
  const ran = new Float64Array(rows.width);
  let all = 0;
  for (let p = rows.rowStart[first] ?? 0; p < (rows.rowStart[last] ?? 0); p++) {
    const running = rows.value[p] ?? 0;
    const f = rows.column[p] ?? 0;
    ran[f] = (ran[f] ?? 0) + running;
    all += running;
  }
  return ran.map((running) => (all > 0 ? (steadiness * DEVIATION * drawn * running) / all : 0));
}
