import type { TickEnergies } from '../shares/tick-energies.js';
import type { AccountWindow } from './account-window.js';
import type { ModelledPower } from './modelled-power.js';
import type { WindowLoads } from './window-loads.js';

export interface WindowEnergies extends TickEnergies {
  readonly measuredJoules: Float64Array;
  /** What the model says, idle included. */
  readonly predictedWatts: Float64Array;
  /** Ticks whose energy is what the model says. */
  readonly filledTicks: number;
}

export interface WindowEnergiesInput {
  readonly window: AccountWindow;
  readonly loads: WindowLoads;
  readonly model: ModelledPower;
  /** The model's idle power in ticks that have none; 0 where what it says contains idle. */
  readonly idleOtherwise: number;
  readonly fillGaps: boolean;
}

/** What exceeds the model by more than so many deviations is no work of those who were there. */
const BEYOND = 4;

/** More than a machine can draw: such a reading is none. */
const MOST_WATTS = 1e9;
export const isPower = (watts: number): boolean => watts >= 0 && watts < MOST_WATTS;

/** A machine that draws less than idle draws nothing else. */
const restingWatts = (idle: number, watts: number): number => (isPower(idle) ? Math.min(idle, watts) : 0);

/** Power beyond idle, tick by tick; NaN where it was not measured. `otherwise` is idle where a tick has none. */
export function activeWatts({ watts, idleWatts }: AccountWindow, otherwise: number): Float64Array {
  return watts.map((seen, tick) => {
    const own = idleWatts[tick] ?? Number.NaN;
    return isPower(seen) ? seen - restingWatts(isPower(own) ? own : otherwise, seen) : Number.NaN;
  });
}

/**
 * The model says in which proportions a tick's energy is own work and floor; together with idle they are made what was
 * measured, so that no joule is lost or made. What is far more than the model can explain, or more than it says while no
 * call runs, is nobody's.
 */
export function windowEnergies({
  window,
  loads,
  model,
  idleOtherwise,
  fillGaps,
}: WindowEnergiesInput): WindowEnergies {
  const { rows, presence } = loads;
  const { tickSeconds } = rows;
  const work = new Float64Array(rows.column.length);
  const [floor, idle, measured, predicted] = [0, 1, 2, 3].map(() => new Float64Array(rows.count)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  let filledTicks = 0;
  for (let tick = 0; tick < rows.count; tick++) {
    const here = presence[tick] ?? 0;
    const base = model.floorWatts * here;
    let explained = base;
    const [from, to] = [rows.rowStart[tick] ?? 0, rows.rowStart[tick + 1] ?? 0];
    for (let p = from; p < to; p++) explained += model.entryWatts[p] ?? 0;
    const usual = window.idleWatts[tick] ?? Number.NaN;
    predicted[tick] = (isPower(usual) ? usual : idleOtherwise) + explained;
    let seen = window.watts[tick] ?? Number.NaN;
    if (!isPower(seen) && fillGaps && (isPower(usual) || here > 0)) {
      seen = predicted[tick] ?? Number.NaN;
      filledTicks += Number(isPower(seen));
    }
    if (!isPower(seen)) {
      measured[tick] = Number.NaN;
      continue;
    }
    const resting = restingWatts(usual, seen);
    idle[tick] = resting * tickSeconds;
    measured[tick] = seen * tickSeconds;
    const room = Math.min(seen - resting, explained + (here > 0 ? BEYOND * model.deviationWatts : 0));
    const joules = (explained > 0 ? room / explained : 0) * tickSeconds;
    // Where the model knows of nothing, those who were there share it.
    floor[tick] = explained > 0 ? base * joules : room * tickSeconds;
    for (let p = from; p < to; p++) work[p] = (model.entryWatts[p] ?? 0) * joules;
  }
  const { embodiedGramsPerSecond } = window;
  return {
    rows,
    workJoules: work,
    floorJoules: floor,
    controlPlaneJoules: new Float64Array(rows.count),
    idleJoules: idle,
    measuredJoules: measured,
    predictedWatts: predicted,
    filledTicks,
    ...(embodiedGramsPerSecond !== undefined && {
      embodiedGrams: new Float64Array(rows.count).fill(embodiedGramsPerSecond * tickSeconds),
    }),
  };
}
