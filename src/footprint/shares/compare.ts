import { compensatedSum } from './compensated-sum.js';
import { EXACT_PLAYERS, exactShapley } from './exact-shapley.js';
import type { CoalitionValue } from './games.js';
import { type SamplingOptions, sampledShapley } from './sampled-shapley.js';

/** How shares compare with the Shapley values of a game. */
export interface ShapleyComparison {
  readonly shapley: Float64Array;
  /** Of the Shapley values; absent where they are exact. */
  readonly standardErrors?: Float64Array;
  readonly bounds?: Float64Array;
  /** Share less Shapley value, by player. */
  readonly differences: Float64Array;
  /** What would have to change hands, as a part of what all have: half the sum of |differences| over the sum of |values|. */
  readonly misplaced: number;
  /** The largest |difference| over the player's own |value|; absent where a player with value 0 has a share. */
  readonly largestRelative?: number;
}

/** Holds shares against the Shapley values of a game: exact ones for up to 12 players, sampled ones beyond. */
export function compareWithShapley(
  shares: ArrayLike<number>,
  value: CoalitionValue,
  sampling: SamplingOptions,
): ShapleyComparison {
  const { values: shapley, ...errors } =
    shares.length <= EXACT_PLAYERS
      ? { values: exactShapley(shares.length, value) }
      : pick(sampledShapley(shares.length, value, sampling));
  const differences = shapley.map((joules, i) => (shares[i] ?? 0) - joules);
  const whole = compensatedSum(shapley.map(Math.abs));
  const relative = differences.map((joules, i) => (joules === 0 ? 0 : Math.abs(joules / (shapley[i] ?? 0))));
  const largestRelative = relative.reduce((a, b) => Math.max(a, b), 0);
  const moved = compensatedSum(differences.map(Math.abs)) / 2;
  return {
    shapley,
    ...errors,
    differences,
    misplaced: moved === 0 ? 0 : moved / whole,
    ...(Number.isFinite(largestRelative) && { largestRelative }),
  };
}

const pick = ({ values, standardErrors, bounds }: ReturnType<typeof sampledShapley>) => ({
  values,
  standardErrors,
  ...(bounds && { bounds }),
});
