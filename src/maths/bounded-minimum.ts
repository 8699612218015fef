import { dot } from './dense.js';

/** A smooth function of a box. */
export interface BoundedProblem {
  /** The function at x; writes its slopes into `gradient`. Infinity where it has no value. */
  readonly value: (x: Float64Array, gradient: Float64Array) => number;
  readonly lower: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
}

export interface BoundedMinimum {
  readonly x: Float64Array;
  readonly value: number;
  readonly evaluations: number;
}

export interface BoundedMinimumOptions {
  readonly maxEvaluations?: number;
  /** It ends once no slope that could still be followed is larger. */
  readonly tolerance?: number;
}

/** The part of the promised fall that a step must give (Armijo). */
const ENOUGH = 1e-4;
/** A fall smaller than this part of the value is none. */
const LEAST_FALL = 1e-12;

/** An approximation of the inverse of the second derivatives, learnt from the steps taken (BFGS). */
class Curvature {
  readonly #size: number;
  readonly #inverse: Float64Array;
  #isFresh = true;

  constructor(size: number) {
    this.#size = size;
    this.#inverse = new Float64Array(size * size);
    this.forget();
  }

  get isFresh(): boolean {
    return this.#isFresh;
  }

  forget(): void {
    this.#inverse.fill(0);
    for (let i = 0; i < this.#size; i++) this.#inverse[i * this.#size + i] = 1;
    this.#isFresh = true;
  }

  /** Where to go from a point with such slopes; coordinates that are held stay. */
  direction(gradient: Float64Array, isHeld: (i: number) => boolean): Float64Array {
    const size = this.#size;
    return new Float64Array(size).map((_, i) => {
      if (isHeld(i)) return 0;
      let sum = 0;
      for (let j = 0; j < size; j++)
        if (!isHeld(j)) sum -= (this.#inverse[i * size + j] ?? 0) * (gradient[j] ?? 0);
      return sum;
    });
  }

  learn(step: Float64Array, change: Float64Array): void {
    const size = this.#size;
    const product = dot(step, change, size, 0, 0);
    if (!(product > 1e-12 * dot(change, change, size, 0, 0))) return;
    if (this.#isFresh) {
      const scale = product / dot(change, change, size, 0, 0);
      for (let i = 0; i < size; i++) this.#inverse[i * size + i] = scale;
      this.#isFresh = false;
    }
    const moved = new Float64Array(size).map((_, i) => dot(this.#inverse, change, size, i * size, 0));
    const factor = (1 + dot(change, moved, size, 0, 0) / product) / product;
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        const [si, sj] = [step[i] ?? 0, step[j] ?? 0];
        const mixed = (si * (moved[j] ?? 0) + (moved[i] ?? 0) * sj) / product;
        this.#inverse[i * size + j] = (this.#inverse[i * size + j] ?? 0) + factor * si * sj - mixed;
      }
    }
  }
}

/** The lowest point of a smooth function near `start` within a box: a quasi-Newton search whose steps end at the walls. */
export function boundedMinimum(
  { value, lower, upper }: BoundedProblem,
  start: ArrayLike<number>,
  options: BoundedMinimumOptions = {},
): BoundedMinimum {
  const { maxEvaluations = 100, tolerance = 1e-6 } = options;
  const clip = (x: number, i: number): number => Math.min(Math.max(x, lower[i] ?? x), upper[i] ?? x);
  let x = Float64Array.from(start, clip);
  let gradient = new Float64Array(x.length);
  let height = value(x, gradient);
  let evaluations = 1;
  const curvature = new Curvature(x.length);
  /** Against a wall, with the slope leading beyond it. */
  const isHeld = (i: number): boolean => {
    const [at, slope] = [x[i] ?? 0, gradient[i] ?? 0];
    return (at <= (lower[i] ?? -Infinity) && slope > 0) || (at >= (upper[i] ?? Infinity) && slope < 0);
  };

  while (evaluations < maxEvaluations) {
    const steepest = gradient.reduce(
      (most, slope, i) => (isHeld(i) ? most : Math.max(most, Math.abs(slope))),
      0,
    );
    if (!(steepest > tolerance)) break;
    const direction = curvature.direction(gradient, isHeld);
    const isDescent = dot(direction, gradient, x.length, 0, 0) < 0;
    if (!isDescent && !curvature.isFresh) {
      curvature.forget();
      continue;
    }
    let length = curvature.isFresh ? Math.min(1, 1 / steepest) : 1;
    let found = false;
    while (evaluations < maxEvaluations && length > 1e-10) {
      const next = x.map((at, i) => clip(at + length * (direction[i] ?? 0), i));
      const step = next.map((at, i) => at - (x[i] ?? 0));
      const slopes = new Float64Array(x.length);
      const nextHeight = value(next, slopes);
      evaluations++;
      if (nextHeight <= height + ENOUGH * dot(step, gradient, x.length, 0, 0)) {
        curvature.learn(
          step,
          slopes.map((slope, i) => slope - (gradient[i] ?? 0)),
        );
        found = height - nextHeight > LEAST_FALL * Math.abs(height);
        [x, gradient, height] = [next, slopes, nextHeight];
        break;
      }
      length /= 2.5;
    }
    if (found) continue;
    if (curvature.isFresh) break;
    curvature.forget();
  }
  return { x, value: height, evaluations };
}
