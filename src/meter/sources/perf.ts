import { join } from 'node:path';
import { ErrorCode, type Host, systemCode, WattloopError } from '../../base/index.js';
import type { MachineUsage } from '../../model/index.js';
import { type OpenPerfGroup, openPerfGroup } from '../native/perf-event.js';
import { membersOf, perfCgroupRoot, withFolder } from '../perf/cgroup.js';
import { countsOf, Followed, Places } from '../perf/followed.js';
import { openProcessors, openTree } from '../perf/open-places.js';
import { type PerfPlan, planPerf } from '../perf/plan.js';
import { identify, processesOfTree } from '../perf/process-tree.js';
import { explainErrno, explainRefusal, ParanoidLimit } from '../perf/refusal.js';
import { type Availability, type FollowedTree, type UsageSource, unusable, usable } from '../source.js';

/** What does not work, for a source that does. */
function noteOf(host: Host, { processorsRefused, hardwareRefused }: PerfPlan): string | undefined {
  const notes: string[] = [];
  if (hardwareRefused === 'EACCES' || hardwareRefused === 'EPERM') {
    const { reason, remedy } = explainErrno(host, hardwareRefused, ParanoidLimit.kernel);
    notes.push(`CPU time alone is counted: ${reason}. ${remedy}`);
  } else if (hardwareRefused !== undefined) {
    notes.push(
      `no cycles, instructions and cache misses: this machine shows no hardware counters (${hardwareRefused}); a virtual machine needs a virtual PMU from its hypervisor`,
    );
  }
  if (processorsRefused !== undefined && processorsRefused !== hardwareRefused) {
    const { reason, remedy } = explainErrno(host, processorsRefused, ParanoidLimit.processors);
    notes.push(`no control groups and no whole machine: ${reason}. ${remedy}`);
  }
  return notes.length > 0 ? notes.join('; ') : undefined;
}

/** CPU time, context switches and, where there are hardware counters, cycles, instructions and cache misses. */
class Perf implements UsageSource {
  readonly name = 'perf';
  readonly title = 'performance counters of process trees, control groups and the machine';
  readonly yields = 'usage';
  readonly #host: Host;
  readonly #openGroup: OpenPerfGroup | undefined;
  readonly #followed = new Set<Followed>();
  #plan: PerfPlan | undefined;
  #machine: Places | undefined;
  /** Both are there once the source is open, if the kernel lets this user count whole processors. */
  machine?: () => MachineUsage;
  followCgroup?: (path: string) => FollowedTree;

  constructor(host: Host, open: OpenPerfGroup | undefined) {
    this.#host = host;
    this.#openGroup = open;
  }

  async probe(): Promise<Availability> {
    try {
      return usable([], noteOf(this.#host, planPerf(this.#host, this.#open())));
    } catch (error) {
      const { reason, remedy } = explainRefusal(this.#host, error, ParanoidLimit.ownProcesses);
      return unusable(reason, remedy);
    }
  }

  async open(): Promise<void> {
    await this.close();
    try {
      const plan = planPerf(this.#host, this.#open());
      this.#plan = plan;
      if (plan.machine) {
        const places = openProcessors(this.#open(), plan.cpus, plan.machine, (cpu) => ({ cpu }));
        const machine = new Places(this.#host, places);
        this.#machine = machine;
        this.machine = () => this.#readMachine(machine);
      }
      const root = perfCgroupRoot(this.#host);
      if (plan.cgroup && root !== undefined) {
        const batches = plan.cgroup;
        this.followCgroup = (path) => this.#followCgroup(plan, batches, root, path);
      }
    } catch (error) {
      await this.close();
      throw this.#explain(error);
    }
  }

  /**
   * Exact while a process lives; the kernel lets go of a thread's counters before it is quite gone, so that about 50 µs of
   * each process that ends are not seen (as with `perf stat`). Control groups have no such gap.
   */
  follow(pid: number): FollowedTree {
    if (!this.#plan) {
      throw new WattloopError(ErrorCode.internal, 'perf: not open', { remedy: 'Call open() first' });
    }
    try {
      const places = openTree(this.#host, this.#open(), this.#plan, pid);
      return this.#keep(new Places(this.#host, places), () => processesOfTree(this.#host, pid));
    } catch (error) {
      throw this.#explain(error, `process ${pid}: `);
    }
  }

  async close(): Promise<void> {
    for (const followed of [...this.#followed]) followed.close();
    this.#machine?.close();
    this.#machine = undefined;
    this.#plan = undefined;
    delete this.machine;
    delete this.followCgroup;
  }

  #followCgroup(
    plan: PerfPlan,
    batches: NonNullable<PerfPlan['cgroup']>,
    root: string,
    path: string,
  ): FollowedTree {
    // Joined to "/" first, so that ".." does not lead out of the hierarchy.
    const folder = join(root, join('/', path));
    try {
      const places = withFolder(folder, (cgroup) =>
        openProcessors(this.#open(), plan.cpus, batches, (cpu) => ({ cpu, cgroup })),
      );
      return this.#keep(new Places(this.#host, places), () => membersOf(folder));
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw this.#explain(error, `control group ${path}: `);
      throw new WattloopError(ErrorCode.notFound, `perf: there is no control group ${folder}`, {
        remedy: 'Give its path below the root of the hierarchy, as in /proc/PID/cgroup',
        cause: error,
      });
    }
  }

  #readMachine(places: Places): MachineUsage {
    places.read();
    return { at: this.#host.clock.now(), logicalCpus: places.all.length, ...countsOf(places.all) };
  }

  #keep(places: Places, pids: () => number[]): Followed {
    const members = () => pids().flatMap((pid) => identify(this.#host, pid) ?? []);
    const followed = new Followed(places, members, () => this.#followed.delete(followed));
    this.#followed.add(followed);
    return followed;
  }

  #open(): OpenPerfGroup {
    if (this.#openGroup) return this.#openGroup;
    throw new WattloopError(
      ErrorCode.sourceUnavailable,
      `counters can be read on this machine alone, and ${this.#host.procfs} is the tree of another`,
      { remedy: 'Leave out --procfs' },
    );
  }

  #explain(error: unknown, what = ''): WattloopError {
    const { code, reason, remedy } = explainRefusal(this.#host, error, ParanoidLimit.ownProcesses);
    return new WattloopError(code, `perf: ${what}${reason}`, { remedy, cause: error });
  }
}

export const perf = (
  host: Host,
  open: OpenPerfGroup | undefined = host.live ? openPerfGroup : undefined,
): UsageSource => new Perf(host, open);
