import { ErrorCode, WattloopError } from '../../errors/index.js';
import type { SparseRows } from '../../maths/index.js';
import type { Trace } from '../../model/index.js';
import type { Finding } from '../account.js';
import { fitCpuModel } from '../cpu-model/fit.js';
import { functionCpuWatts } from '../cpu-model/function-cpu-watts.js';
import { cpuRowsOf, UsageTicks } from '../cpu-model/usage-ticks.js';
import type { Occupancy } from './occupancy.js';
import { type Span, spreadJoules } from './spread-joules.js';

/** Who used the processor's power above idle, step by step, on the clock of the work. */
export interface CpuCourse {
  /** Of the whole processor, measured where it was; NaN where no usage tells. */
  readonly dynamicWatts: Float64Array;
  /** Watts by step and function: the entries of the occupancy. */
  readonly functions: SparseRows;
  /** Watts by step and shared principal. */
  readonly shared: SparseRows;
  /** How far the model's power is off, as a part. */
  readonly relativeError: number;
  readonly method: string;
  readonly findings: readonly Finding[];
}

const FUNCTION_PREFIX = 'fn:';

/** The processor's power by who used it, by a model on counters. An error where the trace doesn't tell enough for one. */
export function cpuCourse(
  { usage, power, invocations, description }: Trace,
  occupancy: Occupancy,
  sharedNames: readonly string[],
  idleCpuWatts: number | undefined,
): CpuCourse {
  if (usage === undefined)
    throw refusal(
      'the trace has no usage of the processor',
      'Record usage.csv beside it (t,principal,cpu_s and counters where there are any)',
    );
  if (!power.cpuWatts.some(Number.isFinite))
    throw refusal('the trace has no CPU power', 'Fill the column cpu_w of power.csv, from RAPL say');
  const rows = cpuRowsOf(usage, power);
  const { model, reason = '' } = fitCpuModel(rows, { cores: description.cores });
  if (model === undefined)
    throw refusal(
      `no model of CPU power can be found: ${reason}`,
      'Record for longer, with usage and CPU power at the same times',
    );
  const ticks = new UsageTicks(usage);
  const places = ticks.principals.map((name) =>
    name.startsWith(FUNCTION_PREFIX) ? invocations.functions.indexOf(name.slice(FUNCTION_PREFIX.length)) : -1,
  );
  const sharedPlaces = sharedNames.map((name) => ticks.principals.indexOf(name));
  const { steps } = occupancy;
  const stepAt = (t: number): number =>
    Math.min(steps.count, Math.max(0, Math.round((t - steps.start) / steps.stepSeconds)));
  const dynamicWatts = new Float64Array(steps.count).fill(Number.NaN);
  const sharedWatts = sharedNames.map(() => new Float64Array(steps.count));
  const spans = Array.from(ticks.times, (t, k): Span => [stepAt(t - (ticks.seconds[k] ?? 0)), stepAt(t)]);
  let [untold, estimated] = [0, 0];
  let method = '';
  const functions = spreadJoules(occupancy, spans, (k, joules, ran) => {
    const shares = functionCpuWatts(model, { ...ticks.at(k), cpuWatts: rows.watts[k], idleCpuWatts });
    const [first, last] = spans[k] ?? [0, 0];
    if (shares === undefined) {
      untold++;
      return;
    }
    method = shares.method;
    if (shares.estimated.length + shares.unknown.length > 0) estimated++;
    const seconds = (last - first) * steps.stepSeconds;
    // Power of functions is drawn when they run; what is not theirs, at any time.
    let others = shares.totalWatts - shares.idleWatts;
    for (const [place, f] of places.entries()) {
      if (f < 0 || !((ran[f] ?? 0) > 0)) continue;
      joules[f] = (shares.watts[place] ?? 0) * seconds;
      others -= shares.watts[place] ?? 0;
    }
    dynamicWatts.fill(others, first, last);
    for (const [s, place] of sharedPlaces.entries())
      if (place >= 0) sharedWatts[s]?.fill(shares.watts[place] ?? 0, first, last);
  });
  for (let j = 0; j < steps.count; j++)
    for (let p = functions.rowStart[j] ?? 0; p < (functions.rowStart[j + 1] ?? 0); p++)
      dynamicWatts[j] = (dynamicWatts[j] ?? 0) + (functions.value[p] ?? 0);
  return {
    dynamicWatts,
    functions,
    shared: columnsOf(sharedWatts, steps.count),
    relativeError: model.relativeError,
    method: `a ${method}, off by ${(100 * model.relativeError).toFixed(1)} %`,
    findings: [
      ...told(untold, spans.length, "have no usable figures: their CPU power is nobody's", 'cpu-untold'),
      ...told(
        estimated,
        spans.length,
        'lack counters of someone, whose CPU time counts instead',
        'cpu-estimated',
      ),
    ],
  };
}

const told = (count: number, of: number, what: string, code: string): Finding[] =>
  count === 0 ? [] : [{ code, message: `${count} of ${of} samples of usage ${what}`, count }];

const refusal = (why: string, remedy: string): WattloopError =>
  new WattloopError(ErrorCode.badInput, `the mode "combined" can't be used: ${why}`, {
    remedy: `${remedy}, or choose another mode`,
  });

function columnsOf(columns: readonly Float64Array[], count: number): SparseRows {
  const rowStart = new Uint32Array(count + 1);
  const [column, value]: [number[], number[]] = [[], []];
  for (let j = 0; j < count; j++) {
    for (const [k, watts] of columns.entries()) {
      if (!((watts[j] ?? 0) > 0)) continue;
      column.push(k);
      value.push(watts[j] ?? 0);
    }
    rowStart[j + 1] = column.length;
  }
  return {
    count,
    width: columns.length,
    rowStart,
    column: Uint32Array.from(column),
    value: Float64Array.from(value),
  };
}
