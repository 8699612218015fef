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
export type { CounterColumns, CounterName, CounterSample } from './cpu-model/counters.js';
export { type CpuFit, type CpuFitOptions, type CpuRows, fitCpuModel } from './cpu-model/fit.js';
export { type CpuShares, functionCpuWatts, type UsageTick } from './cpu-model/function-cpu-watts.js';
export {
  type CpuModel,
  type CpuModelMethod,
  type LinearCpuModel,
  predictCpuWatts,
} from './cpu-model/model.js';
export { CpuModelTracker, type CpuTrackerOptions } from './cpu-model/tracker.js';
export type {
  CpuObservation,
  CpuTrackerState,
  CpuTraining,
  TrainingReason,
} from './cpu-model/tracker-state.js';
export { cpuRowsOf, cpuWattsOf, UsageTicks } from './cpu-model/usage-ticks.js';
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
