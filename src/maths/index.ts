/** Mathematics that several rooms stand on. It imports nothing, not even from Node.js. */

export { autocovariance } from './autocorrelation.js';
export { type BootstrapOptions, blockBootstrap, centralInterval } from './block-bootstrap.js';
export { blockLength } from './block-length.js';
export { LaggedCorrelation } from './lagged-correlation.js';
export { type Moments, moments } from './moments.js';
export { type Random, seededRandom } from './random.js';
export { type RobustLine, robustLine } from './robust-line.js';
export {
  cleaned,
  PowerIntegral,
  type PowerSample,
  type PowerSeries,
  shift,
  usualInterval,
  type Windows,
  windowsOf,
} from './series.js';
export {
  type Estimate,
  type Line,
  type LinePoint,
  median,
  quantileSorted,
  robustDeviation,
  sorted,
  weightedLine,
} from './statistics.js';
export {
  DEFAULT_MAX_LAG_SECONDS,
  type Synchronisation,
  type SynchroniseOptions,
  synchronise,
} from './synchronise.js';
