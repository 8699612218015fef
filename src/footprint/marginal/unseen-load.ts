import { quantileSorted, sorted } from '../../maths/index.js';
import type { Observation, Sighting } from '../disaggregate/observation.js';
import { loadWatts, type PowerLaw, slopeAt } from '../disaggregate/power-law.js';
import type { Explanation } from '../disaggregate/settle.js';
import { sampledWatts, stepLoads } from '../disaggregate/shown-power.js';

/** Loads below this quantile of those seen under work were hardly seen. */
const SELDOM = 0.05;

/**
 * What is not known of marginal energies because the machine was hardly ever seen as empty as it would be without the
 * function, in joules by function: one standard error. Below the loads that were seen the law only goes on as its form says.
 * Of any concave course from rest one knows that it drops at least as its slope at the least load seen, and at most in
 * proportion to all that was drawn there above rest, or above nothing where rest was not seen either.
 */
export function unseenLoadErrors(
  { occupancy, presence, idleWatts }: Observation,
  { sampling, watts }: Sighting,
  { loads, prior, fit: { law, weights, errors: weightErrors } }: Pick<Explanation, 'loads' | 'prior' | 'fit'>,
  [first, last]: readonly [number, number],
): Float64Array {
  const { rows, steps } = occupancy;
  const errors = new Float64Array(rows.width);
  const load = stepLoads(loads, weights);
  const shown = sampledWatts(sampling, load);
  const seen = quantileSorted(
    sorted(shown.filter((value, i) => value > 0 && Number.isFinite(watts[i]))),
    SELDOM,
  );
  if (!(seen > 0)) return errors;
  const rest = idleWatts === undefined ? law.idleWatts : 0;
  for (let j = first; j < last; j++) {
    const now = load[j] ?? 0;
    for (let p = loads.rowStart[j] ?? 0; p < (loads.rowStart[j + 1] ?? 0); p++) {
      const f = loads.column[p] ?? 0;
      if (f >= rows.width) break;
      // Weights are learnt at the loads that were seen as well: as much may go as usual, and as the error allows.
      const weight = Math.max(weights[f] ?? 0, prior.watts[f] ?? 0) + (weightErrors[f] ?? 0);
      const own = (loads.value[p] ?? 0) * weight;
      const without = Math.max(0, now - own);
      if (without >= seen) continue;
      const constant = rest + law.floorWatts * (presence[j] ?? 0);
      const error = errorBetween(law, constant, Math.min(now, seen), without);
      errors[f] = (errors[f] ?? 0) + error * steps.stepSeconds;
    }
  }
  return errors;
}

/** Of the drop from load `high` to load `low`, if any drop that a concave course allows were as likely. */
function errorBetween(law: PowerLaw, constant: number, high: number, low: number): number {
  const drop = loadWatts(law, high) - loadWatts(law, low);
  const least = slopeAt(law, high) * (high - low);
  const most = ((constant + loadWatts(law, high)) * (high - low)) / high;
  const [above, below] = [Math.max(0, most - drop), Math.max(0, drop - least)];
  const range = above + below;
  return range > 0 ? Math.sqrt((above ** 3 + below ** 3) / (3 * range)) : 0;
}
