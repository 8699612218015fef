/** The meter: sources of energy and usage, and what is made of them. */
export {
  type ContainerRuntime,
  type GroupIdentity,
  type QosClass,
  recognise,
} from './cgroup/container.js';
export { type ContainerDescription, DockerNames, type DockerNamesOptions } from './cgroup/docker-names.js';
export { type GroupDetails, readGroupDetails } from './cgroup/group-details.js';
export { type CgroupLayout, type CgroupVersion, detectLayout, groupOfProcess } from './cgroup/layout.js';
export { type MachineIdentity, readMachineIdentity } from './machine/identity.js';
export type { KernelFeatures } from './machine/kernel.js';
export type { Hypervisor, Virtualization } from './machine/virtualization.js';
export {
  type LoadAverage,
  type MachineMemory,
  type NetworkDevice,
  readCpuFrequencies,
  readLoadAverage,
  readMachineMemory,
  readNetworkDevices,
} from './proc/machine-files.js';
export { readProportionalMib } from './proc/process-files.js';
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
