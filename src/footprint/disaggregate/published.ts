import {
  multiply,
  nnls,
  normalEquations,
  residualSquare,
  type SparseRows,
  standardErrors,
} from '../../maths/index.js';
import { sampledRows } from '../sensor/sampled-rows.js';
import type { Explained } from './explain-power.js';
import type { Sighting } from './observation.js';

/**
 * The published disaggregation: power in proportion to running time, one weight a function, by non-negative least squares
 * on the seconds that each ran in each sample. Nothing is known of floors or contention.
 */
export function explainAsPublished(sighting: Sighting, loads: SparseRows, idleWatts: number): Explained {
  const rows = sampledRows(sighting.sampling, loads);
  const target = sighting.watts.map((value, i) =>
    sighting.sampling.rowStart[i] === sighting.sampling.rowStart[i + 1] ? Number.NaN : value - idleWatts,
  );
  const equations = normalEquations(rows, target);
  const { x, free } = nnls(equations);
  const square = residualSquare(equations, x);
  const variance = square / Math.max(1, equations.count - loads.width);
  const predicted = multiply(rows, x).map((value, i) =>
    Number.isNaN(target[i]) ? Number.NaN : value + idleWatts,
  );
  // What can't be told from the others may be as much as any of them.
  const most = x.reduce((largest, watts) => Math.max(largest, watts), 0);
  const errors = standardErrors(equations, { free }, { variance }).map((error) =>
    Number.isFinite(error) ? error : most,
  );
  const fit = {
    law: { idleWatts, floorWatts: 0, bend: 0 },
    weights: x,
    errors,
    predicted,
    square,
    count: equations.count,
    variance,
    inflation: 1,
  };
  const nothing = new Float64Array(loads.width);
  return {
    sighting,
    chosen: {
      part: 0,
      beside: true,
      contends: false,
      loads,
      fit,
      prior: { watts: nothing, deviation: nothing },
    },
    rivals: [],
  };
}
