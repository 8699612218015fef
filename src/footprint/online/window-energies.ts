import type { TickEnergies } from '../shares/tick-energies.js';
import type { AccountWindow } from './account-window.js';
import type { WindowLoads } from './window-loads.js';

/** What the powers make of a window: watts by entry for own work, and for the floor of a tick in which someone was all the time. */
export interface WindowPowers {
  readonly entryWatts: Float64Array;
  readonly floorWatts: number;
}

export interface WindowEnergies extends TickEnergies {
  readonly measuredJoules: Float64Array;
  readonly predictedWatts: Float64Array;
}

/** Power of a tick beyond what the idle machine draws; NaN where it was not measured. All of it while idle is unknown. */
export function activeWatts({ watts, idleWatts }: AccountWindow): Float64Array {
  return watts.map((seen, tick) => {
    if (!isPower(seen)) return Number.NaN;
    return seen - restingWatts(idleWatts[tick] ?? Number.NaN, seen);
  });
}

const isPower = (watts: number): boolean => watts >= 0 && watts < Infinity;

/** A machine that draws less than idle draws nothing else. */
const restingWatts = (idle: number, watts: number): number => (isPower(idle) ? Math.min(idle, watts) : 0);

/**
 * The powers say in which proportions a tick's energy is own work and floor; together with idle they are made what was
 * measured, so that no joule is lost or made.
 */
export function windowEnergies(
  window: AccountWindow,
  loads: WindowLoads,
  powers: WindowPowers,
): WindowEnergies {
  const { rows, presence, load } = loads;
  const { tickSeconds } = rows;
  const work = new Float64Array(rows.column.length);
  const [floor, idle, measured, predicted] = [0, 1, 2, 3].map(() => new Float64Array(rows.count)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let tick = 0; tick < rows.count; tick++) {
    const [from, to] = [rows.rowStart[tick] ?? 0, rows.rowStart[tick + 1] ?? 0];
    const seen = window.watts[tick] ?? Number.NaN;
    const usual = window.idleWatts[tick] ?? Number.NaN;
    let [own, loaded] = [0, 0];
    for (let p = from; p < to; p++) {
      own += powers.entryWatts[p] ?? 0;
      loaded += load[p] ?? 0;
    }
    const base = powers.floorWatts * (presence[tick] ?? 0);
    predicted[tick] = (isPower(usual) ? usual : Number.NaN) + base + own;
    if (!isPower(seen)) {
      measured[tick] = Number.NaN;
      continue;
    }
    const resting = restingWatts(usual, seen);
    const active = seen - resting;
    idle[tick] = resting * tickSeconds;
    measured[tick] = seen * tickSeconds;
    const explained = base + own;
    const { parts, scale, floorWatts } = proportions(active, presence[tick] ?? 0);
    function proportions(room: number, here: number) {
      if (explained > 0) {
        // While no call runs nobody is charged for more than the powers say: what exceeds that is nobody's.
        const factor = here > 0 ? room / explained : Math.min(1, room / explained);
        return { parts: powers.entryWatts, scale: factor, floorWatts: base * factor };
      }
      // Where the powers know of nobody, loads divide it; where there is no load either, whoever was there shares it.
      if (loaded > 0 && here > 0) return { parts: load, scale: room / loaded, floorWatts: 0 };
      return { parts: load, scale: 0, floorWatts: room };
    }
    floor[tick] = floorWatts * tickSeconds;
    for (let p = from; p < to; p++) work[p] = (parts[p] ?? 0) * scale * tickSeconds;
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
    ...(embodiedGramsPerSecond !== undefined && {
      embodiedGrams: new Float64Array(rows.count).fill(embodiedGramsPerSecond * tickSeconds),
    }),
  };
}
