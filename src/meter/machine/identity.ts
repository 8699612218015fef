import type { Host } from '../../base/index.js';
import type { CpuIdentity } from '../../model/index.js';
import { type CgroupVersion, detectLayout } from '../cgroup/layout.js';
import { readCpuIdentity } from './cpu.js';
import { type KernelFeatures, readKernelFeatures } from './kernel.js';
import { readVirtualization, type Virtualization } from './virtualization.js';

/** What kind of machine this is, as far as measuring on it depends on that. */
export interface MachineIdentity {
  readonly cpu: CpuIdentity;
  readonly virtualization: Virtualization;
  readonly kernel: KernelFeatures;
  /** Absent when no hierarchy of control groups is mounted. */
  readonly cgroup: CgroupVersion | undefined;
}

export const readMachineIdentity = (host: Host): MachineIdentity => ({
  cpu: readCpuIdentity(host),
  virtualization: readVirtualization(host),
  kernel: readKernelFeatures(host),
  cgroup: detectLayout(host)?.version,
});
