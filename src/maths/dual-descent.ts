import { seededRandom } from './random.js';

/** ½‖w‖² + Σ costs[i] · max(0, |target[i] − intercept − w·row i| − epsilon): what is made least over w and intercept. */
export interface SvrProblem {
  /** Features row after row. */
  readonly rows: Float64Array;
  readonly width: number;
  readonly target: Float64Array;
  readonly costs: Float64Array;
  readonly epsilon: number;
  /** Whether w may not be negative. */
  readonly nonNegative: boolean;
}

export interface SvrSolution {
  readonly coefficients: Float64Array;
  readonly intercept: number;
  readonly objective: number;
  /** How far the objective is above the least one at most, relative to it. */
  readonly gap: number;
  readonly rounds: number;
}

export interface DescentOptions {
  readonly tolerance: number;
  readonly maxRounds: number;
  readonly seed: number;
}

/** Rounds over all rows between two looks at how far off the solution is. */
const ROUNDS_A_LOOK = 5;

export function svrObjective(
  problem: SvrProblem,
  coefficients: ArrayLike<number>,
  intercept: number,
): number {
  const { rows, width, target, costs, epsilon } = problem;
  let objective = 0;
  for (let k = 0; k < width; k++) objective += (coefficients[k] ?? 0) ** 2 / 2;
  for (const [i, value] of target.entries()) {
    let left = value - intercept;
    for (let k = 0; k < width; k++) left -= (coefficients[k] ?? 0) * (rows[i * width + k] ?? 0);
    objective += (costs[i] ?? 0) * Math.max(0, Math.abs(left) - epsilon);
  }
  return objective;
}

/**
 * Dual coordinate descent (Hsieh et al., 2008; Ho and Lin, 2012): one multiplier a row, each set to its best in turn, in an
 * order that a seed determines. The intercept isn't held back: it is found by steps of which each may not go far from
 * the last, until none moves it. With w ≥ 0 the dual is smooth still, and each step makes an upper bound of it least.
 */
class Descent {
  readonly #problem: SvrProblem;
  readonly #multipliers: Float64Array;
  readonly #curvature: Float64Array;
  readonly #order: Uint32Array;
  /** Σ multiplier · row: w before what is negative is cut off. */
  readonly #sums: Float64Array;
  readonly coefficients: Float64Array;
  /** Σ multipliers: how far the intercept is from its anchor. */
  #lean = 0;
  #anchor: number;

  constructor(problem: SvrProblem, anchor: number) {
    const { rows, width, target } = problem;
    this.#problem = problem;
    this.#anchor = anchor;
    this.#multipliers = new Float64Array(target.length);
    this.#order = Uint32Array.from(target.keys());
    this.#sums = new Float64Array(width);
    this.coefficients = new Float64Array(width);
    this.#curvature = target.map((_, i) => {
      let square = 1;
      for (let k = 0; k < width; k++) square += (rows[i * width + k] ?? 0) ** 2;
      return square;
    });
  }

  get intercept(): number {
    return this.#anchor + this.#lean;
  }

  round(below: (bound: number) => number): void {
    const order = this.#order;
    for (let i = order.length - 1; i > 0; i--) {
      const j = below(i + 1);
      const swapped = order[i] ?? 0;
      order[i] = order[j] ?? 0;
      order[j] = swapped;
    }
    for (const row of order) this.#improve(row);
  }

  #improve(row: number): void {
    const { rows, width, target, costs, epsilon, nonNegative } = this.#problem;
    const start = row * width;
    let slope = this.intercept - (target[row] ?? 0);
    for (let k = 0; k < width; k++) slope += (this.coefficients[k] ?? 0) * (rows[start + k] ?? 0);
    const [old, curvature, cost] = [this.#multipliers[row] ?? 0, this.#curvature[row] ?? 1, costs[row] ?? 0];
    const free = old - slope / curvature;
    const shrunk = Math.sign(free) * Math.max(0, Math.abs(free) - epsilon / curvature);
    const next = Math.min(cost, Math.max(-cost, shrunk));
    const step = next - old;
    if (step === 0) return;
    this.#multipliers[row] = next;
    this.#lean += step;
    for (let k = 0; k < width; k++) {
      const sum = (this.#sums[k] ?? 0) + step * (rows[start + k] ?? 0);
      this.#sums[k] = sum;
      this.coefficients[k] = nonNegative ? Math.max(0, sum) : sum;
    }
  }

  /** By how much the objective, with the intercept tied to its anchor, is above what the multipliers prove it can't go below. */
  gap(): number {
    const { target, epsilon } = this.#problem;
    let dual = -(this.#lean ** 2) / 2;
    for (const coefficient of this.coefficients) dual -= coefficient ** 2 / 2;
    for (const [i, multiplier] of this.#multipliers.entries())
      dual += multiplier * ((target[i] ?? 0) - this.#anchor) - epsilon * Math.abs(multiplier);
    return this.objective() + this.#lean ** 2 / 2 - dual;
  }

  objective(): number {
    return svrObjective(this.#problem, this.coefficients, this.intercept);
  }

  /** How far the intercept pulls at its anchor. */
  get pull(): number {
    return Math.abs(this.#lean);
  }

  /** Ties the intercept to where it is now. */
  move(): void {
    this.#anchor += this.#lean;
  }
}

export function descend(problem: SvrProblem, anchor: number, options: DescentOptions): SvrSolution {
  const { tolerance, maxRounds, seed } = options;
  const random = seededRandom(seed);
  const descent = new Descent(problem, anchor);
  // What is possible at all: a problem without rows, or one that is met with w = 0, has the objective 0.
  const scale = (): number => Math.max(descent.objective(), 1e-9);
  let [rounds, gap] = [0, Number.POSITIVE_INFINITY];
  while (rounds < maxRounds) {
    for (let i = 0; i < ROUNDS_A_LOOK; i++, rounds++) descent.round(random.below);
    gap = descent.gap() / scale();
    if (gap < tolerance && descent.pull < tolerance) break;
    descent.move();
  }
  return {
    coefficients: descent.coefficients.slice(),
    intercept: descent.intercept,
    objective: descent.objective(),
    gap,
    rounds,
  };
}
