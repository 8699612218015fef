import { Cholesky } from '../cholesky.js';
import { KERNELS, type KernelName } from './kernel.js';
import type { GaussianData, Hyperparameters } from './posterior.js';

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

/**
 * Minus the log marginal likelihood of some data, as a function of the logarithms of the hyperparameters: it writes its
 * slopes into `gradient`. Infinity where they make the covariance impossible: a search then turns back.
 */
export function negativeLogLikelihood(
  { inputs, targets, noiseScales }: GaussianData,
  kernel: KernelName,
): (logarithms: ArrayLike<number>, gradient: Float64Array) => number {
  const size = inputs.length;
  const dimensions = inputs[0]?.length ?? 0;
  const squares = squaredDifferences(inputs, dimensions);
  const { value, fall } = KERNELS[kernel];
  const factor = new Cholesky(size);
  const column = new Float64Array(size);
  // Of the pairs, in the order in which they come.
  const [values, falls] = [new Float64Array((size * size) / 2), new Float64Array((size * size) / 2)];

  return (logarithms, gradient) => {
    const { lengths, signalVariance, noiseVariance } = fromLogarithms(logarithms);
    const inverseSquares = Float64Array.from(lengths, (length) => 1 / length ** 2);
    factor.clear();
    for (let i = 0, pair = 0; i < size; i++) {
      for (let j = 0; j < i; j++, pair++) {
        let squared = 0;
        for (let k = 0; k < dimensions; k++)
          squared += (squares[pair * dimensions + k] ?? 0) * (inverseSquares[k] ?? 0);
        const own = value(squared);
        values[pair] = own;
        falls[pair] = fall(squared, own);
        column[j] = signalVariance * own;
      }
      column[i] = signalVariance * (1 + LEAST_NOISE) + noiseVariance * (noiseScales?.[i] ?? 1);
      if (!factor.append(column)) return Number.POSITIVE_INFINITY;
    }
    const weights = factor.solve(Float64Array.from(targets));
    const inverse = factor.inverse();
    gradient.fill(0);
    const ofLengths = new Float64Array(dimensions);
    let [ofSignal, ofNoise, fit] = [0, 0, 0];
    for (let i = 0, pair = 0; i < size; i++) {
      const own = weights[i] ?? 0;
      fit += own * (targets[i] ?? 0);
      for (let j = 0; j < i; j++, pair++) {
        // Both triangles at once; the likelihood's slope over an entry of the covariance is half of this.
        const lever = ((inverse[i * size + j] ?? 0) - own * (weights[j] ?? 0)) * signalVariance;
        ofSignal += lever * (values[pair] ?? 0);
        const slope = lever * (falls[pair] ?? 0);
        for (let k = 0; k < dimensions; k++)
          ofLengths[k] =
            (ofLengths[k] ?? 0) + slope * (squares[pair * dimensions + k] ?? 0) * (inverseSquares[k] ?? 0);
      }
      const lever = ((inverse[i * size + i] ?? 0) - own * own) / 2;
      ofSignal += lever * signalVariance;
      ofNoise += lever * noiseVariance * (noiseScales?.[i] ?? 1);
    }
    gradient.set([...ofLengths, ofSignal, ofNoise]);
    return (fit + factor.logDeterminant() + size * Math.log(2 * Math.PI)) / 2;
  };
}

/** In units of the signal's variance: keeps a covariance of points that nearly coincide possible. */
const LEAST_NOISE = 1e-10;

/** By pair (i, j < i) and dimension. */
function squaredDifferences(inputs: GaussianData['inputs'], dimensions: number): Float64Array {
  const size = inputs.length;
  const squares = new Float64Array(((size * (size - 1)) / 2) * dimensions);
  let place = 0;
  for (const [i, here] of inputs.entries())
    for (const there of inputs.slice(0, i))
      for (let k = 0; k < dimensions; k++) squares[place++] = ((here[k] ?? 0) - (there[k] ?? 0)) ** 2;
  return squares;
}
