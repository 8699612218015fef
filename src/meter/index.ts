/** The meter: sources of energy and usage, and what is made of them. */
export { type GpuProcessUsage, type GpuUsageReader, nvidiaUsage } from './nvidia/usage.js';
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
