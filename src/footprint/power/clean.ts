import { GAP_INTERVALS, median } from '../../maths/index.js';
import type { PowerTable, TraceDescription } from '../../model/index.js';
import type { Finding } from '../account.js';
import { countMarks, type PowerGap, PowerMark, type PowerMarkName, type PowerMarks } from './marks.js';
import { findSpikes } from './spikes.js';
import { findStale, stepOf } from './stale.js';
import { sustainedRange } from './sustained.js';

export interface CleanOptions {
  /** What the column is of, for the findings. */
  readonly name?: string;
  /** How many times its rest a machine may draw at most, for readings that the record itself can't judge. */
  readonly range?: number;
  /** Its power at rest, where that is known: then a reading far below it is a fault. */
  readonly idleWatts?: number | undefined;
}

/** Of 1,088 published SPECpower results none is of a machine that draws more than 11.4 times its idle power. */
const SYSTEM_RANGE = 12;
/** A processor sleeps far deeper than a whole machine: below a watt, and wakes to tens of them. */
const CPU_RANGE = 100;

const WHAT: Readonly<Record<Exclude<PowerMarkName, 'good'>, string>> = {
  missing: 'blank',
  infinite: 'not finite',
  negative: 'negative',
  zero: 'zero',
  spike: 'spikes that stand alone where the machine cannot have been',
  stale: 'repeated by the sensor, not read anew',
  disorder: 'not later than the one before',
};

/** What a reading says by itself. */
function markAlone(t: Float64Array, watts: Float64Array): Uint8Array {
  let last = Number.NEGATIVE_INFINITY;
  return Uint8Array.from(watts, (value, row) => {
    const at = t[row] ?? Number.NaN;
    if (!(Number.isFinite(at) && at > last)) return PowerMark.disorder;
    last = at;
    if (Number.isNaN(value)) return PowerMark.missing;
    if (!Number.isFinite(value)) return PowerMark.infinite;
    return value < 0 ? PowerMark.negative : PowerMark.good;
  });
}

const goodRows = (marks: Uint8Array): Uint32Array =>
  Uint32Array.from(marks.keys()).filter((row) => marks[row] === PowerMark.good);

const pick = (values: Float64Array, rows: Uint32Array): Float64Array =>
  Float64Array.from(rows, (row) => values[row] ?? Number.NaN);

/** Zeros, unless the sensor's step is so coarse that it rounds a small power to nothing. */
function markZeros(watts: Float64Array, marks: Uint8Array): void {
  const rows = goodRows(marks);
  const values = pick(watts, rows);
  const least = values.reduce(
    (min, value) => (value > 0 ? Math.min(min, value) : min),
    Number.POSITIVE_INFINITY,
  );
  if (least <= 1.5 * stepOf(values)) return;
  for (const row of rows) if (watts[row] === 0) marks[row] = PowerMark.zero;
}

/** Stretches between usable readings that are much longer than usual. */
function gapsOf(t: Float64Array, marks: Uint8Array): PowerGap[] {
  const times = pick(t, goodRows(marks));
  const usual = median(times.subarray(1).map((at, i) => at - (times[i] ?? Number.NaN)));
  const gaps: PowerGap[] = [];
  for (let i = 1; i < times.length; i++) {
    const [from, to] = [times[i - 1] ?? Number.NaN, times[i] ?? Number.NaN];
    if (to - from > GAP_INTERVALS * usual) gaps.push({ from, to });
  }
  return gaps;
}

/** Marks the readings of a column of power that can't be used, with the reason. The column stays as it is. */
export function cleanPower(t: Float64Array, watts: Float64Array, options: CleanOptions = {}): PowerMarks {
  const { name = 'power', range = SYSTEM_RANGE, idleWatts } = options;
  const marks = markAlone(t, watts);
  markZeros(watts, marks);
  const findings: Finding[] = [];

  const rows = goodRows(marks);
  const values = pick(watts, rows);
  const { runs, held } = findStale(values, sustainedRange(values));
  for (const { from, to } of runs) for (const row of rows.subarray(from, to)) marks[row] = PowerMark.stale;
  if (held > 1) findings.push(heldFinding(name, held));

  const freshRows = goodRows(marks);
  const fresh = pick(watts, freshRows);
  const { places, tooMany } = findSpikes(fresh, sustainedRange(fresh), {
    range,
    step: stepOf(fresh),
    rest: idleWatts,
  });
  for (const place of places) marks[freshRows[place] ?? 0] = PowerMark.spike;
  if (tooMany !== undefined) findings.push(tooManyFinding(name, tooMany, fresh.length));

  const counts = countMarks(marks);
  for (const [mark, what] of Object.entries(WHAT) as [Exclude<PowerMarkName, 'good'>, string][])
    if (counts[mark] > 0)
      findings.push({
        code: `power-${mark}`,
        message: `${counts[mark]} of ${marks.length} readings of ${name} are ${what}`,
        count: counts[mark],
      });
  const step = stepOf(values);
  return { marks, counts, gaps: gapsOf(t, marks), findings, ...(step > 0 ? { stepWatts: step } : {}) };
}

const heldFinding = (name: string, held: number): Finding => ({
  code: 'power-held',
  message: `The sensor of ${name} gives a new reading only every ${held} rows`,
});

const tooManyFinding = (name: string, count: number, of: number): Finding => ({
  code: 'power-spikes-kept',
  message: `${count} of ${of} readings of ${name} look like spikes, too many to be faults: they are kept`,
  count,
});

export interface CleanPowerTable {
  readonly system: PowerMarks;
  readonly cpu: PowerMarks;
}

/** Both columns of a trace. */
export function cleanPowerTable(
  { t, systemWatts, cpuWatts }: PowerTable,
  { idleWatts, idleCpuWatts }: Pick<TraceDescription, 'idleWatts' | 'idleCpuWatts'> = {},
): CleanPowerTable {
  return {
    system: cleanPower(t, systemWatts, { name: 'system power', idleWatts }),
    cpu: cleanPower(t, cpuWatts, { name: 'CPU power', range: CPU_RANGE, idleWatts: idleCpuWatts }),
  };
}
