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
export type { Rows } from './rows/rows.js';
export type { CountChange } from './validation/pair/left-out.js';
export {
  type BootstrapEstimate,
  type MarginalEnergy,
  type MarginalOptions,
  marginalFromPair,
} from './validation/pair/marginal-pair.js';
export { type Judged, type ValidateOptions, validate } from './validation/validate.js';
export type { Comparison, ReferenceKind, Validation } from './validation/validation.js';
