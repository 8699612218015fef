import { nnls, normalEquations, quantileSorted, type SparseRows, sorted } from '../../maths/index.js';
import type { PowerData, PowerFit } from './power-data.js';
import { type ConcaveCourse, slopeAt } from './power-law.js';
import { stepLoads } from './shown-power.js';

/** Where the course may bend: at these parts of all loads that were seen. */
const KNOTS = [0.03, 0.08, 0.15, 0.25, 0.4, 0.55, 0.7, 0.85, 0.95];
/** How far each piece may be from the law's, as a part of the law's whole slope. */
const DEVIATION = 0.1;

/**
 * The course of power over load that explains the samples best while it never gets steeper, with the loads as they are; near
 * the law's own where the samples say little. Scaled so that the loads keep their size on average.
 */
export function refineCourse(data: PowerData, fit: PowerFit): ConcaveCourse | undefined {
  const load = stepLoads(data.loads, fit.weights);
  const busy = sorted(load.filter((value) => value > 0));
  if (busy.length === 0) return undefined;
  const most = busy[busy.length - 1] ?? 0;
  const inner = KNOTS.map((part) => quantileSorted(busy, part)).filter(
    (knot, i, all) => knot > 1.05 * (all[i - 1] ?? 0) && knot < 0.95 * most,
  );
  const knots = Float64Array.from([...inner, 2 * most]);
  const size = knots.length;
  // One more unknown for the floor.
  const rows = piecesSeen(data, load, knots);
  const target = data.watts.map((watts) => watts - fit.law.idleWatts);
  const equations = normalEquations(rows, target);
  const prior = new Float64Array(size + 1);
  const ridge = new Float64Array(size + 1).fill((fit.variance * fit.inflation) / DEVIATION ** 2);
  for (let k = 0; k < size; k++) {
    const [here, next] = [
      middle(knots[k - 1] ?? 0, knots[k] ?? 0),
      middle(knots[k] ?? 0, knots[k + 1] ?? Number.POSITIVE_INFINITY),
    ];
    prior[k] = slopeAt(fit.law, here) - (k === size - 1 ? 0 : slopeAt(fit.law, next));
  }
  prior[size] = fit.law.floorWatts;
  ridge[size] = 0;
  const { x } = nnls(equations, { ridge, prior });
  const slopes = x.slice(0, size);
  const course = { knots, slopes };
  let [rise, total] = [0, 0];
  for (const value of load) {
    rise += slopeAt({ idleWatts: 0, floorWatts: 0, bend: 0, course }, value) * value;
    total += slopeAt(fit.law, value) * value;
  }
  const scale = total > 0 ? rise / total : 0;
  // As steep on average as the law that it replaces: else weights would have to move for nothing.
  return scale > 0
    ? { knots: knots.map((knot) => knot * scale), slopes: slopes.map((slope) => slope / scale) }
    : undefined;
}

const middle = (low: number, high: number): number => (Number.isFinite(high) ? (low + high) / 2 : low);

/** What each sample sees of `min(load, knot)` for every knot, and of presence. */
function piecesSeen(
  { sampling, presence, watts }: PowerData,
  load: Float64Array,
  knots: Float64Array,
): SparseRows {
  const width = knots.length + 1;
  const value = new Float64Array(sampling.count * width);
  for (let i = 0; i < sampling.count; i++) {
    if (!Number.isFinite(watts[i])) continue;
    for (let s = sampling.rowStart[i] ?? 0; s < (sampling.rowStart[i + 1] ?? 0); s++) {
      const j = sampling.column[s] ?? 0;
      const weight = sampling.value[s] ?? 0;
      for (let k = 0; k < knots.length; k++) {
        const at = i * width + k;
        value[at] = (value[at] ?? 0) + weight * Math.min(load[j] ?? 0, knots[k] ?? 0);
      }
      const at = i * width + knots.length;
      value[at] = (value[at] ?? 0) + weight * (presence[j] ?? 0);
    }
  }
  return {
    count: sampling.count,
    width,
    rowStart: Uint32Array.from({ length: sampling.count + 1 }, (_, i) => i * width),
    column: Uint32Array.from(value, (_, at) => at % width),
    value,
  };
}
