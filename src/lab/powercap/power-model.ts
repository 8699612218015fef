import { ErrorCode, WattloopError } from '../../base/index.js';

/** How a package's power follows its utilisation. */
export interface PowerModel {
  /** Power of an idle package. */
  readonly idleWatts: number;
  /** What any load adds at once: clocks and shared parts wake up. */
  readonly floorWatts: number;
  /** Power with all processors busy. */
  readonly maxWatts: number;
  /** Utilisation at which the floor is reached in full; below it the floor comes in proportion. */
  readonly floorUtilisation: number;
  /** Shape of the way from floor to maximum: below 1 the first processors cost most, as turbo makes them do. */
  readonly exponent: number;
}

/** A made-up desktop processor: the shape is that of real machines, the figures are nobody's. */
export const DEFAULT_POWER_MODEL: PowerModel = {
  idleWatts: 12,
  floorWatts: 10,
  maxWatts: 65,
  floorUtilisation: 0.05,
  exponent: 0.7,
};

export function checkedModel(model: PowerModel): PowerModel {
  const { idleWatts, floorWatts, maxWatts, floorUtilisation, exponent } = model;
  const sound =
    idleWatts >= 0 &&
    floorWatts >= 0 &&
    idleWatts + floorWatts <= maxWatts &&
    Number.isFinite(maxWatts) &&
    floorUtilisation > 0 &&
    floorUtilisation <= 1 &&
    exponent > 0 &&
    exponent <= 1;
  if (sound) return model;
  throw new WattloopError(
    ErrorCode.badUsage,
    `power model with ${idleWatts} W idle, ${floorWatts} W floor and ${maxWatts} W at most does not rise with load`,
    { remedy: 'Idle and floor together must not be more than the maximum, and none of them below 0' },
  );
}

/** Watts of a package at a utilisation between 0 and 1. */
export function wattsAt(model: PowerModel, utilisation: number): number {
  const { idleWatts, floorWatts, maxWatts, floorUtilisation, exponent } = model;
  const floor = floorWatts * Math.min(1, utilisation / floorUtilisation);
  return idleWatts + floor + (maxWatts - idleWatts - floorWatts) * utilisation ** exponent;
}
