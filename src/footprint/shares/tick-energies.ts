import { ErrorCode, WattloopError } from '../../errors/index.js';
import type { Rows } from '../rows/rows.js';

/** What each tick's energy is made of, before the shared parts are shared. */
export interface TickEnergies {
  readonly rows: Rows;
  /** Joules of functions' and shared principals' own work, one figure for each entry of the rows; the load floor is not in them. */
  readonly workJoules: Float64Array;
  /** Joules of the load floor, one figure a tick: what the machine draws above idle as soon as anyone runs. */
  readonly floorJoules: Float64Array;
  /** Joules of the platform's control plane, one figure a tick; beside what the rows say of shared principals. */
  readonly controlPlaneJoules: Float64Array;
  /** Joules that the machine would have drawn idle, one figure a tick. */
  readonly idleJoules: Float64Array;
  /** Joules measured, one figure a tick; NaN where nobody knows. Without it the parts are the whole. */
  readonly measuredJoules?: Float64Array;
  /** Grams of embodied emissions that fall on each tick. */
  readonly embodiedGrams?: Float64Array;
}

/** Refuses figures that are none, and columns that don't fit the rows. NaN in `measuredJoules` is a tick without a measurement. */
export function checkEnergies(energies: TickEnergies): void {
  const { rows } = energies;
  finite('workJoules', energies.workJoules, rows.column.length, 'entries');
  finite('floorJoules', energies.floorJoules, rows.count, 'ticks');
  finite('controlPlaneJoules', energies.controlPlaneJoules, rows.count, 'ticks');
  finite('idleJoules', energies.idleJoules, rows.count, 'ticks');
  if (energies.embodiedGrams !== undefined)
    finite('embodiedGrams', energies.embodiedGrams, rows.count, 'ticks');
  if (energies.measuredJoules !== undefined) {
    const known = energies.measuredJoules.map((joules) => (Number.isNaN(joules) ? 0 : joules));
    finite('measuredJoules', known, rows.count, 'ticks');
  }
}

function finite(name: string, values: Float64Array, count: number, of: 'ticks' | 'entries'): void {
  if (values.length !== count) {
    throw new WattloopError(
      ErrorCode.badInput,
      `${name} has ${values.length} figures, but the rows have ${count} ${of}`,
      { remedy: 'Give one figure for each.' },
    );
  }
  const place = values.findIndex((value) => !Number.isFinite(value));
  if (place === -1) return;
  throw new WattloopError(ErrorCode.badInput, `${name}[${place}] is ${values[place]}, which is no energy`, {
    remedy: 'Say NaN in measuredJoules for ticks that were not measured, and 0 in their parts.',
  });
}

/** Whether the tick's energy is known. */
export function isMeasured({ measuredJoules }: TickEnergies, tick: number): boolean {
  return measuredJoules === undefined || !Number.isNaN(measuredJoules[tick]);
}
