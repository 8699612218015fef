/** Mathematics that several rooms stand on. It imports nothing, not even from Node.js. */

export { autocovariance } from './autocorrelation.js';
export { type BootstrapOptions, blockBootstrap, centralInterval } from './block-bootstrap.js';
export { blockLength } from './block-length.js';
export { blockedFolds, type Fold } from './blocked-folds.js';
export {
  type BoundedMinimum,
  type BoundedMinimumOptions,
  type BoundedProblem,
  boundedMinimum,
} from './bounded-minimum.js';
export { Cholesky, choleskyOf } from './cholesky.js';
export { addCombination, addScaled, dot } from './dense.js';
export { type EffectSize, effectSize, hedgesCorrection } from './effect-size.js';
export {
  fitGaussianProcess,
  type GaussianPrediction,
  GaussianProcess,
  type GaussianProcessModel,
  type GaussianProcessOptions,
  type HyperparameterBounds,
} from './gaussian-process/gaussian-process.js';
export { KERNEL_NAMES, type KernelName } from './gaussian-process/kernel.js';
export {
  type GaussianData,
  GaussianPosterior,
  type Hyperparameters,
  type LatentValue,
} from './gaussian-process/posterior.js';
export { groupedBy } from './grouped.js';
export { enlarged, type NumberColumn, trimmed } from './growing.js';
export { holm } from './holm.js';
export { incompleteBeta } from './incomplete-beta.js';
export { LaggedCorrelation } from './lagged-correlation.js';
export {
  type LinearFit,
  type LinearRows,
  pickRows,
  predictRow,
  soundRows,
} from './linear-rows.js';
export { type LinearSvrFit, type LinearSvrOptions, linearSvr } from './linear-svr.js';
export { logGamma } from './log-gamma.js';
export { LogHistogram } from './log-histogram.js';
export { type MeanRatio, meanRatio } from './mean-ratio.js';
export { type Moments, moments } from './moments.js';
export { type NnlsOptions, type NnlsSolution, nnls } from './nnls.js';
export { noncentralTCdf } from './noncentral-t.js';
export { normalCdf } from './normal.js';
export {
  emptyEquations,
  multiply,
  type NormalEquations,
  normalEquations,
  type SparseRows,
} from './normal-equations.js';
export { LEAST_FOR_OUTLIERS, outliers } from './outliers.js';
export { dominates, dominators, kneeOf } from './pareto.js';
export { type Random, seededRandom } from './random.js';
export { type RobustLine, robustLine } from './robust-line.js';
export { type RobustLinearFit, type RobustLinearOptions, robustLinear } from './robust-linear.js';
export { rootBetween } from './root.js';
export { coefficientOfVariation, type Statistics, statistics } from './sample-statistics.js';
export {
  cleaned,
  GAP_INTERVALS,
  PowerIntegral,
  type PowerSample,
  type PowerSeries,
  shift,
  usualInterval,
  type Windows,
  windowsOf,
} from './series.js';
export { columnSums, SparseRowBuilder } from './sparse-row-builder.js';
export {
  autocorrelationInflation,
  type ErrorOptions,
  neweyWestErrors,
  residualSquare,
  standardErrors,
  usualLags,
} from './standard-errors.js';
export {
  type Estimate,
  type Line,
  type LinePoint,
  median,
  quantileSorted,
  robustDeviation,
  robustMean,
  sorted,
  weightedLine,
} from './statistics.js';
export { tCdf, tQuantile, tTwoSided } from './student-t.js';
export {
  DEFAULT_MAX_LAG_SECONDS,
  type Synchronisation,
  type SynchroniseOptions,
  synchronise,
} from './synchronise.js';
export { countForPower, detectableEffect, type PowerOptions, testPower } from './test-power.js';
export { type WelchTest, welchTest } from './welch.js';
