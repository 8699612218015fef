import { needsTime, type Option, type Picks, type Problem, withRounding } from './problem.js';

/**
 * Prices instead of limits: every second on a path costs as much as flows through it, every unit of an amount what its
 * limit makes it worth. With any flow from start to end and any prices of 0 or more, the cheapest picks are no dearer
 * than the best that keeps the limits.
 */
export interface Prices {
  /** By stage, of a second: what of the flow goes through it. */
  readonly seconds: Float64Array;
  /** By stage: what of its flow goes to each stage after it, in the graph's order, and last what leaves there. */
  readonly onward: readonly Float64Array[];
  /** By amount; the objective's own 1 is in it. */
  readonly amounts: Float64Array;
  /** What the limits are worth: taken off. */
  readonly worth: number;
}

export interface Relaxed {
  readonly prices: Prices;
  readonly bound: number;
  readonly picks: Picks;
}

const ROUNDS = 60;
const HALVINGS = 30;
/** A price is raised at most to 4 to this: a limit that it does not meet then can't be met at all. */
const RAISES = 12;
/** What sums of prices and what limits are worth nearly cancel: what rounding may leave. */
export const CANCELLATION = 1e-12;

/** A flow of 1 from the start to the end. */
class Flow {
  readonly #problem: Problem;
  readonly through: Float64Array;
  readonly onward: Float64Array[];

  constructor(problem: Problem) {
    this.#problem = problem;
    const { after } = problem.graph;
    this.through = new Float64Array(problem.options.length);
    this.onward = after.map((stages) => new Float64Array(stages.length + 1));
  }

  /** Moves a part of the flow to the longest path; the length of that path. */
  shift(seconds: (stage: number) => number, part: number): number {
    const { order, before, after } = this.#problem.graph;
    const ends = new Float64Array(order.length);
    const from = new Int32Array(order.length).fill(-1);
    let last = -1;
    for (const stage of order) {
      let start = 0;
      for (const other of before[stage] ?? [])
        if ((ends[other] ?? 0) > start || from[stage] === -1) {
          start = Math.max(start, ends[other] ?? 0);
          from[stage] = other;
        }
      ends[stage] = start + seconds(stage);
      if (last < 0 || (ends[stage] ?? 0) > (ends[last] ?? 0)) last = stage;
    }
    const keep = 1 - part;
    for (const table of [this.through, ...this.onward])
      for (let k = 0; k < table.length; k++) table[k] = keep * (table[k] ?? 0);
    const length = ends[last] ?? 0;
    let next = -1;
    for (let stage = last; stage >= 0; stage = from[stage] ?? -1) {
      this.through[stage] = (this.through[stage] ?? 0) + part;
      const places = after[stage] ?? [];
      const place = next < 0 ? places.length : places.indexOf(next);
      const row = this.onward[stage];
      if (row) row[place] = (row[place] ?? 0) + part;
      next = stage;
    }
    return length;
  }
}

/** Looks for prices under which the bound is high. Each round also gives picks that are nearly good: `visit` sees them. */
export function relax(problem: Problem, visit: (picks: Picks) => void): Relaxed[] {
  const isTimed = needsTime(problem);
  const isObjectiveTime = problem.objective === 'time';
  const limited = [...problem.limits.keys()].filter(
    (amount) => (problem.limits[amount] ?? 0) < Number.POSITIVE_INFINITY,
  );
  const flow = new Flow(problem);
  const fastest = (stage: number): number =>
    (problem.options[stage] ?? []).reduce(
      (least, { seconds }) => Math.min(least, seconds),
      Number.POSITIVE_INFINITY,
    );
  if (isTimed) flow.shift(fastest, 1);
  let perSecond = isObjectiveTime ? 1 : 0;
  const perAmount = new Float64Array(problem.limits.length);
  const found: Relaxed[] = [];

  const prices = (): Prices => {
    const amounts = Float64Array.from(perAmount);
    if (typeof problem.objective === 'number')
      amounts[problem.objective] = (amounts[problem.objective] ?? 0) + 1;
    const worth = limited.reduce(
      (sum, amount) => sum + (perAmount[amount] ?? 0) * withRounding(problem.limits[amount] ?? 0),
      problem.deadline < Number.POSITIVE_INFINITY && !isObjectiveTime
        ? perSecond * withRounding(problem.deadline)
        : 0,
    );
    return {
      seconds: flow.through.map((value) => value * perSecond),
      onward: flow.onward.map((row) => row.map((value) => value * perSecond)),
      amounts,
      worth,
    };
  };
  const evaluate = (): Relaxed => {
    const own = prices();
    let bound = -own.worth * (1 + CANCELLATION);
    const picks = problem.options.map((options, stage) => {
      const best = cheapest(options, own, stage);
      bound += best.price;
      return best.place;
    });
    return { prices: own, bound, picks };
  };
  /** The price at which what is used meets the limit, others unchanged: the bound is concave in it. */
  const settle = (set: (price: number) => void, excess: (picks: Picks) => number, scale: number): void => {
    let [low, high] = [0, scale];
    set(0);
    if (excess(evaluate().picks) <= 0) return;
    for (let round = 0; round < RAISES; round++) {
      set(high);
      if (excess(evaluate().picks) <= 0) break;
      [low, high] = [high, high * 4];
    }
    for (let round = 0; round < HALVINGS; round++) {
      const middle = (low + high) / 2;
      set(middle);
      const relaxed = evaluate();
      if (excess(relaxed.picks) > 0) low = middle;
      else {
        high = middle;
        visit(relaxed.picks);
      }
      if (high - low <= 1e-6 * high) break;
    }
    set(high);
  };
  const [timeScale, amountScales] = scalesOf(problem);

  for (let round = 0; round < ROUNDS; round++) {
    if (isTimed && !isObjectiveTime && problem.deadline < Number.POSITIVE_INFINITY)
      settle(
        (price) => {
          perSecond = price;
        },
        (picks) =>
          picks.reduce(
            (sum, place, stage) =>
              sum + (flow.through[stage] ?? 0) * (problem.options[stage]?.[place]?.seconds ?? 0),
            -withRounding(problem.deadline),
          ),
        timeScale,
      );
    for (const amount of limited)
      settle(
        (price) => {
          perAmount[amount] = price;
        },
        (picks) =>
          picks.reduce(
            (sum, place, stage) => sum + (problem.options[stage]?.[place]?.amounts[amount] ?? 0),
            -withRounding(problem.limits[amount] ?? 0),
          ),
        amountScales[amount] ?? 1,
      );
    const relaxed = evaluate();
    visit(relaxed.picks);
    found.push(relaxed);
    if (!isTimed) {
      if (limited.length < 2 || round > 10) break;
      continue;
    }
    flow.shift(
      (stage) => problem.options[stage]?.[relaxed.picks[stage] ?? -1]?.seconds ?? 0,
      1 / (2 + round / 2),
    );
  }
  return found.sort((a, b) => b.bound - a.bound);
}

/** Prices of the order of the objective over what is limited. */
function scalesOf(problem: Problem): [number, number[]] {
  const mean = (of: (option: Option) => number): number => {
    const all = problem.options.flat();
    return all.reduce((sum, option) => sum + of(option), 0) / all.length || 1;
  };
  const { objective } = problem;
  const value =
    objective === 'time' ? mean(({ seconds }) => seconds) : mean(({ amounts }) => amounts[objective] ?? 0);
  return [
    value / mean(({ seconds }) => seconds),
    problem.limits.map((_, amount) => value / mean(({ amounts }) => amounts[amount] ?? 0)),
  ];
}

/** What an option comes to under the prices. */
export function priceOf({ seconds, amounts }: Option, prices: Prices, stage: number): number {
  let price = (prices.seconds[stage] ?? 0) * seconds;
  for (let amount = 0; amount < prices.amounts.length; amount++) {
    const each = prices.amounts[amount] ?? 0;
    // What nobody asks about may be unknown.
    if (each > 0) price += each * (amounts[amount] ?? 0);
  }
  return price;
}

function cheapest(
  options: readonly Option[],
  prices: Prices,
  stage: number,
): { place: number; price: number } {
  let [place, price] = [0, Number.POSITIVE_INFINITY];
  for (const [k, option] of options.entries()) {
    const own = priceOf(option, prices, stage);
    if (own < price) [place, price] = [k, own];
  }
  return { place, price };
}
