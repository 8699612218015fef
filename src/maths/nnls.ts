import type { NormalEquations } from './normal-equations.js';
import { PassiveSet } from './passive-set.js';

export interface NnlsOptions {
  /** Adds Σ ridge[j]·(x[j] − prior[j])² to the sum of squares: one figure for all columns, or one each. In units of the Gram's diagonal. */
  readonly ridge?: number | ArrayLike<number>;
  /** What `ridge` pulls towards; 0 when not given. */
  readonly prior?: ArrayLike<number>;
  /** A guess of the solution: the closer, the faster. It doesn't change the result. */
  readonly start?: ArrayLike<number>;
  /** How far a gradient may be on the wrong side, relative to the largest at x = 0 (columns scaled to length 1). */
  readonly tolerance?: number;
}

export interface NnlsSolution {
  /** Never negative, never NaN. */
  readonly x: Float64Array;
  /** 1 for the columns that are free to move: not held at zero, and not dependent on other free columns. */
  readonly free: Uint8Array;
  /**
   * 1 for the columns that can't be told from the free ones (within rounding): they got 0, but sharing with the columns
   * that they equal would fit as well. A ridge, however small, makes them share.
   */
  readonly dependent: Uint8Array;
  /** The largest gradient on the wrong side, relative as in `tolerance`. */
  readonly violation: number;
  readonly iterations: number;
  /** False only where rounding kept the search from ending; `violation` tells how far off it is. */
  readonly converged: boolean;
}

const DEFAULT_TOLERANCE = 1e-10;
/** More than that is not left by rounding alone. */
const SOUND_VIOLATION = 1e-8;
// Full exchanges that may fail to leave fewer violations before the safe search takes over.
const PATIENCE = 3;

/** The problem with its ridge added and its columns scaled to length 1. */
interface Scaled {
  readonly gram: Float64Array;
  readonly right: Float64Array;
  /** Of each column; 0 for a column of zeros. */
  readonly scale: Float64Array;
}

function scaled({ size, gram, right }: NormalEquations, { ridge = 0, prior }: NnlsOptions): Scaled {
  const ridgeOf = (j: number): number => (typeof ridge === 'number' ? ridge : (ridge[j] ?? 0));
  const scale = new Float64Array(size).map((_, j) => {
    const diagonal = (gram[j * size + j] ?? 0) + ridgeOf(j);
    return diagonal > 0 ? 1 / Math.sqrt(diagonal) : 0;
  });
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const factor = scale[i] ?? 0;
    for (let j = 0; j < size; j++)
      matrix[i * size + j] = (gram[i * size + j] ?? 0) * factor * (scale[j] ?? 0);
    matrix[i * size + i] = factor > 0 ? 1 : 0;
  }
  const sums = right.map((value, j) => (value + ridgeOf(j) * (prior?.[j] ?? 0)) * (scale[j] ?? 0));
  if (!(matrix.every(Number.isFinite) && sums.every(Number.isFinite)))
    throw new RangeError('the normal equations hold a figure that is not finite');
  return { gram: matrix, right: sums, scale };
}

/** One search for a solution: what is known of it so far. */
class Search {
  readonly #set: PassiveSet;
  readonly #scaled: Scaled;
  readonly #size: number;
  readonly #tolerance: number;
  readonly x: Float64Array;
  readonly gradient: Float64Array;
  /** Columns that could not be taken in as they depend on those that are. */
  #dependent = new Set<number>();
  iterations = 0;

  constructor(problem: Scaled, tolerance: number) {
    this.#scaled = problem;
    this.#size = problem.right.length;
    this.#tolerance = tolerance;
    this.#set = new PassiveSet(problem.gram, problem.right);
    this.x = new Float64Array(this.#size);
    this.gradient = new Float64Array(this.#size);
  }

  /** Columns outside the set whose gradient says that they should come in. */
  #wanting(): number[] {
    this.#set.gradient(this.x, this.gradient);
    const wanting: number[] = [];
    for (let j = 0; j < this.#size; j++) {
      const outside = this.#scaled.scale[j] !== 0 && !this.#set.has(j) && !this.#dependent.has(j);
      if (outside && (this.gradient[j] ?? 0) < -this.#tolerance) wanting.push(j);
    }
    return wanting;
  }

  /**
   * Block principal pivoting: all columns on the wrong side change sides at once. It ends within a few rounds nearly
   * always, but need not; false when it doesn't seem to.
   */
  pivot(start: readonly number[]): boolean {
    this.#dependent = new Set(this.#set.exchange([], start));
    let [fewest, patience] = [Number.POSITIVE_INFINITY, PATIENCE];
    for (; patience >= 0; this.iterations++) {
      this.#set.solve(this.x);
      const out = this.#set.members.filter((j) => (this.x[j] ?? 0) < 0);
      const into = this.#wanting();
      const wrong = out.length + into.length;
      if (wrong === 0) return true;
      if (wrong < fewest) [fewest, patience] = [wrong, PATIENCE];
      else patience--;
      // What was dependent needn't be once others are out.
      const retry = out.length > 0 ? [...this.#dependent] : [];
      this.#dependent = new Set([
        ...(out.length > 0 ? [] : this.#dependent),
        ...this.#set.exchange(out, [...into, ...retry]),
      ]);
    }
    return false;
  }

  /** Lawson and Hanson's search: never leaves x ≥ 0, every step lowers the sum of squares, so it ends. */
  descend(): boolean {
    this.#makeFeasible();
    const limit = this.iterations + 10 * this.#size + 100;
    const target = new Float64Array(this.#size);
    for (; this.iterations < limit; this.iterations++) {
      if (!this.#settle(target)) continue;
      const wanting = this.#wanting();
      if (wanting.length === 0) return true;
      const steepest = wanting.reduce((best, j) =>
        (this.gradient[j] ?? 0) < (this.gradient[best] ?? 0) ? j : best,
      );
      if (!this.#set.add(steepest)) this.#dependent.add(steepest);
    }
    return false;
  }

  /** Drops what the pivoting left below zero. */
  #makeFeasible(): void {
    const out = this.#set.members.filter((j) => !((this.x[j] ?? 0) > 0));
    for (const j of out) this.x[j] = 0;
    this.#dependent = new Set();
    this.#set.exchange(out, []);
  }

  /** Goes towards the best point of the set as far as x ≥ 0 allows; true when it got there. */
  #settle(target: Float64Array): boolean {
    this.#set.solve(target);
    /** The part of the way at which a column reaches zero. */
    const stop = (j: number): number => {
      const [from, to] = [this.x[j] ?? 0, target[j] ?? 0];
      if (to > 0) return Number.POSITIVE_INFINITY;
      return from > to ? from / (from - to) : 0;
    };
    const step = this.#set.members.reduce((least, j) => Math.min(least, stop(j)), 1);
    const out = this.#set.members.filter((j) => stop(j) <= step);
    for (const j of this.#set.members) {
      const from = this.x[j] ?? 0;
      this.x[j] = Math.max(0, from + step * ((target[j] ?? 0) - from));
    }
    if (out.length === 0) return true;
    for (const j of out) this.x[j] = 0;
    this.#set.exchange(out, []);
    // A column that came in and was thrown out at once wanted in by rounding only.
    if (step === 0) for (const j of out) this.#dependent.add(j);
    else this.#dependent.clear();
    return false;
  }

  solution(converged: boolean, largest: number): NnlsSolution {
    const { scale } = this.#scaled;
    this.#set.gradient(this.x, this.gradient);
    let violation = 0;
    for (let j = 0; j < this.#size; j++) {
      const slope = this.gradient[j] ?? 0;
      violation = Math.max(violation, this.#set.has(j) ? Math.abs(slope) : -slope);
    }
    return {
      x: this.x.map((value, j) => Math.max(0, value) * (scale[j] ?? 0)),
      free: Uint8Array.from(scale, (_, j) => (this.#set.has(j) ? 1 : 0)),
      dependent: Uint8Array.from(scale, (_, j) => (this.#dependent.has(j) ? 1 : 0)),
      violation: largest > 0 ? violation / largest : 0,
      iterations: this.iterations,
      converged,
    };
  }
}

/**
 * The x ≥ 0 that makes the sum of squares of A·x − b least, from AᵀA and Aᵀb. Meets the Karush-Kuhn-Tucker conditions to
 * `tolerance` (1e-10), except that a column that depends on others within rounding may miss it by up to about 1e-6.
 * Columns of zeros get 0. A thousand columns take tenths of a second; a good `start` makes it a few factorisations less.
 */
export function nnls(equations: NormalEquations, options: NnlsOptions = {}): NnlsSolution {
  const problem = scaled(equations, options);
  const largest = problem.right.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const tolerance = (options.tolerance ?? DEFAULT_TOLERANCE) * largest;
  /** One search; without a first guess it goes the safe way from zero. */
  const searched = (first: readonly number[] | undefined): NnlsSolution => {
    const search = new Search(problem, tolerance);
    const pivoted = first !== undefined && search.pivot(first);
    return search.solution(pivoted || search.descend(), largest);
  };
  const columns = Array.from(problem.scale.keys()).filter((j) => (problem.scale[j] ?? 0) > 0);
  const hint = options.start;
  // With fewer rows than columns a first guess that holds all of them says nothing: it is better to begin with none.
  const first = hint !== undefined ? columns.filter((j) => (hint[j] ?? 0) > 0) : columns;
  const enough = hint !== undefined || options.ridge !== undefined || equations.count >= columns.length;
  let best = searched(enough ? first : undefined);
  // Where columns are nearly alike, a factor that many have come into and left may be off: a new one is not.
  for (const again of [(): number[] => columns.filter((j) => (best.x[j] ?? 0) > 0), () => undefined]) {
    if (!(best.violation > SOUND_VIOLATION)) break;
    const next = searched(again());
    const iterations = best.iterations + next.iterations;
    best = { ...(next.violation < best.violation ? next : best), iterations };
  }
  return best;
}
