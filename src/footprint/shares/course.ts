import { entriesOf } from './activity.js';
import type { FairShares } from './fair-shares.js';
import { contentsOf, type FootprintKind } from './kind.js';
import { isMeasured, type TickEnergies } from './tick-energies.js';
import { evenWeights, invocationWeights, type WindowWeights } from './window-shares.js';

/** Footprints of one kind over time. In each measured tick the functions', `leftOut` and `unattributed` make up the measured joules. */
export interface ShareCourse {
  readonly kind: FootprintKind;
  /** By function, tick by tick; NaN in ticks without a measurement. */
  readonly functionJoules: readonly Float64Array[];
  /** Of functions, but not of this kind. */
  readonly leftOutJoules: Float64Array;
  readonly unattributedJoules: Float64Array;
}

/** The course of fair shares, tick by tick: one array a function, for a picture rather than for a machine with thousands. */
export function shareCourse(energies: TickEnergies, shares: FairShares, kind: FootprintKind): ShareCourse {
  const { rows } = energies;
  const contents = contentsOf(kind);
  const { activity } = shares;
  const functionJoules = shares.functions.map(() => new Float64Array(rows.count));
  const leftOutJoules = new Float64Array(rows.count);
  const evenly = evenWeights(activity);
  const byInvocations = invocationWeights(activity);

  const spread = (tick: number, joules: number, weights: WindowWeights, counts: boolean): void => {
    const window = Math.floor(tick / activity.ticksPerWindow);
    const [from, to] = [activity.windowStart[window] ?? 0, activity.windowStart[window + 1] ?? 0];
    if (from === to) return;
    if (!counts) leftOutJoules[tick] = (leftOutJoules[tick] ?? 0) + joules;
    else
      for (let at = from; at < to; at++)
        add(activity.functionIndex[at] ?? 0, tick, joules * (weights[at] ?? 0));
  };
  const add = (who: number, tick: number, joules: number): void => {
    const own = functionJoules[who];
    if (own !== undefined) own[tick] = (own[tick] ?? 0) + joules;
  };

  for (let tick = 0; tick < rows.count; tick++) {
    if (!isMeasured(energies, tick)) {
      for (const own of functionJoules) own[tick] = Number.NaN;
      leftOutJoules[tick] = Number.NaN;
      continue;
    }
    const [from, to] = entriesOf(rows, tick, tick + 1);
    for (let entry = from; entry < to; entry++) {
      const who = rows.column[entry] ?? 0;
      if (who >= rows.functionCount) continue;
      const individual = shares.entryJoules[entry] ?? 0;
      const work = energies.workJoules[entry] ?? 0;
      add(who, tick, contents.floor ? individual : work);
      if (!contents.floor) leftOutJoules[tick] = (leftOutJoules[tick] ?? 0) + individual - work;
    }
    spread(tick, shares.controlPlaneCourseJoules[tick] ?? 0, byInvocations, contents.controlPlane);
    spread(tick, energies.idleJoules[tick] ?? 0, evenly, contents.idle);
  }
  return { kind, functionJoules, leftOutJoules, unattributedJoules: shares.unattributed.courseJoules };
}
