import { boundedMinimum } from '../bounded-minimum.js';
import { type Random, seededRandom } from '../random.js';
import type { KernelName } from './kernel.js';
import { fromLogarithms, negativeLogLikelihood, toLogarithms } from './likelihood.js';
import { type GaussianData, GaussianPosterior, type Hyperparameters, squaredDistance } from './posterior.js';
import { type Scaling, scaled, scalingOf } from './scaling.js';

/** All that a fitted process is, as plain data: it can be kept as JSON. */
export interface GaussianProcessModel {
  readonly kernel: KernelName;
  /** Of the scaled figures. */
  readonly hyperparameters: Hyperparameters;
  readonly inputs: readonly (readonly number[])[];
  readonly targets: readonly number[];
  readonly noiseScales?: readonly number[];
  readonly inputScalings: readonly Scaling[];
  readonly targetScaling: Scaling;
  readonly logLikelihood: number;
}

export interface GaussianProcessOptions {
  readonly kernel?: KernelName;
  /** By dimension: whether its logarithm is what counts. Such inputs must be above 0. */
  readonly logInputs?: readonly boolean[];
  /** Whether the targets' logarithms are normal. Such targets must be above 0. */
  readonly logTargets?: boolean;
  /** The targets are deviations from something: they are not centred, so that far from all points the process says 0. */
  readonly zeroMean?: boolean;
  /** By point: how many times the noise's variance it has. */
  readonly noiseScales?: readonly number[];
  /** Bounds of the hyperparameters, of figures scaled to deviation 1. */
  readonly bounds?: Partial<HyperparameterBounds>;
  /** Searches for the likeliest hyperparameters: the first from `start` or the usual guess, the others from anywhere. */
  readonly starts?: number;
  readonly start?: Hyperparameters;
  readonly maxEvaluations?: number;
  readonly seed?: number;
}

export interface HyperparameterBounds {
  readonly length: readonly [number, number];
  readonly signalVariance: readonly [number, number];
  readonly noiseVariance: readonly [number, number];
}

const BOUNDS: HyperparameterBounds = {
  length: [0.05, 50],
  signalVariance: [1e-4, 1e3],
  noiseVariance: [1e-8, 10],
};
const STARTS = 3;
const MAX_EVALUATIONS = 80;

export function fitGaussianProcess(
  inputs: readonly (readonly number[])[],
  targets: readonly number[],
  options: GaussianProcessOptions = {},
): GaussianProcessModel {
  const { kernel = 'matern52', logInputs = [], logTargets = false, noiseScales } = options;
  const dimensions = inputs[0]?.length ?? 0;
  if (inputs.length === 0 || inputs.length !== targets.length)
    throw new RangeError(`${inputs.length} points with ${targets.length} targets`);
  const inputScalings = Array.from({ length: dimensions }, (_, k) =>
    scalingOf(
      inputs.map((input) => input[k] ?? Number.NaN),
      logInputs[k] ?? false,
    ),
  );
  const own = scalingOf(targets, logTargets);
  const targetScaling: Scaling =
    options.zeroMean === true ? { ...own, centre: 0, scale: rootMeanSquare(targets, own) } : own;
  const data = scaledData({ inputs, targets, inputScalings, targetScaling, noiseScales });
  if (
    ![...data.inputs.flatMap((input) => Array.from(input)), ...Array.from(data.targets)].every(
      Number.isFinite,
    )
  )
    throw new RangeError('a point or target is not finite, or not above 0 where its logarithm counts');
  const found = likeliest(data, kernel, dimensions, options);
  return {
    kernel,
    hyperparameters: found.hyperparameters,
    inputs,
    targets,
    ...(noiseScales && { noiseScales }),
    inputScalings,
    targetScaling,
    logLikelihood: found.logLikelihood,
  };
}

/** Deviations are measured from 0. */
function rootMeanSquare(targets: readonly number[], { logarithmic }: Scaling): number {
  const figures = logarithmic ? targets.map(Math.log) : targets;
  return Math.sqrt(figures.reduce((sum, figure) => sum + figure ** 2, 0) / figures.length) || 1;
}

type Unscaled = Pick<GaussianProcessModel, 'inputs' | 'targets' | 'inputScalings' | 'targetScaling'> & {
  readonly noiseScales?: readonly number[] | undefined;
};

function scaledData({ inputs, targets, inputScalings, targetScaling, noiseScales }: Unscaled): GaussianData {
  return {
    inputs: inputs.map((input) => inputScalings.map((scaling, k) => scaled(scaling, input[k] ?? Number.NaN))),
    targets: targets.map((target) => scaled(targetScaling, target)),
    ...(noiseScales && { noiseScales }),
  };
}

function likeliest(
  data: GaussianData,
  kernel: KernelName,
  dimensions: number,
  options: GaussianProcessOptions,
): { hyperparameters: Hyperparameters; logLikelihood: number } {
  const { starts = STARTS, maxEvaluations = MAX_EVALUATIONS, seed = 1 } = options;
  const { length, signalVariance, noiseVariance } = { ...BOUNDS, ...options.bounds };
  const ranges = [...Array.from({ length: dimensions }, () => length), signalVariance, noiseVariance];
  const [lower, upper] = [ranges.map(([low]) => Math.log(low)), ranges.map(([, high]) => Math.log(high))];
  const problem = {
    value: negativeLogLikelihood(data, kernel),
    lower,
    upper,
  };
  const usual = { lengths: new Array<number>(dimensions).fill(1), signalVariance: 1, noiseVariance: 0.1 };
  const random = seededRandom(seed);
  const results = Array.from({ length: Math.max(1, starts) }, (_, i) =>
    boundedMinimum(problem, i === 0 ? toLogarithms(options.start ?? usual) : anywhere(lower, upper, random), {
      maxEvaluations,
      tolerance: 1e-5,
    }),
  );
  const best = results.reduce((a, b) => (b.value < a.value ? b : a));
  return { hyperparameters: fromLogarithms(best.x), logLikelihood: -best.value };
}

/** The middle half of a range: at its walls the likelihood is flat. */
const anywhere = (lower: readonly number[], upper: readonly number[], random: Random): number[] =>
  lower.map((low, k) => low + ((upper[k] ?? low) - low) * (0.25 + 0.5 * random.uniform()));

/** What a process says of a point. Of logarithmic targets, the mean and deviation of what is log-normal. */
export interface GaussianPrediction {
  readonly mean: number;
  /** Of the value itself. */
  readonly deviation: number;
  /** Of an observation of it, its noise included. */
  readonly observedDeviation: number;
  /** Distance to the nearest point seen, in the process's lengths: beyond 1 or so it knows little. */
  readonly distance: number;
}

/** A process that was fitted, now or long ago, ready to predict. */
export class GaussianProcess {
  readonly model: GaussianProcessModel;
  readonly posterior: GaussianPosterior;
  readonly #data: GaussianData;

  constructor(model: GaussianProcessModel) {
    this.model = model;
    this.#data = scaledData(model);
    this.posterior = new GaussianPosterior(this.#data, model.kernel, model.hyperparameters);
  }

  /** With one more point: the hyperparameters and scales stay as they are. */
  with(input: readonly number[], target: number, noiseScale = 1): GaussianProcess {
    const { inputs, targets, noiseScales } = this.model;
    return new GaussianProcess({
      ...this.model,
      inputs: [...inputs, input],
      targets: [...targets, target],
      noiseScales: [...(noiseScales ?? targets.map(() => 1)), noiseScale],
    });
  }

  /**
   * What the others say of each point: its value, without its noise. The hyperparameters are those of all points. With
   * `targets`, as if those had been seen. Not for logarithmic targets.
   */
  leaveOneOut(targets: readonly number[] = this.model.targets): { mean: number; deviation: number }[] {
    const { targetScaling, hyperparameters, noiseScales } = this.model;
    const { centre, scale } = targetScaling;
    const left = this.posterior.leaveOneOut(targets.map((target) => scaled(targetScaling, target)));
    return left.map(({ mean, variance }, i) => {
      const own = variance - hyperparameters.noiseVariance * (noiseScales?.[i] ?? 1);
      return { mean: centre + mean * scale, deviation: Math.sqrt(Math.max(0, own)) * scale };
    });
  }

  predict(input: readonly number[]): GaussianPrediction {
    const { inputScalings, targetScaling, hyperparameters } = this.model;
    const point = inputScalings.map((scaling, k) => scaled(scaling, input[k] ?? Number.NaN));
    const { mean, variance } = this.posterior.at(point);
    const { logarithmic, centre, scale } = targetScaling;
    const nearest = this.#data.inputs.reduce(
      (least, other) => Math.min(least, squaredDistance(point, other, hyperparameters.lengths)),
      Number.POSITIVE_INFINITY,
    );
    const level = centre + mean * scale;
    const [own, observed] = [variance, variance + hyperparameters.noiseVariance].map((v) => v * scale ** 2);
    const distance = Math.sqrt(nearest);
    if (!logarithmic)
      return {
        mean: level,
        deviation: Math.sqrt(own ?? 0),
        observedDeviation: Math.sqrt(observed ?? 0),
        distance,
      };
    const average = Math.exp(level + (own ?? 0) / 2);
    return {
      mean: average,
      deviation: average * Math.sqrt(Math.expm1(own ?? 0)),
      observedDeviation: Math.exp(level + (observed ?? 0) / 2) * Math.sqrt(Math.expm1(observed ?? 0)),
      distance,
    };
  }
}
