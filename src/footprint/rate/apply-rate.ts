import { JOULES_PER_KILOWATT_HOUR } from '../../model/index.js';
import type { RateTicks } from './rate-series.js';

/** What energy came to at a rate that is not known for all of it. */
export interface RatedEnergy {
  readonly amount: number;
  /** Joules that the amount is for. */
  readonly ratedJoules: number;
  /** Joules at moments whose rate is not known: not in `amount`. */
  readonly unratedJoules: number;
}

/** Energy tick by tick times the rate tick by tick. Energy is taken to be spread evenly within its tick. */
export function applyRate(joulesByTick: Float64Array, ticks: RateTicks): RatedEnergy {
  let [product, rated, unrated] = [0, 0, 0];
  for (let tick = 0; tick < joulesByTick.length; tick++) {
    const joules = joulesByTick[tick] ?? 0;
    const part = ticks.covered[tick] ?? 0;
    const known = joules * part;
    // A tick that isn't covered has the rate NaN.
    if (part > 0) product += known * (ticks.perKilowattHour[tick] ?? 0);
    rated += known;
    unrated += joules - known;
  }
  return { amount: product / JOULES_PER_KILOWATT_HOUR, ratedJoules: rated, unratedJoules: unrated };
}

/** The one rate per kWh that would have given the same amount; undefined where none of the energy has a rate. */
export function effectiveRate({ amount, ratedJoules }: RatedEnergy): number | undefined {
  return ratedJoules > 0 ? (amount / ratedJoules) * JOULES_PER_KILOWATT_HOUR : undefined;
}
