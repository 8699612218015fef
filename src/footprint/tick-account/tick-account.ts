import { PowerIntegral, type PowerSeries } from '../../maths/index.js';
import type { Finding } from '../account.js';
import type { SensorResponse } from '../sensor/sampling.js';
import type { TickEnergies } from '../shares/tick-energies.js';
import { type TickParts, tickWindows } from './tick-parts.js';

export interface TickAccount {
  readonly energies: TickEnergies;
  /** Joules by entry: the principal's part of the bend, which is contained in its work. */
  readonly bendJoules: Float64Array;
  /** Watts that the law says, tick by tick. */
  readonly predictedWatts: Float64Array;
  /** Watts measured, tick by tick; NaN where there is no sample. */
  readonly measuredWatts: Float64Array;
  readonly findings: readonly Finding[];
}

export interface TickAccountInput {
  readonly parts: TickParts;
  readonly series: PowerSeries;
  readonly response: SensorResponse;
  readonly idleWatts: number;
  /** Deviation of a tick's power from what the law says. */
  readonly deviationWatts: number;
  readonly embodiedGrams?: Float64Array;
  /** Whether the parts are fitted to each tick's measured energy; else what they miss is unattributed, and may be negative. */
  readonly fit: boolean;
}

/** What exceeds the law by more than so many deviations is no work of those who were there. */
const BEYOND = 4;

/**
 * The measured energy of every tick, and what it is made of. The law says in which proportions; together the parts are what
 * was measured, unless that is far more than the law can explain: then the rest is nobody's.
 */
export function tickAccount(input: TickAccountInput): TickAccount {
  const { parts, series, response, idleWatts, deviationWatts } = input;
  const { rows } = parts;
  const windows = tickWindows(rows, response);
  const measuredWatts = new PowerIntegral(series).means(windows, 0, new Float64Array(rows.count));
  const predictedWatts = new Float64Array(rows.count);
  const work = new Float64Array(rows.column.length);
  const bend = new Float64Array(rows.column.length);
  const [floor, idle, measured] = [0, 1, 2].map(() => new Float64Array(rows.count)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  let [filledTicks, filledJoules] = [0, 0];
  for (let tick = 0; tick < rows.count; tick++) {
    const [from, to] = [rows.rowStart[tick] ?? 0, rows.rowStart[tick + 1] ?? 0];
    let dynamic = parts.floorWatts[tick] ?? 0;
    for (let p = from; p < to; p++) dynamic += parts.workWatts[p] ?? 0;
    const apart = parts.apartWatts?.byTick[tick] ?? 0;
    const predicted = idleWatts + dynamic + apart;
    predictedWatts[tick] = predicted;
    const seen = measuredWatts[tick] ?? Number.NaN;
    const watts = Number.isNaN(seen) ? predicted : seen;
    if (Number.isNaN(seen)) {
      filledTicks++;
      filledJoules += predicted * rows.tickSeconds;
    }
    const resting = Math.min(idleWatts, watts);
    const most = dynamic + BEYOND * deviationWatts;
    // What was measured apart stands, as long as the whole leaves room for it; the law has the rest.
    const room = watts - resting;
    const known = input.fit ? Math.min(apart, room) : apart;
    const scale = input.fit && dynamic > 0 ? Math.min(room - known, most) / dynamic : 1;
    const ownScale = apart > 0 ? known / apart : 1;
    for (let p = from; p < to; p++) {
      const own = (parts.apartWatts?.byEntry[p] ?? 0) * ownScale;
      work[p] = ((parts.workWatts[p] ?? 0) * scale + own) * rows.tickSeconds;
      bend[p] = (parts.bendWatts[p] ?? 0) * scale * rows.tickSeconds;
    }
    floor[tick] = (parts.floorWatts[tick] ?? 0) * scale * rows.tickSeconds;
    idle[tick] = resting * rows.tickSeconds;
    measured[tick] = watts * rows.tickSeconds;
  }
  return {
    bendJoules: bend,
    predictedWatts,
    measuredWatts,
    findings: filledTicks === 0 ? [] : [filledFinding(filledTicks, rows.count, filledJoules)],
    energies: {
      rows,
      workJoules: work,
      floorJoules: floor,
      controlPlaneJoules: new Float64Array(rows.count),
      idleJoules: idle,
      measuredJoules: measured,
      ...(input.embodiedGrams && { embodiedGrams: input.embodiedGrams }),
    },
  };
}

/** Energy was drawn in a gap, and work was done: leaving it out would make every figure per invocation too small. */
const filledFinding = (ticks: number, of: number, joules: number): Finding => ({
  code: 'gaps-filled',
  message: `${ticks} of ${of} ticks have no measured power: their ${joules.toFixed(1)} J are what the law says`,
  count: ticks,
});
