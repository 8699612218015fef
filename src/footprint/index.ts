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
export { applyRate, effectiveRate, type RatedEnergy } from './rate/apply-rate.js';
export type { ParseRateOptions } from './rate/parse-rate-series.js';
export { type RatePoints, RateSeries, type RateTicks } from './rate/rate-series.js';
export type { Rows } from './rows/rows.js';
export type { Validation } from './validation/validation.js';
