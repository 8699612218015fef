import { ErrorCode, type Host, WattloopError } from '../../base/index.js';
import { NANOSECONDS_PER_SECOND } from '../../model/index.js';
import { CgroupAccount } from './cgroup-account.js';
import { CgroupPaths } from './cgroup-paths.js';
import { CpuBoard, kernelClock } from './cpu-board.js';
import { CycleCounters } from './cycle-counters.js';
import { FollowedTrees } from './followed-trees.js';
import { chooseHierarchy, type Hierarchy } from './hierarchy.js';
import { AMOUNT, type Controller, FOLLOWED, PROCESS, PROCESS_KEY } from './layout.js';
import { type Losses, lossesIn } from './losses.js';
import { cpuRecords } from './possible-cpus.js';
import { ProcessAccount } from './process-account.js';
import { recordIn } from './records.js';
import { Table } from './table.js';
import { type UsageOptions, UsagePrograms } from './usage-programs.js';

export interface KernelAccountOptions extends UsageOptions {
  /** The hierarchy of control groups; chosen by what is mounted when not given. */
  readonly controller?: Controller | undefined;
}

/** The kernel programs at work, and the accounts of what they count. */
export interface KernelAccount {
  readonly board: CpuBoard;
  readonly hierarchy: Hierarchy | undefined;
  readonly countsCycles: boolean;
  readonly countsInterrupts: boolean;
  readonly trees: FollowedTrees;
  readonly processes: ProcessAccount;
  readonly cgroups: CgroupAccount;
  losses(): Losses;
  close(): void;
}

/** Loads and attaches the programs. Throws a BpfError or a WattloopError, and leaves nothing behind then. */
export function openKernelAccount(host: Host, options: KernelAccountOptions): KernelAccount {
  const records = cpuRecords(host);
  const hierarchy = chooseHierarchy(host, options.controller);
  if (hierarchy === undefined && options.controller !== undefined) {
    throw new WattloopError(
      ErrorCode.badConfiguration,
      `no hierarchy of control groups with the controller ${options.controller} is mounted`,
      { remedy: 'Leave sources.ebpf.cgroup_controller unset, or mount it' },
    );
  }
  const cycles = CycleCounters.open(records, options.cycleEvent);
  let programs: UsagePrograms;
  try {
    programs = UsagePrograms.load(host, options, records, hierarchy, cycles);
  } catch (error) {
    cycles?.close();
    throw error;
  }
  const close = (): void => {
    programs.close();
    cycles?.close();
  };

  const { control, slots, ring } = programs;
  const { maxProcesses, maxCgroups } = options;
  const countsCycles = cycles !== undefined;
  const board = new CpuBoard(programs.cpus, records, kernelClock, (cpu) => cycles?.read(cpu));
  const table = (map: string, capacity: number, keyBytes: number, valueWords: number): Table =>
    new Table(programs.map(map), capacity, keyBytes, valueWords * 8);
  const drain = (): void =>
    ring.drain((bytes) => {
      const record = recordIn(bytes);
      if (record?.kind === 'process-ended') processes.end(record);
      else if (record) cgroups.change(record);
    });
  const processes = new ProcessAccount({
    host,
    board,
    table: table('processes', maxProcesses, PROCESS_KEY.words * 8, PROCESS.words),
    countsCycles,
    drain,
  });
  const cgroups = new CgroupAccount({
    log: host.log,
    board,
    table: table('cgroups', maxCgroups, 8, AMOUNT.words),
    paths: new CgroupPaths(hierarchy?.mount ?? host.sys('fs/cgroup')),
    drain,
  });
  const trees = new FollowedTrees({
    host,
    board,
    control,
    slots,
    table: table('followed', maxProcesses, 4, FOLLOWED.words),
    now: kernelClock,
    countsCycles,
  });
  try {
    const countsInterrupts = programs.attach();
    return {
      board,
      hierarchy,
      countsCycles,
      countsInterrupts,
      trees,
      processes,
      cgroups,
      losses: () => {
        const kernel = lossesIn(control);
        const { processes: forgotten, amount } = processes.forgotten;
        return {
          ...kernel,
          missedSwitches: Array.from({ length: records }, (_, cpu) => board.busy(cpu).missed).reduce(
            (sum, missed) => sum + missed,
            0,
          ),
          endedProcesses: kernel.endedProcesses + forgotten,
          endedSeconds: kernel.endedSeconds + amount.ns / NANOSECONDS_PER_SECOND,
        };
      },
      close: () => {
        trees.closeAll();
        close();
      },
    };
  } catch (error) {
    close();
    throw error;
  }
}
