/** Readings in a row that make a level: faults stand alone or in pairs. */
const ROWS = 3;

/** Between which levels the machine has stayed, if only for three readings. */
export interface SustainedRange {
  readonly low: number;
  readonly high: number;
}

/** From zero to infinity for fewer than three readings. */
export function sustainedRange(watts: Float64Array): SustainedRange {
  if (watts.length < ROWS) return { low: 0, high: Number.POSITIVE_INFINITY };
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i + ROWS <= watts.length; i++) {
    let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let j = i; j < i + ROWS; j++) {
      least = Math.min(least, watts[j] ?? Number.NaN);
      most = Math.max(most, watts[j] ?? Number.NaN);
    }
    low = Math.min(low, most);
    high = Math.max(high, least);
  }
  return { low, high };
}
