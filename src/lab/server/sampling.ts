/** Energy over time, at moments that lie evenly. */
export interface Joules {
  readonly startSeconds: number;
  readonly stepSeconds: number;
  readonly joules: Float64Array;
}

/** Energy up to a time; before and after the course the machine is idle. */
function joulesAt({ startSeconds, stepSeconds, joules }: Joules, time: number, idleWatts: number): number {
  const place = (time - startSeconds) / stepSeconds;
  const last = joules.length - 1;
  if (place <= 0) return place * stepSeconds * idleWatts;
  if (place >= last) return (joules[last] ?? 0) + (place - last) * stepSeconds * idleWatts;
  // A moment that is one of the course's but for rounding is that one.
  const near = Math.round(place);
  if (Math.abs(place - near) < 1e-6) return joules[near] ?? 0;
  const below = Math.floor(place);
  const from = joules[below] ?? 0;
  return from + ((joules[below + 1] ?? from) - from) * (place - below);
}

/** Mean watts between moments, seen through a lag: one figure fewer than moments. */
export function meanWatts(
  course: Joules,
  moments: Float64Array,
  lagSeconds: number,
  idleWatts: number,
): Float64Array {
  const watts = new Float64Array(Math.max(0, moments.length - 1));
  let before = joulesAt(course, (moments[0] ?? 0) - lagSeconds, idleWatts);
  for (let i = 0; i < watts.length; i++) {
    const upTo = joulesAt(course, (moments[i + 1] ?? 0) - lagSeconds, idleWatts);
    watts[i] = (upTo - before) / ((moments[i + 1] ?? 0) - (moments[i] ?? 0));
    before = upTo;
  }
  return watts;
}

/** What a first-order filter shows of a course of energy: power that follows with a time constant. */
export function smoothed(course: Joules, timeConstant: number, idleWatts: number): Joules {
  if (timeConstant <= 0) return course;
  const { joules, stepSeconds } = course;
  const decay = Math.exp(-stepSeconds / timeConstant);
  const filtered = new Float64Array(joules.length);
  let shown = idleWatts;
  for (let i = 1; i < joules.length; i++) {
    const energy = (joules[i] ?? 0) - (joules[i - 1] ?? 0);
    const watts = energy / stepSeconds;
    filtered[i] = (filtered[i - 1] ?? 0) + energy + (shown - watts) * timeConstant * (1 - decay);
    shown = watts + (shown - watts) * decay;
  }
  return { ...course, joules: filtered };
}
