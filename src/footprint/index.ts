/** The account: who used the energy of a machine, and what carbon and money that is. Pure: plain data in, plain data out. */

export type {
  Account,
  AccountCourse,
  AccountProvenance,
  AccountShares,
  Finding,
  FunctionAccount,
  InseparableGroup,
} from './account.js';
export { OnlineDisaggregator, type OnlineState } from './online/disaggregator.js';
export {
  type BayesOptions,
  type LatencyStatistics,
  type OnlineEstimate,
  OnlineMode,
  type OnlineOptions,
  type OnlineWindow,
  type PublishedOptions,
} from './online/online.js';
export type { Rows } from './rows/rows.js';
export type { Validation } from './validation/validation.js';
