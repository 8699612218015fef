import type { CappedFunction } from './line-statistics.js';

/**
 * Jain's index: 1 when all have the same, 1/n when one of n has everything. Undefined of none; 1 when nobody has anything.
 */
export function jainIndex(shares: readonly number[]): number | undefined {
  if (shares.length === 0) return undefined;
  const sum = shares.reduce((total, share) => total + share, 0);
  const squares = shares.reduce((total, share) => total + share ** 2, 0);
  return squares === 0 ? 1 : sum ** 2 / (shares.length * squares);
}

/** How evenly the functions of one priority were delayed. */
export interface PriorityFairness {
  readonly priority: number;
  readonly functions: number;
  /** Jain's index of the functions' mean delays by call. */
  readonly delayIndex: number;
}

const callsOf = ({ admitted, cancelled, shed }: CappedFunction): number =>
  admitted + cancelled + Object.values(shed).reduce((sum, count) => sum + count, 0);

export function fairnessOf(functions: readonly CappedFunction[]): PriorityFairness[] {
  const delays = new Map<number, number[]>();
  for (const each of functions) {
    const calls = callsOf(each);
    if (calls === 0) continue;
    const ofPriority = delays.get(each.priority) ?? [];
    ofPriority.push(each.delaySeconds / calls);
    delays.set(each.priority, ofPriority);
  }
  return [...delays]
    .map(([priority, means]) => ({
      priority,
      functions: means.length,
      delayIndex: jainIndex(means) ?? 1,
    }))
    .sort((a, b) => b.priority - a.priority);
}
