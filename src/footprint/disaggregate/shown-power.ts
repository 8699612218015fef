import { multiply, type SparseRows } from '../../maths/index.js';
import { loadWatts, type PowerLaw } from './power-law.js';

/** Load of each step in watts. */
export const stepLoads = (loads: SparseRows, weights: Float64Array): Float64Array => multiply(loads, weights);

/** Power of each step under a law. */
export function stepWatts(law: PowerLaw, load: Float64Array, presence: Float64Array): Float64Array {
  return load.map((value, j) => law.idleWatts + law.floorWatts * (presence[j] ?? 0) + loadWatts(law, value));
}

/** What a sensor shows of the power of steps; NaN where it sees none. */
export function sampledWatts(sampling: SparseRows, steps: Float64Array): Float64Array {
  const shown = multiply(sampling, steps);
  for (let i = 0; i < sampling.count; i++)
    if (sampling.rowStart[i] === sampling.rowStart[i + 1]) shown[i] = Number.NaN;
  return shown;
}
