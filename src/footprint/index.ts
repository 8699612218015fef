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
export { attribute } from './attribute.js';
export { type ChosenIntensity, chooseIntensity, type IntensitySettings } from './carbon/choose-intensity.js';
export { chooseServer, type EmbodiedSettings } from './carbon/choose-server.js';
export {
  type EmbodiedServer,
  embodiedGrams,
  estimateServerKilograms,
  resourceShare,
  SECONDS_PER_YEAR,
  type ServerParts,
} from './carbon/embodied.js';
export {
  type CarbonMachine,
  type FunctionCarbon,
  type FunctionEnergy,
  functionCarbon,
} from './carbon/function-carbon.js';
export { type IntensitySeries, parseIntensitySeries } from './carbon/intensity.js';
export { type OperationalCarbon, operationalGrams, operationalOfTicks } from './carbon/operational.js';
export { PUE_TABLE, type PueRow, pueOf } from './carbon/pue.js';
export { findRegion, REGION_INTENSITIES, regionIntensity } from './carbon/regions/regions.js';
export { REGION_PROVIDERS, type RegionIntensity, type RegionProvider } from './carbon/regions/row.js';
export { type Sci, type SciTerms, softwareCarbonIntensity } from './carbon/sci.js';
export { SERVERS, type ServerRow, serverById } from './carbon/servers.js';
export type { Citation } from './citation.js';
export type { CounterColumns, CounterName, CounterSample } from './cpu-model/counters.js';
export { type CpuFit, type CpuFitOptions, type CpuRows, fitCpuModel } from './cpu-model/fit.js';
export { type CpuShares, functionCpuWatts, type UsageTick } from './cpu-model/function-cpu-watts.js';
export {
  type CountedCpuModel,
  type CpuModel,
  type CpuModelMethod,
  predictCpuWatts,
} from './cpu-model/model.js';
export { CpuModelTracker, type CpuTrackerOptions } from './cpu-model/tracker.js';
export type {
  CpuObservation,
  CpuTrackerState,
  CpuTraining,
  TrainingReason,
} from './cpu-model/tracker-state.js';
export { cpuRowsOf, cpuWattsOf, UsageTicks, usageTickAt } from './cpu-model/usage-ticks.js';
export {
  addUsage,
  type BilledUsage,
  billedMib,
  billedSeconds,
  billedUsage,
  billedUsageOf,
  type Invoked,
  NO_USAGE,
} from './money/billed.js';
export { type Cost, costPerJoule, invocationCost, monthlyCost } from './money/cost.js';
export {
  type ElectricityCost,
  electricityCost,
  electricityCostOfTicks,
  type PriceSeries,
  parsePriceSeries,
} from './money/electricity.js';
export { priceTable } from './money/price-lookup.js';
export type { Architecture, CpuPrice, PriceTable } from './money/price-table.js';
export { PRICE_TABLES } from './money/price-tables.js';
export {
  type Bill,
  type BillAmounts,
  type BilledFunction,
  billTenants,
  fromNanos,
  type Tariff,
  type TenantBill,
  UNASSIGNED,
} from './money/tenant-bill.js';
export { type Tier, tieredCost } from './money/tiers.js';
export type {
  AccountWindow,
  CallForecast,
  FunctionWindowAccount,
  LoadBasis,
  OnlineAccountOptions,
  WindowAccount,
} from './online/account-window.js';
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
export { OnlineAccount, type OnlineAccountState } from './online/online-account.js';
export { AttributeMode, type AttributeOptions } from './options.js';
export { type CleanOptions, type CleanPowerTable, cleanPower, cleanPowerTable } from './power/clean.js';
export {
  type PowerGap,
  PowerMark,
  type PowerMarkName,
  type PowerMarks,
  usableWatts,
} from './power/marks.js';
export { applyRate, effectiveRate, type RatedEnergy } from './rate/apply-rate.js';
export type { ParseRateOptions } from './rate/parse-rate-series.js';
export { type RatePoints, RateSeries, type RateTicks } from './rate/rate-series.js';
export { type BuiltRows, buildRows } from './rows/build-rows.js';
export type { InvocationKey } from './rows/pending.js';
export { RowAccumulator, type RowAccumulatorOptions } from './rows/row-accumulator.js';
export type { Rows } from './rows/rows.js';
export type { RowsReport } from './rows/rows-report.js';
export { type SharedColumns, type SharedUsage, sharedColumns } from './rows/shared-columns.js';
export { edgeOf, type Ticks, tickOf } from './rows/ticks.js';
export { type PrincipalUsage, type UsageByTick, usageByTick } from './rows/usage-by-tick.js';
export { accountGame } from './shares/account-game.js';
export type { Activity } from './shares/activity.js';
export { compareWithShapley, type ShapleyComparison } from './shares/compare.js';
export { type ShareCourse, shareCourse } from './shares/course.js';
export { type Schedule, type StageSpan, scheduleOf } from './shares/critical-path.js';
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
export { type OrderedGraph, orderedGraph, type WorkflowGraph } from './shares/workflow-graph.js';
export type { CountChange } from './validation/pair/left-out.js';
export {
  type BootstrapEstimate,
  type MarginalEnergy,
  type MarginalOptions,
  marginalFromPair,
} from './validation/pair/marginal-pair.js';
export { type Judged, type ValidateOptions, validate } from './validation/validate.js';
export type { Comparison, ReferenceKind, Validation } from './validation/validation.js';
