/** The meter: sources of energy and usage, and what is made of them. */
export {
  type CpuState,
  CpuStates,
  type IdleState,
  type Throttling,
} from './ebpf/cpu-states.js';
export type { Losses } from './ebpf/losses.js';
export type {
  Availability,
  EnergySource,
  FollowedTree,
  InstantEnergySource,
  PolledEnergySource,
  Source,
  UsageSource,
} from './source.js';
export { Ebpf, type EbpfOptions, ebpfOptions, type InterruptTime } from './sources/ebpf.js';
export { allSources } from './sources/index.js';
