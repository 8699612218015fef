import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ErrorCode, type Host, listIfAny, messageOf, WattloopError } from '../../base/index.js';
import {
  type CgroupUsage,
  type MachineUsage,
  NANOSECONDS_PER_SECOND,
  type ProcessUsage,
  type Settings,
} from '../../model/index.js';
import { usageOf } from '../ebpf/amount.js';
import { FollowedCgroup } from '../ebpf/followed-cgroup.js';
import { type KernelAccount, type KernelAccountOptions, openKernelAccount } from '../ebpf/kernel-account.js';
import type { Losses } from '../ebpf/losses.js';
import { obstacle } from '../ebpf/obstacles.js';
import { onlineCpus } from '../ebpf/possible-cpus.js';
import { BpfError } from '../native/libbpf.js';
import {
  type Availability,
  type FollowedTree,
  type UsageSource,
  unavailable,
  unusable,
  usable,
} from '../source.js';

/** What one processor spent on interrupts since the source was opened. */
export interface InterruptTime {
  readonly cpu: number;
  readonly hardSeconds: number;
  readonly hardCount: number;
  readonly softSeconds: number;
  readonly softCount: number;
}

export type EbpfOptions = Partial<KernelAccountOptions>;

const DEFAULTS: KernelAccountOptions = { maxProcesses: 16_384, maxCgroups: 4_096, interrupts: true };

function explain(error: unknown): { reason: string; remedy: string } {
  if (error instanceof WattloopError) return { reason: error.message, remedy: error.remedy ?? '' };
  if (!(error instanceof BpfError)) return { reason: messageOf(error), remedy: 'Report this' };
  const said = error.details.at(-1);
  const reason = `the kernel refuses the programs: ${error.message}${said ? ` (${said})` : ''}`;
  const remedy =
    error.code === 'EPERM'
      ? 'Run as root outside of a restricted container (docker run --privileged), or with CAP_BPF, CAP_PERFMON and CAP_SYS_RESOURCE'
      : error.code === 'ENOMEM'
        ? 'Lower sources.ebpf.max_processes, or raise the memory limit of this control group'
        : 'Use Linux 5.8 or later; wattloop doctor --debug shows what the verifier said';
  return { reason, remedy };
}

/** Exact CPU time by process, process tree and control group, from programs in the kernel's scheduler. */
export class Ebpf implements UsageSource {
  readonly name = 'ebpf';
  readonly title = 'kernel programs at every context switch (eBPF)';
  readonly yields = 'usage';
  readonly cgroupsContainOthers = true;
  readonly #host: Host;
  readonly #options: KernelAccountOptions;
  #account: KernelAccount | undefined;
  readonly #followed = new Set<FollowedCgroup>();
  #warned = 0;
  #busyNs = 0;

  constructor(host: Host, options: EbpfOptions = {}) {
    this.#host = host;
    this.#options = { ...DEFAULTS, ...options };
  }

  async probe(): Promise<Availability> {
    const known = obstacle(this.#host);
    if (known) return known;
    if (this.#account) return this.#describe(this.#account);
    try {
      const account = openKernelAccount(this.#host, this.#options);
      const answer = this.#describe(account);
      account.close();
      return answer;
    } catch (error) {
      const { reason, remedy } = explain(error);
      return unusable(reason, remedy);
    }
  }

  async open(): Promise<void> {
    await this.close();
    const known = obstacle(this.#host);
    if (known && !known.usable) {
      throw unavailable(this.name, known);
    }
    this.#removePins();
    [this.#warned, this.#busyNs] = [0, 0];
    try {
      this.#account = openKernelAccount(this.#host, this.#options);
    } catch (error) {
      const { reason, remedy } = explain(error);
      throw new WattloopError(ErrorCode.sourceUnavailable, `ebpf: ${reason}`, { remedy, cause: error });
    }
  }

  follow(pid: number): FollowedTree {
    return this.#opened().trees.follow(pid);
  }

  followCgroup(path: string): FollowedTree {
    const { cgroups, hierarchy, countsCycles } = this.#opened();
    const mount = hierarchy?.mount ?? this.#host.sys('fs/cgroup');
    if (!existsSync(join(mount, path))) {
      throw new WattloopError(ErrorCode.notFound, `ebpf: there is no control group ${path} in ${mount}`, {
        remedy: 'Give its path below the root of the hierarchy, as /proc/PID/cgroup shows it',
      });
    }
    const followed = new FollowedCgroup({
      host: this.#host,
      account: cgroups,
      mount,
      path,
      countsCycles,
      whenClosed: (closed) => this.#followed.delete(closed),
    });
    this.#followed.add(followed);
    return followed;
  }

  machine(): MachineUsage {
    const { board, countsCycles, countsInterrupts } = this.#opened();
    const at = this.#host.clock.now();
    let [taskNs, interruptNs, cycles, switches] = [0, 0, 0, 0];
    for (let cpu = 0; cpu < board.count; cpu++) {
      const busy = board.busy(cpu);
      taskNs += busy.taskNs;
      interruptNs += busy.hardNs + busy.softNs;
      cycles += busy.cycles;
      switches += busy.switches;
    }
    // A switch that the kernel did not tell shows as a slice that goes on, until it is made up for.
    this.#busyNs = Math.max(this.#busyNs, taskNs + interruptNs);
    return {
      at,
      logicalCpus: onlineCpus(this.#host).length,
      busySeconds: this.#busyNs / NANOSECONDS_PER_SECOND,
      contextSwitches: switches,
      ...(countsInterrupts ? { interruptSeconds: interruptNs / NANOSECONDS_PER_SECOND } : {}),
      ...(countsCycles ? { cycles } : {}),
    };
  }

  processes(): ProcessUsage[] {
    const usages = this.#opened().processes.read();
    this.#warnOfLosses();
    return usages;
  }

  cgroups(): CgroupUsage[] {
    const { cgroups, countsCycles } = this.#opened();
    const usages = [...cgroups.read()].map(([path, amount]) => ({
      path,
      usage: usageOf(amount, countsCycles),
    }));
    this.#warnOfLosses();
    return usages;
  }

  /** Time that each processor spent on interrupts; empty where the kernel does not tell. */
  interrupts(): InterruptTime[] {
    const { board, countsInterrupts } = this.#opened();
    if (!countsInterrupts) return [];
    return Array.from({ length: board.count }, (_, cpu) => {
      const { hardNs, hardCount, softNs, softCount } = board.busy(cpu);
      return {
        cpu,
        hardSeconds: hardNs / NANOSECONDS_PER_SECOND,
        hardCount,
        softSeconds: softNs / NANOSECONDS_PER_SECOND,
        softCount,
      };
    });
  }

  /** What found no place in the finer accounts; the machine's total has it. */
  losses(): Losses {
    return this.#opened().losses();
  }

  async close(): Promise<void> {
    // Their last figures stay; the memory behind them goes.
    for (const followed of this.#followed) followed.close();
    this.#account?.close();
    this.#account = undefined;
  }

  #opened(): KernelAccount {
    if (this.#account) return this.#account;
    throw new WattloopError(ErrorCode.internal, 'ebpf: read before it was opened', {
      remedy: 'Call open first',
    });
  }

  #describe({ countsCycles, countsInterrupts, hierarchy }: KernelAccount): Availability {
    const groups = hierarchy
      ? `control groups by ${hierarchy.controller} (${hierarchy.mount})`
      : 'no control groups';
    const cycles = countsCycles ? 'cycles' : 'no cycles (the processor has no counter for them here)';
    const interrupts = countsInterrupts ? 'interrupts told apart' : 'interrupts not told apart';
    return usable([], `${groups}; ${cycles}; ${interrupts}`);
  }

  /** Nothing is ever pinned; should anything of that name be there, it is of no use to anyone. */
  #removePins(): void {
    for (const name of listIfAny(this.#host.sys('fs/bpf'))) {
      if (!name.startsWith('wattloop')) continue;
      this.#host.log.info('ebpf: removes a pinned object', { name });
      rmSync(this.#host.sys('fs/bpf', name), { recursive: true, force: true });
    }
  }

  #warnOfLosses(): void {
    const { processSlices, cgroupSlices, endedProcesses, descendants } = this.losses();
    const lost = processSlices + cgroupSlices + endedProcesses + descendants;
    if (lost <= this.#warned) return;
    this.#warned = lost;
    this.#host.log.warn('ebpf: a map is full; what found no place is counted apart', {
      process_slices: processSlices,
      cgroup_slices: cgroupSlices,
      ended_processes: endedProcesses,
      descendants,
      remedy: 'raise sources.ebpf.max_processes or max_cgroups',
    });
  }
}

export const ebpfOptions = ({ sources }: Settings): EbpfOptions => ({
  maxProcesses: sources.ebpf.max_processes,
  maxCgroups: sources.ebpf.max_cgroups,
  interrupts: sources.ebpf.interrupts,
  controller: sources.ebpf.cgroup_controller,
});

export const ebpf = (host: Host, options?: EbpfOptions): Ebpf => new Ebpf(host, options);
