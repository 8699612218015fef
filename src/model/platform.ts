import type { CpuIdentity } from './cpu.js';

/** How a limit is kept: by the kernel's control groups, by something weaker, or not at all. */
export interface EnforcedLimit {
  /** `cgroup-v1`, `cgroup-v2`, `affinity`, `heap`, `watchdog`, `none`, or a platform's own name. */
  readonly by: string;
  /** What that means, or why nothing better could be had. */
  readonly note?: string;
}

/** Where an invocation ran. Workers of one machine share one such object. */
export interface Platform {
  /** The compute backend: `local`. */
  readonly backend: string;
  readonly hostname: string;
  readonly cpu: CpuIdentity;
  readonly memoryMib: number;
  readonly operatingSystem: string;
  readonly kernel: string;
  /** `node 20.19.1`, or what else runs the function. */
  readonly runtime: string;
  /** The hypervisor's name; absent on bare metal and where nobody knows. */
  readonly virtualization?: string;
  readonly cpuLimit: EnforcedLimit;
  readonly memoryLimit: EnforcedLimit;
}
