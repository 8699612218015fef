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
export { type CleanOptions, type CleanPowerTable, cleanPower, cleanPowerTable } from './power/clean.js';
export {
  type PowerGap,
  PowerMark,
  type PowerMarkName,
  type PowerMarks,
  usableWatts,
} from './power/marks.js';
export type { Rows } from './rows/rows.js';
export type { RowsReport } from './rows/rows-report.js';
export { type SharedColumns, type SharedUsage, sharedColumns } from './rows/shared-columns.js';
export { edgeOf, type Ticks, tickOf } from './rows/ticks.js';
export { type PrincipalUsage, type UsageByTick, usageByTick } from './rows/usage-by-tick.js';
export { accountGame } from './shares/account-game.js';
export type { Activity } from './shares/activity.js';
export { compareWithShapley, type ShapleyComparison } from './shares/compare.js';
export { type ShareCourse, shareCourse } from './shares/course.js';
export type { Curve } from './shares/curve-integral.js';
export { type CurveShareOptions, curveShares, curveSharesByTick } from './shares/curve-shares.js';
export { EXACT_PLAYERS, exactShapley } from './shares/exact-shapley.js';
export {
  DEFAULT_SHARE_WINDOW_SECONDS,
  type FairShareOptions,
  type FairShares,
  fairShares,
  type Unattributed,
} from './shares/fair-shares.js';
export {
  anyoneGame,
  type Coalition,
  type CoalitionValue,
  curveGame,
  floorGame,
  invocationsGame,
  sumOfGames,
  workGame,
} from './shares/games.js';
export {
  contentsOf,
  type FootprintContents,
  FootprintKind,
  type FootprintParts,
  type FootprintTotals,
  footprintKind,
  footprintTotals,
  totalJoules,
} from './shares/kind.js';
export { presenceShares } from './shares/presence.js';
export { type SampledShapley, type SamplingOptions, sampledShapley } from './shares/sampled-shapley.js';
export type { FunctionTally, StageInvocation } from './shares/stage-tally.js';
export type { TickEnergies } from './shares/tick-energies.js';
export {
  type CriticalPath,
  type ResourceFootprint,
  type SharedResource,
  type StageFootprint,
  type WorkflowFootprint,
  type WorkflowRun,
  workflowFootprint,
} from './shares/workflow-footprint.js';
export type { WorkflowGraph } from './shares/workflow-graph.js';
export type { Validation } from './validation/validation.js';
