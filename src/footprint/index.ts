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
export { type CleanOptions, type CleanPowerTable, cleanPower, cleanPowerTable } from './power/clean.js';
export {
  type PowerGap,
  PowerMark,
  type PowerMarkName,
  type PowerMarks,
  usableWatts,
} from './power/marks.js';
export type { Rows } from './rows/rows.js';
export type { Validation } from './validation/validation.js';
