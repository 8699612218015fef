/**
 * The structures of ebpf/figures.h, by 64-bit words: whoever changes one changes the other. A test compares them with
 * the type information in the compiled object.
 */

/** Field 22 of /proc/PID/stat counts in these. */
export const NANOSECONDS_PER_TICK = 10_000_000;

export const SLOTS = 1024;

export const SETTINGS_BYTES = 16;

export const CONTROL = {
  bytes: 80,
  attachedAt: 0,
  /** Lower half `following`, upper half `epoch`. */
  following: 1,
  unplacedProcessSlices: 2,
  unplacedProcessNs: 3,
  unplacedCgroupSlices: 4,
  unplacedCgroupNs: 5,
  lostEnded: 6,
  lostEndedNs: 7,
  lostNames: 8,
  lostDescendants: 9,
} as const;

export const CPU = {
  words: 32,
  sequence: 0,
  since: 1,
  hardNsAtSince: 2,
  softNsAtSince: 3,
  cyclesAtSince: 4,
  started: 6,
  cgroup: 7,
  /** Lower half `pid`, upper half `tgid`. */
  pid: 8,
  /** Lower half `slot`, upper half `epoch`. */
  slot: 9,
  taskNs: 10,
  taskCycles: 11,
  switches: 12,
  missed: 14,
  hardSequence: 16,
  hardSince: 17,
  hardNs: 18,
  hardCount: 19,
  softSequence: 20,
  softSince: 21,
  softNs: 22,
  softCount: 23,
  softHardNs: 24,
} as const;

export const AMOUNT = { words: 3, ns: 0, cycles: 1, switches: 2 } as const;

export const PROCESS_KEY = { words: 2, started: 0, tgid: 1 } as const;
/** An amount, then the name. */
export const PROCESS = { words: 5, comm: 3, commBytes: 16 } as const;

export const FOLLOWED = { words: 3, startedTicks: 0, since: 1, slot: 2 } as const;

export const RECORD = { processEnded: 1, cgroupMade: 2, cgroupRemoved: 3 } as const;
/** Kind and tgid in the first word, then the start and the process. */
export const PROCESS_ENDED = { started: 1, process: 2 } as const;
/** Kind and length of the path in the first word. */
export const CGROUP_CHANGE = { id: 1, amount: 2, path: 5, pathBytes: 512 } as const;

/** What a controller is called in /proc/cgroups, and its number in the kernel programs. */
export const CONTROLLERS = {
  unified: 0,
  cpuacct: 1,
  cpu: 2,
  memory: 3,
  pids: 4,
  blkio: 5,
  cpuset: 6,
  devices: 7,
  freezer: 8,
  perf_event: 9,
} as const;
export type Controller = keyof typeof CONTROLLERS;
