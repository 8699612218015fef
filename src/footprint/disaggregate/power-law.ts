/**
 * Power over load: `idle + floor · presence + (1 − e^(−bend · load)) / bend`. Any load at all wakes the machine up to its
 * floor, and the fuller the machine, the less more load adds. With a bend of 0 the last part is the load itself. The load
 * is in watts: what each principal adds to a machine that is otherwise nearly empty.
 */
export interface PowerLaw {
  readonly idleWatts: number;
  readonly floorWatts: number;
  /** Per watt. */
  readonly bend: number;
}

/** Below this curvature the power is the load itself, to rounding. */
const STRAIGHT = 1e-9;

/** What the load draws, without floor and idle. */
export function loadWatts(bend: number, load: number): number {
  const x = bend * load;
  return x < STRAIGHT ? load : -Math.expm1(-x) / bend;
}

/** By how much one watt more of load raises the power. */
export const slopeAt = (bend: number, load: number): number => Math.exp(-bend * load);

/** How the drawn power changes with the bend. */
export function bendSlope(bend: number, load: number): number {
  const x = bend * load;
  // The series, where the difference would lose all its digits.
  if (x < 1e-4) return (-load * load) / 2 + (bend * load ** 3) / 3;
  return (Math.exp(-x) * (1 + x) - 1) / (bend * bend);
}
