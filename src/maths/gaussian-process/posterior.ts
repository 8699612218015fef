import { Cholesky } from '../cholesky.js';
import { dot } from '../dense.js';
import { KERNELS, type KernelName } from './kernel.js';

/** Points and what was seen at them. The process has mean 0. */
export interface GaussianData {
  readonly inputs: readonly ArrayLike<number>[];
  readonly targets: ArrayLike<number>;
  /** By point: how many times the noise's variance it has; the mean of n repetitions has 1/n. 1 where not given. */
  readonly noiseScales?: ArrayLike<number>;
}

export interface Hyperparameters {
  /** By dimension: how far apart values still have to do with one another. */
  readonly lengths: readonly number[];
  readonly signalVariance: number;
  readonly noiseVariance: number;
}

export interface LatentValue {
  readonly mean: number;
  /** Of the value itself; an observation of it has its noise on top. */
  readonly variance: number;
}

/** What is added to the diagonal, in units of the signal's variance, before the matrix counts as impossible. */
const JITTERS = [0, 1e-10, 1e-8, 1e-6, 1e-4] as const;

export function squaredDistance(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  lengths: readonly number[],
): number {
  let sum = 0;
  for (let k = 0; k < lengths.length; k++) sum += (((a[k] ?? 0) - (b[k] ?? 0)) / (lengths[k] ?? 1)) ** 2;
  return sum;
}

/** A Gaussian process that has seen data: exact, n³/6 multiplications to make, n² for a prediction with its variance. */
export class GaussianPosterior {
  readonly #data: GaussianData;
  readonly #kernel: KernelName;
  readonly #hyper: Hyperparameters;
  readonly #factor: Cholesky;
  #precision: Float64Array | undefined;
  /** Covariance⁻¹ · targets. */
  readonly weights: Float64Array;

  /** Throws a RangeError where the covariance is not positive definite even with some jitter: figures that aren't finite. */
  constructor(data: GaussianData, kernel: KernelName, hyper: Hyperparameters) {
    this.#data = data;
    this.#kernel = kernel;
    this.#hyper = hyper;
    this.#factor = this.#factorised();
    this.weights = this.#factor.solve(Float64Array.from(data.targets));
  }

  #noiseOf(point: number): number {
    return this.#hyper.noiseVariance * (this.#data.noiseScales?.[point] ?? 1);
  }

  #covariances(at: ArrayLike<number>, count: number): Float64Array {
    const { lengths, signalVariance } = this.#hyper;
    const { value } = KERNELS[this.#kernel];
    const column = new Float64Array(count);
    for (let i = 0; i < count; i++)
      column[i] = signalVariance * value(squaredDistance(at, this.#data.inputs[i] ?? [], lengths));
    return column;
  }

  #factorised(): Cholesky {
    const { inputs } = this.#data;
    const factor = new Cholesky(inputs.length);
    for (const jitter of JITTERS) {
      factor.clear();
      const isWhole = inputs.every((input, i) => {
        const column = this.#covariances(input, i + 1);
        column[i] = (column[i] ?? 0) + this.#noiseOf(i) + jitter * this.#hyper.signalVariance;
        return factor.append(column);
      });
      if (isWhole) return factor;
    }
    throw new RangeError('the covariance of the points is not positive definite');
  }

  /** The logarithm of the probability of the targets. */
  logLikelihood(): number {
    const { targets } = this.#data;
    const fit = this.weights.reduce((sum, weight, i) => sum + weight * (targets[i] ?? 0), 0);
    return -(fit + this.#factor.logDeterminant() + this.weights.length * Math.log(2 * Math.PI)) / 2;
  }

  at(input: ArrayLike<number>): LatentValue {
    const count = this.weights.length;
    const column = this.#covariances(input, count);
    const mean = dot(column, this.weights, count, 0, 0);
    const explained = this.#factor.forward(column);
    const variance = this.#hyper.signalVariance - dot(explained, explained, count, 0, 0);
    return { mean, variance: Math.max(0, variance) };
  }

  /**
   * What the other points say of each point, its own noise in the variance: without fitting again. With `targets`, as if
   * those had been seen.
   */
  leaveOneOut(targets: ArrayLike<number> = this.#data.targets): LatentValue[] {
    this.#precision ??= this.#factor.inverseDiagonal();
    const weights =
      targets === this.#data.targets ? this.weights : this.#factor.solve(Float64Array.from(targets));
    return Array.from(this.#precision, (value, i) => ({
      mean: (targets[i] ?? 0) - (weights[i] ?? 0) / value,
      variance: 1 / value,
    }));
  }
}
