import { nnls, normalEquations, residualSquare, type SparseRows, standardErrors } from '../../maths/index.js';
import type { PowerTable } from '../../model/index.js';
import type { Finding } from '../account.js';
import type { Occupancy } from '../load/occupancy.js';
import { type Span, spreadJoules } from '../load/spread-joules.js';
import { sampledRows } from '../sensor/sampled-rows.js';
import { samplingRows } from '../sensor/sampling.js';
import { acceleratorUsers } from './accelerator-users.js';
import { idlePower } from './idle.js';
import { type Samples, samplesOf } from './samples.js';

/** Who used the accelerator's power above its idle, step by step, on the clock of the work. */
export interface Accelerator {
  /** Above idle, whoever it was. */
  readonly dynamicWatts: Float64Array;
  /** Watts by step and function. */
  readonly functions: SparseRows;
  /** One standard error of each function's watts, as a part of them. */
  readonly relativeErrors: Float64Array;
}

export interface AcceleratorFound {
  readonly accelerator?: Accelerator;
  readonly findings: readonly Finding[];
}

const ON_TIME = { delaySeconds: 0, smoothingSeconds: 0 };

/**
 * The accelerator's power, divided among the functions that use it: each sample as their running time, weighed by what each
 * usually draws, has it. What it draws while none of them runs is nobody's. Where there is no sample, it is what they
 * usually draw.
 */
export function acceleratorOf(
  power: PowerTable,
  functions: readonly string[],
  named: readonly string[] | undefined,
  occupancy: Occupancy,
): AcceleratorFound {
  const { users, findings } = acceleratorUsers(power.acceleratorWatts, functions, named);
  if (users === undefined || power.acceleratorWatts === undefined) return { findings };
  // An accelerator that sleeps draws nothing: a 0 is a reading.
  const sound = power.acceleratorWatts.map((watts) => (watts >= 0 && watts < Infinity ? watts : Number.NaN));
  const samples = samplesOf(power.t, sound, 0);
  const theirs = onlyOf(occupancy, users);
  const [idleWatts, told] = idleOf(samples, theirs);
  const { weights, errors } = usualWatts(samples, theirs, idleWatts);
  const { steps, rows } = theirs;
  const stepAt = (t: number): number =>
    Math.min(steps.count, Math.max(0, Math.round((t - steps.start) / steps.stepSeconds)));
  const spans = Array.from(samples.ends, (end, i): Span => [stepAt(samples.starts[i] ?? 0), stepAt(end)]);
  const dynamicWatts = new Float64Array(steps.count);
  let missing = 0;
  const shares = spreadJoules(
    theirs,
    spans,
    (k, joules, ran) => {
      const watts = samples.watts[k] ?? Number.NaN;
      if (Number.isNaN(watts)) {
        missing++;
        joules.fill(Number.NaN);
        return;
      }
      const [first, last] = spans[k] ?? [0, 0];
      const above = Math.max(0, watts - idleWatts);
      if (!divide(above * (last - first) * steps.stepSeconds, ran, weights, joules))
        dynamicWatts.fill(above, first, last);
    },
    rows.value.map((running, p) => running * (weights[rows.column[p] ?? 0] ?? 0)),
  );
  const joules = new Float64Array(rows.width);
  for (let j = 0; j < steps.count; j++)
    for (let p = shares.rowStart[j] ?? 0; p < (shares.rowStart[j + 1] ?? 0); p++) {
      dynamicWatts[j] = (dynamicWatts[j] ?? 0) + (shares.value[p] ?? 0);
      joules[shares.column[p] ?? 0] = (joules[shares.column[p] ?? 0] ?? 0) + (shares.value[p] ?? 0);
    }
  const ran = columnSums(theirs.rows);
  return {
    accelerator: {
      dynamicWatts,
      functions: shares,
      // Whoever used it alone has all of it, whatever it usually draws.
      relativeErrors: joules.map((own, f) =>
        own > 0 && users.length > 1 ? Math.min(1, ((errors[f] ?? 0) * (ran[f] ?? 0)) / own) : 0,
      ),
    },
    findings: [...findings, ...told, ...missingFinding(missing, spans.length)],
  };
}

/** Divides what was drawn among those who ran, by what each usually draws. False where none of them did. */
function divide(whole: number, ran: Float64Array, weights: Float64Array, into: Float64Array): boolean {
  let [weighed, seconds] = [0, 0];
  for (const [f, own] of ran.entries()) {
    weighed += own * (weights[f] ?? 0);
    seconds += own;
  }
  if (!(seconds > 0)) return false;
  for (const [f, own] of ran.entries())
    into[f] = (whole * own * (weighed > 0 ? (weights[f] ?? 0) : 1)) / (weighed > 0 ? weighed : seconds);
  return true;
}

/** The occupancy by some functions alone. */
function onlyOf({ rows, steps }: Occupancy, users: readonly number[]): Occupancy {
  const isUser = new Uint8Array(rows.width);
  for (const f of users) isUser[f] = 1;
  const total = new Float64Array(steps.count);
  const rowStart = new Uint32Array(rows.count + 1);
  const [column, value]: [number[], number[]] = [[], []];
  for (let j = 0; j < steps.count; j++) {
    for (let p = rows.rowStart[j] ?? 0; p < (rows.rowStart[j + 1] ?? 0); p++) {
      const f = rows.column[p] ?? 0;
      if (isUser[f] !== 1) continue;
      column.push(f);
      value.push(rows.value[p] ?? 0);
      total[j] = (total[j] ?? 0) + (rows.value[p] ?? 0);
    }
    rowStart[j + 1] = column.length;
  }
  return {
    steps,
    total,
    rows: { ...rows, rowStart, column: Uint32Array.from(column), value: Float64Array.from(value) },
  };
}

/** The accelerator at rest: while none of its functions ran, else the least that it was seen to draw. */
function idleOf(samples: Samples, theirs: Occupancy): [number, Finding[]] {
  const quiet = idlePower(samples, theirs, ON_TIME);
  if (quiet !== undefined) return [quiet.value, []];
  const least = samples.watts.reduce((low, watts) => (watts < low ? watts : low), Number.POSITIVE_INFINITY);
  const message = `the accelerator was never seen at rest: the least that it drew, ${least.toFixed(2)} W, counts as its idle power`;
  return [least, [{ code: 'accelerator-never-idle', message }]];
}

/** Watts that one running invocation of each usually draws, by non-negative least squares. */
function usualWatts(samples: Samples, { rows, steps }: Occupancy, idleWatts: number) {
  const seen = sampledRows(samplingRows(samples, steps, ON_TIME), rows);
  const equations = normalEquations(
    seen,
    samples.watts.map((watts) => watts - idleWatts),
  );
  const { x, free } = nnls(equations);
  const variance = residualSquare(equations, x) / Math.max(1, equations.count - rows.width);
  const errors = standardErrors(equations, { free }, { variance }).map((error, f) =>
    Number.isFinite(error) ? error : (x[f] ?? 0),
  );
  return { weights: x, errors };
}

function columnSums({ width, column, value }: SparseRows): Float64Array {
  const sums = new Float64Array(width);
  for (const [p, who] of column.entries()) sums[who] = (sums[who] ?? 0) + (value[p] ?? 0);
  return sums;
}

const missingFinding = (count: number, of: number): Finding[] =>
  count === 0
    ? []
    : [
        {
          code: 'accelerator-missing',
          message: `${count} of ${of} readings of the accelerator's power are missing: what its functions usually draw counts there`,
          count,
        },
      ];
