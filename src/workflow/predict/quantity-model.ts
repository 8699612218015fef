import { GaussianProcess, type GaussianProcessModel } from '../../maths/index.js';
import type { ModelErrors, PredictedFigure, StageModelKind } from '../../model/index.js';
import { lawValue, lawVariance } from './law.js';
import type { StagePoint } from './prediction-input.js';
import type { TermName } from './terms.js';
import { studentPoint } from './variance.js';

/** A law as plain data. */
export interface KeptLaw {
  readonly terms: readonly TermName[];
  readonly coefficients: readonly number[];
  readonly active: readonly number[];
  readonly covariance: readonly number[];
}

/** The model of one quantity of a stage, as plain data. Logarithms are what is normal. */
export interface QuantityModel {
  readonly kind: StageModelKind;
  readonly law: KeptLaw;
  /** Of repetitions, and of configurations around the law. */
  readonly repetitionVariance: number;
  readonly configurationVariance: number;
  /** How many times larger errors were, of configurations that were left out, than the variances say; 1 or more. */
  readonly widening: number;
  readonly repetitionFreedom: number;
  readonly configurationFreedom: number;
  /** By cell: how far it lies from the law as far as that is more than chance, and the variance left. */
  readonly offsets: readonly { readonly offset: number; readonly variance: number }[];
  readonly process?: GaussianProcessModel;
  /** By leaving configurations out; none where there were too few. */
  readonly errors: Readonly<Partial<Record<StageModelKind, ModelErrors>>>;
}

/** What is expected of the logarithm of one more run. */
export interface LogPrediction {
  readonly centre: number;
  /** Of what is not known, and of runs. */
  readonly variance: number;
  /** The part of it that is of runs. */
  readonly runVariance: number;
  readonly freedom: number;
  /** From the Gaussian process: how far the nearest point seen is, in its lengths. */
  readonly distance?: number;
}

export const gaussianInput = ({ cpu, memoryMib, workers, work }: StagePoint): number[] => [
  Math.log(cpu),
  Math.log(memoryMib),
  Math.log(workers),
  Math.log(work),
];

/** What was seen of a configuration. */
export interface SeenCells {
  /** The places of its cells among all. */
  readonly cells: readonly number[];
  /** Whether they had as much work and as many cold starts as are asked for; else there is one more step from them to that. */
  readonly isExact: boolean;
}

/** `seen` is absent for a configuration that never ran. */
export function predictLogarithm(
  model: QuantityModel,
  point: StagePoint,
  features: Float64Array,
  seen: SeenCells | undefined,
  process: GaussianProcess | undefined,
): LogPrediction {
  const { law, repetitionVariance: runVariance, configurationVariance, widening } = model;
  const value = lawValue(law.coefficients, features);
  const centre = Math.log(value);
  const ofLaw = lawVariance(
    {
      coefficients: Float64Array.from(law.coefficients),
      active: law.active,
      covariance: Float64Array.from(law.covariance),
    },
    features,
    value,
  );
  const own = seen && configurationOffset(model, seen.cells);
  const ofStep = seen?.isExact === true ? 0 : ofLaw;
  const freedom = own && model.repetitionFreedom > 0 ? model.repetitionFreedom : model.configurationFreedom;
  const wider = own ? 1 : widening ** 2;
  if (model.kind === 'gaussian_process' && process) {
    const { mean, deviation, distance } = process.predict(gaussianInput(point));
    const variance = wider * (deviation ** 2 + ofStep) + runVariance;
    return { centre: centre + mean, variance, runVariance, freedom, distance };
  }
  if (own && model.kind === 'mixed')
    return {
      centre: centre + own.offset,
      variance: own.variance + ofStep + runVariance,
      runVariance,
      freedom,
    };
  const variance = wider * (ofLaw + configurationVariance) + runVariance;
  return { centre, variance, runVariance, freedom };
}

/** How far a configuration lies from the law: the mean of its cells, which may differ among themselves. */
function configurationOffset(
  { offsets }: QuantityModel,
  cells: readonly number[],
): { readonly offset: number; readonly variance: number } {
  const own = cells.flatMap((cell) => offsets[cell] ?? []);
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / own.length;
  const offset = mean(own.map((each) => each.offset));
  const apart = mean(own.map((each) => (each.offset - offset) ** 2));
  return { offset, variance: mean(own.map(({ variance }) => variance)) + apart };
}

/** What is log-normal, as a figure. The mean is that of runs: what is not known of them makes none of them longer. */
export function logNormalFigure({ centre, variance, runVariance, freedom }: LogPrediction): PredictedFigure {
  const mean = Math.exp(centre + runVariance / 2);
  const reach = studentPoint(freedom) * Math.sqrt(variance);
  return {
    mean,
    deviation: mean * Math.sqrt(Math.expm1(variance)),
    interval95: { low: Math.exp(centre - reach), high: Math.exp(centre + reach) },
  };
}

export const processOf = (model: QuantityModel): GaussianProcess | undefined =>
  model.process && new GaussianProcess(model.process);
