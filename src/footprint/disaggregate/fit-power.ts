import {
  autocorrelationInflation,
  multiply,
  type NormalEquations,
  nnls,
  normalEquations,
  standardErrors,
} from '../../maths/index.js';
import { errorsOfFew } from './few-samples.js';
import { meanWattsPerLoad } from './mean-watts.js';
import type { FitOptions, PowerData, PowerFit } from './power-data.js';
import type { PowerLaw } from './power-law.js';
import { examine, misfitWatts, type Residuals } from './residuals.js';
import { tangents } from './tangents.js';
import { type Layout, lawOf, layoutOf, unknownsOf } from './unknowns.js';

const ROUNDS = 12;
/** A ridge this small against the largest column lets principals that always run together share evenly. */
const LEAST_RIDGE = 1e-12;

/**
 * Fits a power law and the weights of principals to samples of power: least squares with outliers counting less, nothing
 * negative, weights pulled to their prior as strongly as the noise asks for (Gauss and Newton, with steps that must help).
 */
export function fitPower(data: PowerData, options: FitOptions): PowerFit {
  const width = data.loads.width;
  const layout = layoutOf(width, options);
  let weights: Float64Array = options.start?.weights ?? firstWeights(data, options);
  let law: PowerLaw = {
    idleWatts: options.idleWatts ?? options.start?.law.idleWatts ?? lowest(data.watts),
    floorWatts: options.floor ? (options.start?.law.floorWatts ?? 0) : 0,
    bend: options.bend ? (options.start?.law.bend ?? 0) : 0,
    ...(options.course && { course: options.course }),
  };
  let state = examine(data, law, weights);
  let inflation = 1;
  let ridge: Float64Array = new Float64Array(layout.size);
  let equations: NormalEquations | undefined;
  for (let round = 0; round < (options.rounds ?? ROUNDS); round++) {
    inflation = autocorrelationInflation(state.residuals);
    ridge = ridgeOf(options, layout, noise());
    const rows = tangents(data, layout, law, state.load);
    const now = unknownsOf(layout, law, weights);
    const shown = multiply(rows, now);
    const target = state.residuals.map((residual, i) => residual + (shown[i] ?? 0));
    equations = normalEquations(rows, target, state.importance);
    const scale = equations.gram.reduce((most, value) => Math.max(most, value), 0);
    const { x } = nnls(equations, {
      ridge: ridge.map((value) => value + LEAST_RIDGE * scale),
      prior: priorOf(options, layout),
      start: now,
    });
    const before = costOf(state, now, ridge, options, layout);
    let step = 1;
    let next = state;
    let moved = x;
    for (; step > 1e-3; step /= 2) {
      moved = now.map((value, u) => value + step * ((x[u] ?? 0) - value));
      next = examine(data, lawOf(layout, options, moved), moved.slice(0, width));
      if (costOf(next, moved, ridge, options, layout) <= before * (1 + 1e-12)) break;
    }
    const gain = 1 - costOf(next, moved, ridge, options, layout) / before;
    if (!(gain >= 0)) break;
    law = lawOf(layout, options, moved);
    weights = moved.slice(0, width);
    state = next;
    if (gain < 1e-7) break;
  }
  const errors = options.errors === false ? new Float64Array(0) : errorsOf();
  return {
    law,
    weights,
    errors,
    predicted: state.predicted,
    square: state.square,
    count: state.count,
    variance: state.variance,
    inflation,
  };

  /** Of a residual, for what it says of weights: no law is closer to a machine than its misfit, however small its residuals. */
  function noise(): number {
    return inflation * Math.max(state.variance, misfitWatts(data.watts, law) ** 2);
  }

  function errorsOf(): Float64Array {
    // Those of the last round's tangents, where there was one: the law has hardly moved since.
    const last =
      equations ??
      normalEquations(tangents(data, layout, law, state.load), state.residuals, state.importance);
    const free = unknownsOf(layout, law, weights);
    const variance = noise();
    const errors = standardErrors(
      last,
      { free: Uint8Array.from(free, (value) => (value > 0 ? 1 : 0)) },
      { variance, ridge },
    ).slice(0, width);
    if (options.prior === undefined) return errors;
    return errorsOfFew(errors, options.prior.deviation, state.count, layout.size - width);
  }
}

function ridgeOf({ prior }: FitOptions, layout: Layout, variance: number): Float64Array {
  const ridge = new Float64Array(layout.size);
  if (prior !== undefined)
    for (let f = 0; f < layout.width; f++) ridge[f] = variance / (prior.deviation[f] ?? 1) ** 2;
  return ridge;
}

function priorOf({ prior }: FitOptions, layout: Layout): Float64Array {
  const all = new Float64Array(layout.size);
  if (prior !== undefined) all.set(prior.watts);
  return all;
}

function costOf(
  state: Residuals,
  all: Float64Array,
  ridge: Float64Array,
  { prior }: FitOptions,
  { width }: Layout,
): number {
  let cost = state.robustSquare;
  if (prior !== undefined)
    for (let f = 0; f < width; f++) cost += (ridge[f] ?? 0) * ((all[f] ?? 0) - (prior.watts[f] ?? 0)) ** 2;
  return cost;
}

/** 0 where no sample is to be fitted. */
function lowest(watts: Float64Array): number {
  const least = watts.reduce((low, value) => (value < low ? value : low), Number.POSITIVE_INFINITY);
  return Number.isFinite(least) ? least : 0;
}

/** The same watts per load for all: what makes the mean power right. */
function firstWeights(data: PowerData, { idleWatts }: FitOptions): Float64Array {
  return new Float64Array(data.loads.width).fill(meanWattsPerLoad(data, idleWatts ?? lowest(data.watts)));
}
