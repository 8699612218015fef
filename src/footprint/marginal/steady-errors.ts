import { quantileSorted, sorted } from '../../maths/index.js';
import type { Observation, Sighting } from '../disaggregate/observation.js';
import { loadWatts } from '../disaggregate/power-law.js';
import type { Explanation } from '../disaggregate/settle.js';
import { stepLoads } from '../disaggregate/shown-power.js';

/** Between these parts of the busy time lies what was seen. */
const SEEN = [0.05, 0.95] as const;
/** The least load as a part of the most, to this power, says how steady the load was: three quarters is hardly steady. */
const STEEPNESS = 10;
/** Power that moves by less than this part of what is drawn above idle moves by no more than laws are off. */
const STILL = 0.06;
/** How far a function may be from what its running time would usually take, as a part, where nothing tells. */
const DEVIATION = 1.5;

/**
 * What is not known of marginal energies because the load hardly ever changed, in joules by function: one standard error. On
 * a machine that is always full the power at the margin says next to nothing of a function: it may be answerable for its
 * share of all that is drawn by running time, for a multiple of that, or for nothing.
 */
export function steadyLoadErrors(
  { occupancy, presence }: Observation,
  { watts }: Sighting,
  { loads, fit: { law, weights } }: Pick<Explanation, 'loads' | 'fit'>,
  [first, last]: readonly [number, number],
): Float64Array {
  const { rows, steps } = occupancy;
  const load = stepLoads(loads, weights).subarray(first, last);
  const steadiness = Math.max(steadyLoad(load), stillPower(watts, law.idleWatts));
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

/** 1 for a load that never changes while there is work, 0 for one that comes and goes. */
function steadyLoad(load: Float64Array): number {
  const busy = sorted(load.filter((watts) => watts > 0));
  const [least, most] = SEEN.map((part) => quantileSorted(busy, part));
  return (most ?? 0) > 0 ? ((least ?? 0) / (most ?? 1)) ** STEEPNESS : 0;
}

/** The same of the power of the busy machine. */
function stillPower(watts: Float64Array, idleWatts: number): number {
  const above = watts.map((value) => value - idleWatts).filter(Number.isFinite);
  const usual = quantileSorted(sorted(above), 0.5);
  const busy = sorted(above.filter((value) => value > usual / 2));
  // Of a machine that was never seen to draw anything nothing is known.
  if (busy.length === 0) return 1;
  const [least, most] = SEEN.map((part) => quantileSorted(busy, part));
  const range = ((most ?? 0) - (least ?? 0)) / Math.max(usual, 1e-9);
  return (1 / (1 + (range / STILL) ** 2)) ** 2;
}
