import type { AccountCourse } from '../account.js';
import type { FairShares } from '../shares/fair-shares.js';
import type { TickEnergies } from '../shares/tick-energies.js';
import type { TickAccount } from './tick-account.js';

/** What a course is drawn from. */
export type CourseTicks = Pick<TickAccount, 'measuredWatts' | 'predictedWatts'> & {
  readonly energies: Pick<TickEnergies, 'rows' | 'idleJoules'>;
};
export type CourseShares = Pick<FairShares, 'entryJoules' | 'controlPlaneCourseJoules'>;

/** Beyond so many figures a picture of every function is no use, and no memory is spent on it. */
const MOST_FIGURES = 20_000_000;

/** Power over time: what was measured, what the law says, and what the account made of it. */
export function courseOf(
  account: CourseTicks,
  shares: CourseShares,
  places: readonly number[],
): AccountCourse {
  const { rows, idleJoules } = account.energies;
  const { tickSeconds, count, start } = rows;
  const watts = (joules: Float64Array): Float64Array => joules.map((value) => value / tickSeconds);
  const shown = places.length * count <= MOST_FIGURES ? places : [];
  const functionWatts = shown.map(() => new Float64Array(count));
  const courseOfColumn = new Map(shown.map((f, i) => [f, functionWatts[i]]));
  for (let tick = 0; tick < count; tick++)
    for (let p = rows.rowStart[tick] ?? 0; p < (rows.rowStart[tick + 1] ?? 0); p++) {
      const course = courseOfColumn.get(rows.column[p] ?? -1);
      if (course !== undefined) course[tick] = (shares.entryJoules[p] ?? 0) / tickSeconds;
    }
  return {
    t: Float64Array.from({ length: count }, (_, tick) => start + (tick + 1) * tickSeconds),
    measuredWatts: account.measuredWatts,
    predictedWatts: account.predictedWatts,
    idleWatts: watts(idleJoules),
    controlPlaneWatts: watts(shares.controlPlaneCourseJoules),
    functionWatts,
  };
}
