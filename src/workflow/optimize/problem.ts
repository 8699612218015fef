import type { OrderedGraph } from '../../footprint/index.js';

/** One way to run a stage. */
export interface Option {
  readonly seconds: number;
  /** What adds up over stages, in the order of the problem's limits: energy, cost, carbon. */
  readonly amounts: readonly number[];
}

/** One option is to be picked for every stage. */
export interface Problem {
  readonly graph: OrderedGraph;
  /** By stage. */
  readonly options: readonly (readonly Option[])[];
  /** The time of the whole, or the place of an amount. */
  readonly objective: 'time' | number;
  /** Infinity where there is none. */
  readonly deadline: number;
  /** By amount. */
  readonly limits: readonly number[];
}

/** By stage, the place of the option that was picked. */
export type Picks = readonly number[];

const ROUNDING = 1e-9;

/** A limit counts as kept up to rounding: what may be used of it. */
export const withRounding = (limit: number): number => limit + ROUNDING * Math.max(1, Math.abs(limit));

export const keeps = (value: number, limit: number): boolean => value <= withRounding(limit);

const picked = (problem: Problem, picks: Picks, stage: number): Option =>
  problem.options[stage]?.[picks[stage] ?? -1] ?? { seconds: Number.NaN, amounts: [] };

/** The length of the longest path. */
export function timeOf(problem: Problem, picks: Picks): number {
  const ends = new Float64Array(problem.options.length);
  let last = 0;
  for (const stage of problem.graph.order) {
    let start = 0;
    for (const other of problem.graph.before[stage] ?? []) start = Math.max(start, ends[other] ?? 0);
    ends[stage] = start + picked(problem, picks, stage).seconds;
    last = Math.max(last, ends[stage] ?? 0);
  }
  return last;
}

export function amountOf(problem: Problem, picks: Picks, amount: number): number {
  let sum = 0;
  for (let stage = 0; stage < picks.length; stage++)
    sum += picked(problem, picks, stage).amounts[amount] ?? 0;
  return sum;
}

export const objectiveOf = (problem: Problem, picks: Picks): number =>
  problem.objective === 'time' ? timeOf(problem, picks) : amountOf(problem, picks, problem.objective);

export const isFeasible = (problem: Problem, picks: Picks): boolean =>
  (problem.deadline === Number.POSITIVE_INFINITY || keeps(timeOf(problem, picks), problem.deadline)) &&
  problem.limits.every(
    (limit, amount) => limit === Number.POSITIVE_INFINITY || keeps(amountOf(problem, picks, amount), limit),
  );

/** Whether time matters: as the objective, or for a deadline. */
export const needsTime = ({ objective, deadline }: Problem): boolean =>
  objective === 'time' || deadline < Number.POSITIVE_INFINITY;

/** The amounts that matter. */
export const neededAmounts = ({ objective, limits }: Problem): number[] =>
  [...limits.keys()].filter(
    (amount) => amount === objective || (limits[amount] ?? 0) < Number.POSITIVE_INFINITY,
  );

/**
 * By stage, the places of the options that no other beats in all that matters. Of options that are equal in that the
 * quickest stays, then the one that uses least.
 */
export function nonDominated(problem: Problem): number[][] {
  const amounts = neededAmounts(problem);
  const isTimed = needsTime(problem);
  const key = ({ seconds, amounts: all }: Option): number[] => [
    ...(isTimed ? [seconds] : []),
    ...amounts.map((amount) => all[amount] ?? 0),
  ];
  const tieBreak = ({ seconds, amounts: all }: Option): number[] => [seconds, ...all];
  return problem.options.map((options) => {
    const order = [...options.keys()].sort((a, b) => {
      const [first, second] = [options[a], options[b]];
      if (first === undefined || second === undefined) return 0;
      return compare([...key(first), ...tieBreak(first)], [...key(second), ...tieBreak(second)]);
    });
    const kept: number[][] = [];
    return order.filter((place) => {
      const option = options[place];
      const own = option ? key(option) : [];
      if (kept.some((other) => other.every((value, k) => value <= (own[k] ?? 0)))) return false;
      kept.push(own);
      return true;
    });
  });
}

export function compare(a: readonly number[], b: readonly number[]): number {
  for (const [k, value] of a.entries()) {
    // Absent amounts compare as equal.
    const difference = value - (b[k] ?? 0);
    if (difference < 0 || difference > 0) return difference;
  }
  return 0;
}
