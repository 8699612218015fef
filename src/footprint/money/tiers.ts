import { ErrorCode, WattloopError } from '../../errors/index.js';

/** Up to a quantity a unit costs so much; what lies beyond belongs to the next tier. */
export interface Tier {
  /** Infinity for the last one. */
  readonly upTo: number;
  readonly rate: number;
}

/** Every unit at one rate. */
export const flat = (rate: number): readonly Tier[] => [{ upTo: Number.POSITIVE_INFINITY, rate }];

/**
 * What `quantity` units cost when each is charged at the rate of the tier that it falls in (and not all at the rate of the
 * last, which would make the bill fall at an edge).
 */
export function tieredCost(quantity: number, tiers: readonly Tier[]): number {
  if (!(quantity >= 0)) {
    throw new WattloopError(ErrorCode.badInput, `a quantity of ${quantity}`, { remedy: 'It is 0 or more' });
  }
  let [cost, from] = [0, 0];
  for (const { upTo, rate } of tiers) {
    if (quantity <= from) break;
    cost += (Math.min(quantity, upTo) - from) * rate;
    from = upTo;
  }
  return cost;
}
