import { multiply, type SparseRows } from '../../maths/index.js';
import { beside } from '../load/beside.js';
import { combined } from '../load/combined.js';
import type { CpuCourse } from '../load/cpu-course.js';
import type { Occupancy } from '../load/occupancy.js';
import type { Explained } from './explain-power.js';
import type { Sighting } from './observation.js';
import { explainAsPublished } from './published.js';

/**
 * The published combination: the processor's power goes by counters to who used it, and what the machine draws beside the
 * processor in proportion to running time, one weight a function. Both become one load in watts, whose weight is 1.
 */
export function explainCombined(
  sighting: Sighting,
  { rows }: Occupancy,
  cpu: CpuCourse,
  idleWatts: number,
): Explained {
  const shown = multiply(sighting.sampling, cpu.dynamicWatts);
  const restWatts = sighting.watts.map((value, i) => value - (shown[i] ?? Number.NaN));
  const rest = explainAsPublished({ ...sighting, watts: restWatts }, rows, idleWatts);
  const { fit } = rest.chosen;
  const ones = new Float64Array(rows.width).fill(1);
  const own = combined(rows, fit.weights, cpu.functions, ones);
  const loads = beside(own, cpu.shared);
  const weights = new Float64Array(loads.width).fill(1);
  const nothing = new Float64Array(loads.width);
  return {
    sighting,
    chosen: {
      ...rest.chosen,
      loads,
      fit: {
        ...fit,
        weights,
        errors: errorsOf(loads, rows, fit.errors, cpu),
        predicted: fit.predicted.map((value, i) => value + (shown[i] ?? Number.NaN)),
      },
      prior: { watts: nothing, deviation: nothing },
    },
    rivals: [],
    findings: cpu.findings,
    method: `CPU power by ${cpu.method}, what is beside it by non-negative least squares on running time, as published (combined)`,
  };
}

/** Of a weight that is 1 by definition: what the parts of its load may be off by, as a part of it. */
function errorsOf(
  loads: SparseRows,
  running: SparseRows,
  restErrors: Float64Array,
  { functions, relativeError }: CpuCourse,
): Float64Array {
  const [whole, ran, counted] = [loads, running, functions].map((rows) => sums(rows)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  return whole.map((load, f) =>
    load > 0
      ? Math.hypot((restErrors[f] ?? 0) * (ran[f] ?? 0), relativeError * (counted[f] ?? load)) / load
      : 0,
  );
}

function sums({ width, column, value }: SparseRows): Float64Array {
  const all = new Float64Array(width);
  for (const [p, who] of column.entries()) all[who] = (all[who] ?? 0) + (value[p] ?? 0);
  return all;
}
