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
export { type BuiltRows, buildRows } from './rows/build-rows.js';
export type { InvocationKey } from './rows/pending.js';
export { RowAccumulator, type RowAccumulatorOptions } from './rows/row-accumulator.js';
export type { Rows } from './rows/rows.js';
export type { RowsReport } from './rows/rows-report.js';
export { type SharedColumns, type SharedUsage, sharedColumns } from './rows/shared-columns.js';
export { edgeOf, type Ticks, tickOf } from './rows/ticks.js';
export { type PrincipalUsage, type UsageByTick, usageByTick } from './rows/usage-by-tick.js';
export type { Validation } from './validation/validation.js';
