import { KERNELS, type KernelName } from './kernel.js';
import { type GaussianData, GaussianPosterior, type Hyperparameters, squaredDistance } from './posterior.js';

/** The hyperparameters as logarithms: lengths, signal variance, noise variance. */
export function fromLogarithms(logarithms: ArrayLike<number>): Hyperparameters {
  const values = Array.from(logarithms, Math.exp);
  return {
    lengths: values.slice(0, -2),
    signalVariance: values.at(-2) ?? Number.NaN,
    noiseVariance: values.at(-1) ?? Number.NaN,
  };
}

export const toLogarithms = ({ lengths, signalVariance, noiseVariance }: Hyperparameters): number[] =>
  [...lengths, signalVariance, noiseVariance].map(Math.log);

/** Minus the log marginal likelihood; writes its slopes over the logarithms of the hyperparameters into `gradient`. */
export function negativeLogLikelihood(
  data: GaussianData,
  kernel: KernelName,
  logarithms: ArrayLike<number>,
  gradient: Float64Array,
): number {
  const hyper = fromLogarithms(logarithms);
  const { lengths, signalVariance } = hyper;
  const { value, fall } = KERNELS[kernel];
  let posterior: GaussianPosterior;
  try {
    posterior = new GaussianPosterior(data, kernel, hyper);
  } catch (error) {
    // Only where the hyperparameters make the matrix impossible: the search then turns back.
    if (error instanceof RangeError) return Number.POSITIVE_INFINITY;
    throw error;
  }
  const { weights } = posterior;
  const size = weights.length;
  const dimensions = lengths.length;
  const inverse = posterior.factor.inverse();
  gradient.fill(0);
  const add = (k: number, amount: number): void => {
    gradient[k] = (gradient[k] ?? 0) + amount;
  };
  for (let i = 0; i < size; i++) {
    const [own, here] = [weights[i] ?? 0, data.inputs[i] ?? []];
    for (let j = 0; j < i; j++) {
      // Both triangles at once; the likelihood's slope over an entry of the covariance is half of this.
      const lever = ((inverse[i * size + j] ?? 0) - own * (weights[j] ?? 0)) * signalVariance;
      const there = data.inputs[j] ?? [];
      const squared = squaredDistance(here, there, lengths);
      add(dimensions, lever * value(squared));
      const slope = lever * fall(squared);
      for (let k = 0; k < dimensions; k++)
        add(k, slope * (((here[k] ?? 0) - (there[k] ?? 0)) / (lengths[k] ?? 1)) ** 2);
    }
    const lever = ((inverse[i * size + i] ?? 0) - own * own) / 2;
    add(dimensions, lever * signalVariance);
    add(dimensions + 1, lever * posterior.noiseOf(i));
  }
  return -posterior.logLikelihood();
}
