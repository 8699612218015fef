import { ErrorCode, WattloopError } from '../../errors/index.js';
import { JOULES_PER_KILOWATT_HOUR } from '../../model/index.js';
import { applyRate, effectiveRate } from '../rate/apply-rate.js';
import type { RateTicks } from '../rate/rate-series.js';

export interface OperationalCarbon {
  readonly grams: number;
  /** Joules at the machine, before PUE, at moments whose intensity is not known: not in `grams`. */
  readonly unratedJoules: number;
  /** Grams per kWh as this energy met it; absent where none of it has an intensity. */
  readonly meanGramsPerKilowattHour?: number;
}

function checkedPue(pue: number): number {
  if (pue >= 1 && Number.isFinite(pue)) return pue;
  throw new WattloopError(ErrorCode.badInput, `a PUE of ${pue}`, {
    remedy: 'Power usage effectiveness is the energy of the building over that of its machines: 1 or more',
  });
}

/**
 * Grams of CO2e of energy that a machine drew. PUE is what the building draws for each joule of a machine, cooling and
 * losses included; 1 leaves it out.
 */
export const operationalGrams = (joules: number, gramsPerKilowattHour: number, pue = 1): number =>
  ((joules * checkedPue(pue)) / JOULES_PER_KILOWATT_HOUR) * gramsPerKilowattHour;

/** The same with an intensity that changes: the energy of each tick at the intensity of that tick. */
export function operationalOfTicks(
  joulesByTick: Float64Array,
  intensity: RateTicks,
  pue = 1,
): OperationalCarbon {
  const rated = applyRate(joulesByTick, intensity);
  const mean = effectiveRate(rated);
  return {
    grams: rated.amount * checkedPue(pue),
    unratedJoules: rated.unratedJoules,
    ...(mean !== undefined && { meanGramsPerKilowattHour: mean }),
  };
}
