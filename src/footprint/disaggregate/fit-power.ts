import {
  autocorrelationInflation,
  median,
  multiply,
  type NormalEquations,
  nnls,
  normalEquations,
  type SparseRows,
  standardErrors,
} from '../../maths/index.js';
import { errorsOfFew } from './few-samples.js';
import { bendSlope, type ConcaveCourse, loadWatts, type PowerLaw, slopeAt } from './power-law.js';

/** What the power is explained by. */
export interface PowerData {
  /** Mean watts of each sample; NaN for those that are not to be used. */
  readonly watts: Float64Array;
  /** What part of each step each sample shows. */
  readonly sampling: SparseRows;
  /** Load of each principal, step by step. */
  readonly loads: SparseRows;
  /** How present any work is in each step, 0 to 1. */
  readonly presence: Float64Array;
}

export interface FitOptions {
  /** Known idle power; found with the rest when absent. */
  readonly idleWatts?: number;
  readonly floor: boolean;
  readonly bend: boolean;
  /** Watts per load that each principal is held to have before anything is seen, and how far it may be off. */
  readonly prior?: { readonly watts: Float64Array; readonly deviation: Float64Array };
  /** A course that is kept as it is, instead of a bend. */
  readonly course?: ConcaveCourse;
  /** Where to start. */
  readonly start?: { readonly law: PowerLaw; readonly weights: Float64Array };
  readonly rounds?: number;
  /** Whether errors of the weights are wanted; they cost as much as a round. */
  readonly errors?: boolean;
}

export interface PowerFit {
  readonly law: PowerLaw;
  /** Watts that one unit of each principal's load adds to a nearly empty machine. */
  readonly weights: Float64Array;
  /** One standard error each; empty where they were not wanted. */
  readonly errors: Float64Array;
  /** Predicted watts of every sample; NaN where the sampling sees nothing. */
  readonly predicted: Float64Array;
  /** Sum of squares of the residuals over the samples used, and their number. */
  readonly square: number;
  readonly count: number;
  /** Of one residual, and by how much neighbouring ones err alike. */
  readonly variance: number;
  readonly inflation: number;
}

const ROUNDS = 12;
/** A law is off by about this part of the power above idle, and not at random: on a machine that is always full, residuals are small and say nothing. */
const MISFIT = 0.03;
/** A residual beyond so many deviations counts less (Huber). */
const HUBER = 2.5;
/** A ridge this small against the largest column lets principals that always run together share evenly. */
const LEAST_RIDGE = 1e-6;
/** Of residuals, in square watts: what a few samples fit exactly says no less of noise than this, and leaves the prior its say. */
const LEAST_VARIANCE = 1e-12;

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

/** The unknowns of a fit and where they stand among the columns. */
interface Layout {
  readonly width: number;
  readonly size: number;
  readonly floor: number;
  readonly bend: number;
  readonly idle: number;
}

function layoutOf(width: number, { floor, bend, course, idleWatts }: FitOptions): Layout {
  let next = width;
  return {
    width,
    floor: floor ? next++ : -1,
    bend: bend && course === undefined ? next++ : -1,
    idle: idleWatts === undefined ? next++ : -1,
    size: next,
  };
}

/** How the shown power changes with every unknown: one sparse row a sample. */
function tangents(data: PowerData, layout: Layout, law: PowerLaw, load: Float64Array): SparseRows {
  const { sampling, loads, presence } = data;
  const sums = new Float64Array(layout.size);
  const rowStart = new Uint32Array(sampling.count + 1);
  const [column, value]: [number[], number[]] = [[], []];
  const touched: number[] = [];
  const add = (unknown: number, amount: number): void => {
    if (unknown < 0 || amount === 0) return;
    if (sums[unknown] === 0) touched.push(unknown);
    sums[unknown] = (sums[unknown] ?? 0) + amount;
  };
  for (let i = 0; i < sampling.count; i++) {
    const from = sampling.rowStart[i] ?? 0;
    const to = sampling.rowStart[i + 1] ?? 0;
    if (Number.isFinite(data.watts[i]) && to > from) {
      for (let k = from; k < to; k++) {
        const j = sampling.column[k] ?? 0;
        const weight = sampling.value[k] ?? 0;
        const slope = weight * slopeAt(law, load[j] ?? 0);
        for (let p = loads.rowStart[j] ?? 0; p < (loads.rowStart[j + 1] ?? 0); p++)
          add(loads.column[p] ?? 0, slope * (loads.value[p] ?? 0));
        add(layout.floor, weight * (presence[j] ?? 0));
        if (layout.bend >= 0) add(layout.bend, weight * bendSlope(law.bend, load[j] ?? 0));
        add(layout.idle, weight);
      }
      touched.sort((a, b) => a - b);
      for (const unknown of touched) {
        column.push(unknown);
        value.push(sums[unknown] ?? 0);
        sums[unknown] = 0;
      }
      touched.length = 0;
    }
    rowStart[i + 1] = column.length;
  }
  return {
    count: sampling.count,
    width: layout.size,
    rowStart,
    column: Uint32Array.from(column),
    value: Float64Array.from(value),
  };
}

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
      ridge: ridge.map((value) => value + LEAST_RIDGE * scale * 1e-6),
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
    return inflation * Math.max(state.variance, (MISFIT * usualAbove(data.watts, law.idleWatts)) ** 2);
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

/** The root of the mean square of power above idle. */
function usualAbove(watts: Float64Array, idleWatts: number): number {
  let [square, count] = [0, 0];
  for (const value of watts) {
    if (!Number.isFinite(value)) continue;
    square += (value - idleWatts) ** 2;
    count++;
  }
  return Math.sqrt(square / Math.max(1, count));
}

interface State {
  readonly load: Float64Array;
  readonly predicted: Float64Array;
  readonly residuals: Float64Array;
  readonly importance: Float64Array;
  readonly square: number;
  readonly robustSquare: number;
  readonly count: number;
  readonly variance: number;
}

function examine(
  { watts, sampling, loads, presence }: PowerData,
  law: PowerLaw,
  weights: Float64Array,
): State {
  const load = stepLoads(loads, weights);
  const predicted = sampledWatts(sampling, stepWatts(law, load, presence));
  const residuals = watts.map((value, i) => value - (predicted[i] ?? Number.NaN));
  const sizes = residuals.filter(Number.isFinite).map(Math.abs);
  // Where most residuals are nothing, as on a machine that mostly rests, the others are no outliers for that.
  const deviation =
    Math.max(1.4826 * (median(sizes) || 0), MISFIT * usualAbove(watts, law.idleWatts)) || 1e-9;
  const importance = residuals.map((value) =>
    Number.isFinite(value) ? Math.min(1, (HUBER * deviation) / Math.max(Math.abs(value), 1e-300)) : 0,
  );
  let [square, robustSquare] = [0, 0];
  for (const size of sizes) {
    square += size * size;
    const limit = HUBER * deviation;
    robustSquare += size <= limit ? size * size : limit * (2 * size - limit);
  }
  const count = sizes.length;
  return {
    load,
    predicted,
    residuals,
    importance,
    square,
    robustSquare,
    count,
    variance: Math.max(LEAST_VARIANCE, robustSquare / Math.max(1, count)),
  };
}

function unknownsOf(layout: Layout, law: PowerLaw, weights: Float64Array): Float64Array {
  const all = new Float64Array(layout.size);
  all.set(weights);
  if (layout.floor >= 0) all[layout.floor] = law.floorWatts;
  if (layout.bend >= 0) all[layout.bend] = law.bend;
  if (layout.idle >= 0) all[layout.idle] = law.idleWatts;
  return all;
}

function lawOf(layout: Layout, { idleWatts, course }: FitOptions, all: Float64Array): PowerLaw {
  return {
    idleWatts: idleWatts ?? all[layout.idle] ?? 0,
    floorWatts: layout.floor >= 0 ? (all[layout.floor] ?? 0) : 0,
    bend: layout.bend >= 0 ? (all[layout.bend] ?? 0) : 0,
    ...(course && { course }),
  };
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
  state: State,
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
function firstWeights({ watts, sampling, loads }: PowerData, { idleWatts }: FitOptions): Float64Array {
  const load = sampledWatts(sampling, stepLoads(loads, new Float64Array(loads.width).fill(1)));
  const idle = idleWatts ?? lowest(watts);
  let [energy, amount] = [0, 0];
  for (const [i, value] of load.entries()) {
    if (!Number.isFinite(value) || !Number.isFinite(watts[i])) continue;
    energy += (watts[i] ?? 0) - idle;
    amount += value;
  }
  return new Float64Array(loads.width).fill(amount > 0 ? Math.max(0, energy / amount) : 0);
}
