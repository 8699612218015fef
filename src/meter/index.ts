/** The meter: sources of energy and usage, and what is made of them. */
export { activeJoules, joulesOver, type PowerModel, wattsAt } from './estimate/power-model.js';
export { type Estimate, type EstimateContext, estimateFor, type TdpRow, tdpRow } from './estimate/tdp-row.js';
export type {
  Availability,
  EnergySource,
  FollowedTree,
  InstantEnergySource,
  PolledEnergySource,
  Source,
  UsageSource,
} from './source.js';
export { allSources } from './sources/index.js';
export { readEstimate } from './sources/tdp.js';
