/**
 * Power over load: `idle + floor · presence + (1 − e^(−bend · load)) / bend`, or a course of straight pieces in place of the last. Any load at all wakes the machine up to its
 * floor, and the fuller the machine, the less more load adds. With a bend of 0 the last part is the load itself. The load
 * is in watts: what each principal adds to a machine that is otherwise nearly empty.
 */
export interface PowerLaw {
  readonly idleWatts: number;
  readonly floorWatts: number;
  /** Per watt. */
  readonly bend: number;
  readonly course?: ConcaveCourse;
}

/** What load draws, in straight pieces that never get steeper: Σ slopes[k] · min(load, knots[k]). */
export interface ConcaveCourse {
  readonly knots: Float64Array;
  readonly slopes: Float64Array;
}

/** Below this curvature the power is the load itself, to rounding. */
const STRAIGHT = 1e-9;

/** What the load draws, without floor and idle. */
export function loadWatts({ bend, course }: PowerLaw, load: number): number {
  if (course !== undefined) return courseWatts(course, load);
  const x = bend * load;
  return x < STRAIGHT ? load : -Math.expm1(-x) / bend;
}

function courseWatts({ knots, slopes }: ConcaveCourse, load: number): number {
  let watts = 0;
  for (let k = 0; k < knots.length; k++) watts += (slopes[k] ?? 0) * Math.min(load, knots[k] ?? 0);
  return watts;
}

/** By how much one watt more of load raises the power. */
export function slopeAt({ bend, course }: PowerLaw, load: number): number {
  if (course === undefined) return Math.exp(-bend * load);
  let slope = 0;
  for (let k = 0; k < course.knots.length; k++)
    if (load < (course.knots[k] ?? 0)) slope += course.slopes[k] ?? 0;
  return slope;
}

/** How the drawn power changes with the bend. */
export function bendSlope(bend: number, load: number): number {
  const x = bend * load;
  // The series, where the difference would lose all its digits.
  if (x < 1e-4) return (-load * load) / 2 + (bend * load ** 3) / 3;
  return (Math.exp(-x) * (1 + x) - 1) / (bend * bend);
}
