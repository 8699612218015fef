import {
  blockedFolds,
  type LinearFit,
  type LinearRows,
  linearSvr,
  pickRows,
  predictRow,
  robustLinear,
  soundRows,
} from '../../maths/index.js';
import { COUNTER_NAMES, type CounterColumns, type CounterName } from './counters.js';
import { curvePart, visibleBends } from './curve.js';
import type { CountedCpuModel, CpuModel, CpuModelMethod } from './model.js';
import { soundColumns } from './sound-counters.js';

/** What the system counted and what the processor drew, row by row. NaN where it is not available or not to be used. */
export interface CpuRows {
  /** How long each row is. */
  readonly seconds: Float64Array;
  readonly counters: CounterColumns;
  /** Mean power over the row. */
  readonly watts: Float64Array;
}

export interface CpuFitOptions {
  /** Logical processors, where known: no more CPU time than that can be. */
  readonly cores?: number | undefined;
}

export interface CpuFit {
  /** Absent where there is none, for `reason`. */
  readonly model?: CpuModel;
  readonly reason?: string;
}

/** Why a model makes do with CPU time where there is nothing else. */
export const NO_COUNTERS = 'there are no performance counters';

export const MIN_ROWS = 30;
/** So many rows at most, spread evenly: a line with six figures needs no more. */
const MAX_ROWS = 500;
const FOLDS = 5;
/** Closer than this the fit's own error hides what is missed. */
const TOLERANCE = 5e-3;
const MAX_ROUNDS = 200;
/** Performance counters must be this part better than CPU time, or the simpler model is taken. */
const WORTH_COUNTERS = 0.02;
/** Counters that are missing in more than this part of the rows are not used. */
const MAX_MISSING = 0.5;

/** What a model of some inputs is fitted to: a feature a rate, then one a bend of the curve. */
interface Design {
  readonly rows: LinearRows;
  readonly inputs: readonly CounterName[];
  readonly bends: readonly number[];
}

function designOf(
  { seconds, watts }: CpuRows,
  counters: CounterColumns,
  inputs: readonly CounterName[],
): Design {
  const rates = inputs.map((name) =>
    counters[name].map((value, row) => value / (seconds[row] ?? Number.NaN)),
  );
  const all: LinearRows = { features: rates, target: watts };
  const sound = soundRows(all);
  const stride = Math.ceil(sound.length / MAX_ROWS);
  const { features, target } = pickRows(
    all,
    sound.filter((_, i) => i % stride === 0),
  );
  // CPU time over time is how many cores were busy.
  const [busy = new Float64Array(0)] = features;
  const bends = visibleBends(busy);
  const parts = bends.map((cores) => busy.map((cpus) => curvePart(cores, cpus)));
  return { rows: { features: [...features, ...parts], target }, inputs, bends };
}

/** Both fits of the same rows. Noise tells what support vector regression may leave out: ε = 3σ·√(ln n / n), after Cherkassky and Ma. */
const FITS: Readonly<Record<CpuModelMethod, (rows: LinearRows) => LinearFit | undefined>> = {
  robust: (rows) => robustLinear(rows, { nonNegative: true }),
  svr: (rows) => {
    const deviation = robustLinear(rows, { nonNegative: true })?.deviation;
    const count = rows.target.length;
    if (deviation === undefined) return undefined;
    return linearSvr(rows, {
      nonNegative: true,
      epsilon: 3 * deviation * Math.sqrt(Math.log(count) / count),
      tolerance: TOLERANCE,
      maxRounds: MAX_ROUNDS,
    });
  },
};

/** Mean error on stretches of time that a fit has not seen, relative to mean power. Infinity where it can't be fitted without them. */
function unseenError(rows: LinearRows, method: CpuModelMethod): number {
  let [error, total] = [0, 0];
  for (const { train, test } of blockedFolds(rows.target.length, FOLDS)) {
    const fit = FITS[method](pickRows(rows, train));
    if (fit === undefined) return Number.POSITIVE_INFINITY;
    for (const row of test) {
      const watts = rows.target[row] ?? 0;
      error += Math.abs(watts - predictRow(fit, rows.features, row));
      total += Math.abs(watts);
    }
  }
  return error / total;
}

/** The better of both methods for these inputs. */
function bestFit({ rows, inputs, bends }: Design): CountedCpuModel | undefined {
  const errors = { robust: unseenError(rows, 'robust'), svr: unseenError(rows, 'svr') };
  const method: CpuModelMethod = errors.svr < errors.robust ? 'svr' : 'robust';
  const fit = FITS[method](rows);
  if (fit === undefined || !Number.isFinite(errors[method])) return undefined;
  return {
    method,
    inputs,
    joulesPerUnit: [...fit.coefficients.subarray(0, inputs.length)],
    curve: bends
      .map((cores, i) => ({ cores, watts: fit.coefficients[inputs.length + i] ?? 0 }))
      .filter(({ watts }) => watts > 0),
    idleWatts: fit.intercept,
    relativeError: errors[method],
    rows: rows.target.length,
  };
}

/** Whether a model says that work takes power at all. */
const saysSomething = (model: CountedCpuModel | undefined): model is CountedCpuModel =>
  model !== undefined && (model.joulesPerUnit.some((joules) => joules > 0) || model.curve.length > 0);

/** Performance counters of which most rows tell. */
function toldCounters(counters: CounterColumns, watts: Float64Array): CounterName[] {
  const usable = watts.filter(Number.isFinite).length;
  return COUNTER_NAMES.filter((name) => {
    if (name === 'cpuSeconds') return false;
    const told = counters[name].filter((value, row) => Number.isFinite(value) && Number.isFinite(watts[row]));
    return told.length > MAX_MISSING * usable && told.some((value) => value > 0);
  });
}

/**
 * The power of the processor from what the system counted: from performance counters and CPU time where those predict
 * better than CPU time alone on time they have not seen, by the method that does so best.
 */
export function fitCpuModel(rows: CpuRows, { cores }: CpuFitOptions = {}): CpuFit {
  const capacity = cores === undefined ? undefined : rows.seconds.map((seconds) => seconds * cores);
  const counters = soundColumns(rows.counters, capacity);
  const time = designOf(rows, counters, ['cpuSeconds']);
  const usable = time.rows.target.length;
  if (usable < MIN_ROWS)
    return { reason: `${usable} rows tell both CPU time and CPU power; a model needs ${MIN_ROWS}` };
  const fromTime = bestFit(time);
  if (!saysSomething(fromTime)) return { reason: 'CPU power does not grow with CPU time in these rows' };
  const told = toldCounters(counters, rows.watts);
  if (told.length === 0) return { model: { ...fromTime, fromTime, reason: NO_COUNTERS } };
  const counted = designOf(rows, counters, ['cpuSeconds', ...told]);
  const fromCounters = counted.rows.target.length < MIN_ROWS ? undefined : bestFit(counted);
  if (!saysSomething(fromCounters))
    return { model: { ...fromTime, fromTime, reason: 'too few rows have sound performance counters' } };
  // Both on the same rows.
  const timeError = unseenError(withoutCounters(counted), fromTime.method);
  if (fromCounters.relativeError > (1 - WORTH_COUNTERS) * timeError)
    return {
      model: { ...fromTime, fromTime, reason: 'performance counters predict no better than CPU time' },
    };
  return { model: { ...fromCounters, fromTime } };
}

const withoutCounters = ({ rows, inputs }: Design): LinearRows => ({
  ...rows,
  features: rows.features.filter((_, k) => k === 0 || k >= inputs.length),
});
