import type { AccountShares } from '../account.js';
import { type Activity, activityOf } from './activity.js';
import { compensatedSum } from './compensated-sum.js';
import { type EntryShares, entryShares } from './entry-shares.js';
import { checkEnergies, isMeasured, type TickEnergies } from './tick-energies.js';
import { evenWeights, invocationWeights, shareInWindows, type WindowShares } from './window-shares.js';

export interface FairShareOptions {
  /** Idle, embodied emissions and the control plane are shared within windows of this length. */
  readonly windowSeconds?: number;
  /** Who was active in which windows, where more is known of that than the rows say. */
  readonly activity?: Activity;
}

/**
 * The machine stands ready for whoever used it in the last minute: about how long platforms keep a container warm at the
 * least. Within a shorter window idle falls on whoever runs at the moment, and between two invocations on nobody; within a
 * much longer one a function invoked once an hour pays as much as one that never rests.
 */
export const DEFAULT_SHARE_WINDOW_SECONDS = 60;

/** Joules that belong to no function, and why. */
export interface Unattributed {
  /** Idle in windows in which no function was active. */
  readonly idleJoules: number;
  /** The control plane's in such windows. */
  readonly controlPlaneJoules: number;
  /** The load floor's in ticks in which no function was there. */
  readonly floorJoules: number;
  /** Measured, but in no part; below 0 where the parts say more than was measured. */
  readonly residualJoules: number;
  /** All of these, tick by tick; NaN in ticks without a measurement. */
  readonly courseJoules: Float64Array;
}

/** Who has which part of a trace's energy. Arrays are by function, in the rows' order, where nothing else is said. */
export interface FairShares {
  readonly functions: readonly string[];
  readonly activity: Activity;
  /** Own work and the share of the load floor. */
  readonly individualJoules: Float64Array;
  /** The part of `individualJoules` that is a share of the load floor. */
  readonly floorJoules: Float64Array;
  readonly controlPlaneJoules: Float64Array;
  readonly idleJoules: Float64Array;
  /** Absent where the embodied emissions are not known. */
  readonly embodiedGrams?: Float64Array;
  /** Embodied grams of windows in which no function was active. */
  readonly unattributedGrams?: number;
  /** By shared principal: what it drew itself, which the functions' `controlPlaneJoules` contain. */
  readonly principalJoules: Float64Array;
  /** By entry of the rows: own work and share of the load floor; NaN in ticks without a measurement. */
  readonly entryJoules: Float64Array;
  /** By tick: joules of the control plane, the work of shared principals among them. */
  readonly controlPlaneCourseJoules: Float64Array;
  readonly unattributed: Unattributed;
  /** The parts and `unattributed` make up `measured`. */
  readonly sums: AccountShares;
  /** Ticks that nobody measured: no energy of theirs is in any figure. */
  readonly unmeasuredTicks: number;
}

/**
 * Shares every joule fairly: own work to whoever did it, the load floor to those who ran in the tick, the control plane's by
 * invocations, idle (and embodied emissions) evenly among the functions active in the window. Each rule is the Shapley
 * value of the game that says what any group of functions would have caused of that part, and so is their sum.
 */
export function fairShares(energies: TickEnergies, options: FairShareOptions = {}): FairShares {
  checkEnergies(energies);
  const { rows, embodiedGrams } = energies;
  const activity =
    options.activity ?? activityOf(rows, options.windowSeconds ?? DEFAULT_SHARE_WINDOW_SECONDS);
  const evenly = evenWeights(activity);
  const idleJoules = energies.idleJoules.map((joules, tick) => (isMeasured(energies, tick) ? joules : 0));
  const settled = entryShares(energies);
  const idle = shareInWindows(activity, evenly, rows.functionCount, idleJoules);
  const control = shareInWindows(
    activity,
    invocationWeights(activity),
    rows.functionCount,
    settled.controlPlaneJoules,
  );
  const embodied = embodiedGrams && shareInWindows(activity, evenly, rows.functionCount, embodiedGrams);
  const unattributed = leftOver(energies, settled, idle, control);
  return {
    functions: rows.columns.slice(0, rows.functionCount),
    activity,
    individualJoules: settled.individualJoules,
    floorJoules: settled.floorJoules,
    controlPlaneJoules: control.byFunction,
    idleJoules: idle.byFunction,
    ...(embodied && {
      embodiedGrams: embodied.byFunction,
      unattributedGrams: compensatedSum(embodied.ownerless),
    }),
    principalJoules: settled.principalJoules,
    entryJoules: settled.entryJoules,
    controlPlaneCourseJoules: settled.controlPlaneJoules,
    unattributed,
    sums: sumsOf(settled, idle, control, unattributed, energies.measuredJoules),
    unmeasuredTicks: unattributed.courseJoules.reduce(
      (count, joules) => count + Number(Number.isNaN(joules)),
      0,
    ),
  };
}

function leftOver(
  energies: TickEnergies,
  settled: EntryShares,
  idle: WindowShares,
  control: WindowShares,
): Unattributed {
  const courseJoules = idle.ownerless.map((joules, tick) =>
    isMeasured(energies, tick)
      ? joules +
        (control.ownerless[tick] ?? 0) +
        (settled.ownerlessFloorJoules[tick] ?? 0) +
        (settled.residualJoules[tick] ?? 0)
      : Number.NaN,
  );
  return {
    idleJoules: compensatedSum(idle.ownerless),
    controlPlaneJoules: compensatedSum(control.ownerless),
    floorJoules: compensatedSum(settled.ownerlessFloorJoules),
    residualJoules: compensatedSum(settled.residualJoules),
    courseJoules,
  };
}

function sumsOf(
  settled: EntryShares,
  idle: WindowShares,
  control: WindowShares,
  { idleJoules, controlPlaneJoules, floorJoules, residualJoules }: Unattributed,
  measuredJoules: Float64Array | undefined,
): AccountShares {
  const individual = compensatedSum(settled.individualJoules);
  const controlPlane = compensatedSum(control.byFunction);
  const idleShares = compensatedSum(idle.byFunction);
  const unattributed = compensatedSum([idleJoules, controlPlaneJoules, floorJoules, residualJoules]);
  return {
    measuredJoules:
      measuredJoules === undefined
        ? compensatedSum([individual, controlPlane, idleShares, unattributed])
        : compensatedSum(measuredJoules.filter((joules) => !Number.isNaN(joules))),
    individualJoules: individual,
    controlPlaneJoules: controlPlane,
    idleJoules: idleShares,
    unattributedJoules: unattributed,
  };
}
