import { ErrorCode, WattloopError } from '../../errors/index.js';
import { CompensatedSums } from './compensated-sum.js';
import type { CoalitionValue } from './games.js';

/** Up to here enumeration takes about a millisecond, and nobody needs an approximation. */
export const EXACT_PLAYERS = 12;
/** A million coalitions. */
const MOST_PLAYERS = 20;

/** Shapley values by enumeration: each of the 2ⁿ coalitions is valued once. */
export function exactShapley(players: number, value: CoalitionValue): Float64Array {
  if (players > MOST_PLAYERS) {
    throw new WattloopError(
      ErrorCode.badInput,
      `${players} players make too many coalitions to enumerate; ${MOST_PLAYERS} is the most`,
      { remedy: 'Use sampledShapley, which states its errors.' },
    );
  }
  const members = new Uint8Array(players);
  const values = Float64Array.from({ length: 2 ** players }, (_, coalition) => {
    for (let i = 0; i < players; i++) members[i] = (coalition >>> i) & 1;
    return value(members);
  });
  return shapleyOfTable(players, values);
}

/** Shapley values from the value of every coalition, at the place that its members' bits make up. */
export function shapleyOfTable(players: number, values: Float64Array): Float64Array {
  const weights = positionWeights(players);
  const sizes = sizesOf(values.length);
  const sums = new CompensatedSums(players);
  for (let coalition = 0; coalition < values.length; coalition++) {
    const weight = weights[sizes[coalition] ?? 0] ?? 0;
    const alone = values[coalition] ?? 0;
    for (let i = 0; i < players; i++) {
      const bit = 1 << i;
      if ((coalition & bit) === 0) sums.add(i, weight * ((values[coalition | bit] ?? 0) - alone));
    }
  }
  return sums.values();
}

/** How often, of all orders of arrival, exactly a given group of so many has come before a player: k!(n − 1 − k)!/n!. */
function positionWeights(players: number): Float64Array {
  // Binomials stay whole numbers all along, so that the weights are exact to the one division.
  let binomial = 1;
  return Float64Array.from({ length: players }, (_, k) => {
    const weight = 1 / (players * binomial);
    binomial = (binomial * (players - 1 - k)) / (k + 1);
    return weight;
  });
}

function sizesOf(coalitions: number): Uint8Array {
  const sizes = new Uint8Array(coalitions);
  for (let coalition = 1; coalition < coalitions; coalition++)
    sizes[coalition] = (sizes[coalition >>> 1] ?? 0) + (coalition & 1);
  return sizes;
}
