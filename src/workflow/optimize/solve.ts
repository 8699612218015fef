import { Incumbents } from './improve.js';
import { nonDominated, type Option, type Picks, type Problem } from './problem.js';
import { type Prices, priceOf, type Relaxed, relax } from './relaxation.js';
import { type SearchResult, search } from './search.js';

export type Solution =
  | {
      readonly status: 'optimal' | 'feasible';
      readonly picks: Picks;
      readonly value: number;
      /** No picks that keep the limits come to less. */
      readonly bound: number;
    }
  | { readonly status: 'infeasible' };

/** Prices that bounds are told by: more of them cut more, and each costs time. */
const BOUNDS = 6;
const NARROW = 300;

export interface SolveOptions {
  /** Partial picks kept at each step, at most. */
  readonly mostLabels?: number;
}

/**
 * The best picks that keep all limits, proven. First prices instead of limits give a bound and good picks; then options
 * that the bound rules out are struck off; what is left is searched through.
 */
export function solve(problem: Problem, { mostLabels }: SolveOptions = {}): Solution {
  const kept = nonDominated(problem);
  if (kept.some((places) => places.length === 0)) return { status: 'infeasible' };
  const small: Problem = {
    ...problem,
    options: kept.map((places, stage) => places.flatMap((place) => problem.options[stage]?.[place] ?? [])),
  };
  const original = (picks: Picks): Picks => picks.map((place, stage) => kept[stage]?.[place] ?? -1);
  const incumbents = new Incumbents(small);
  for (const picks of obvious(small)) incumbents.offer(picks);
  const relaxed = relax(small, (picks) => incumbents.offer(picks));
  incumbents.polish();
  const best = relaxed.slice(0, BOUNDS);
  const prices = best.map((one) => one.prices);
  const searched = (labels: number | undefined): SearchResult => {
    const known = incumbents.best?.value ?? Number.POSITIVE_INFINITY;
    const result = search(small, remaining(small, best, known), prices, known, labels);
    if (result.picks) incumbents.offer(result.picks);
    return result;
  };
  // A narrow search finds picks that are nearly as good as any: knowing those, the whole one has far less to look at.
  const narrow = searched(Math.min(NARROW, mostLabels ?? NARROW));
  incumbents.polish();
  const { unseen } = narrow.unseen === Number.POSITIVE_INFINITY ? narrow : searched(mostLabels);
  const found = incumbents.best;
  if (found === undefined) {
    // With labels given up nothing is proven: only the whole search can say that there is nothing.
    if (unseen < Number.POSITIVE_INFINITY) return solve(problem, { mostLabels: Number.POSITIVE_INFINITY });
    return { status: 'infeasible' };
  }
  const { picks, value } = found;
  return {
    status: unseen < value ? 'feasible' : 'optimal',
    picks: original(picks),
    value,
    bound: Math.min(unseen, value),
  };
}

/** The least of each figure at every stage: what is most likely to keep one limit. */
function obvious({ options }: Problem): Picks[] {
  const least = (of: (option: Option) => number): Picks =>
    options.map((own) =>
      own.reduce((best, option, place) => {
        const other = own[best];
        return other !== undefined && of(option) < of(other) ? place : best;
      }, 0),
    );
  const width = options[0]?.[0]?.amounts.length ?? 0;
  return [
    least(({ seconds }) => seconds),
    ...Array.from({ length: width }, (_, amount) => least(({ amounts }) => amounts[amount] ?? 0)),
  ];
}

/** Options with which even the bound would be above what is known already are struck off. */
function remaining(problem: Problem, relaxed: readonly Relaxed[], known: number): number[][] {
  const slack = 1e-9 * Math.abs(known);
  const least = (prices: Prices, stage: number): number =>
    (problem.options[stage] ?? []).reduce(
      (best, option) => Math.min(best, priceOf(option, prices, stage)),
      Number.POSITIVE_INFINITY,
    );
  return problem.options.map((options, stage) => {
    const limits = relaxed.map(({ prices, bound }) => ({ prices, least: least(prices, stage), bound }));
    return [...options.keys()].filter((place) => {
      const option = options[place];
      return (
        option !== undefined &&
        limits.every(
          ({ prices, least: cheapest, bound }) =>
            bound + priceOf(option, prices, stage) - cheapest <= known + slack,
        )
      );
    });
  });
}
