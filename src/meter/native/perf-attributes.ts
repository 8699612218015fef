/** Kinds of event (`perf_event_attr.type`); other numbers are those that sysfs gives to a PMU. */
export const PerfType = { hardware: 0, software: 1, cache: 3 } as const;

/** `config` of generic hardware events. */
export const HardwareEvent = { cycles: 0n, instructions: 1n, cacheMisses: 3n } as const;

/** `config` of software events. */
export const SoftwareEvent = { cpuClock: 0n, taskClock: 1n, contextSwitches: 3n } as const;

/** `config` of a cache event: last level (2), reads (0), misses (1). */
export const LAST_LEVEL_READ_MISSES = 2n | (0n << 8n) | (1n << 16n);

export interface PerfEvent {
  readonly type: number;
  readonly config: bigint;
}

export interface PerfOptions {
  /** Starts stopped, until `enable()`. */
  readonly disabled?: boolean;
  /** Counts threads and processes that are created by the followed one from now on, also after they ended. */
  readonly inherit?: boolean;
  /** Starts, when opened disabled, as the followed process calls exec. */
  readonly enableOnExec?: boolean;
  /** Always on its counter, never shared by turns, or not at all. */
  readonly pinned?: boolean;
  /** Gives its count alone when it is read, without times and group. */
  readonly countAlone?: boolean;
  /** Leaves out what the kernel does: all that `perf_event_paranoid` 2 allows without privileges. */
  readonly excludeKernel?: boolean;
}

/** Bits of the flag word. */
const Flag = {
  disabled: 1n << 0n,
  inherit: 1n << 1n,
  pinned: 1n << 2n,
  excludeKernel: 1n << 5n,
  enableOnExec: 1n << 12n,
} as const;

/** Both times and all counts of the group in one read. */
const READ_FORMAT = 1n /* total time enabled */ | 2n /* total time running */ | 8n; /* group */

/** The first published size of the structure: every kernel takes it, and reads what is missing as 0. */
const SIZE = 64;

/**
 * A `struct perf_event_attr`:
 *
 *      0 u32 type          4 u32 size         8 u64 config
 *     16 u64 sample period (none: it counts)  24 u64 sample type (none)
 *     32 u64 read format  40 u64 flags, one bit each
 *     48 u32 wake-up      52 u32 breakpoint type    56 u64 config1
 */
export function encodeAttributes(event: PerfEvent, options: PerfOptions = {}): Buffer {
  const attributes = Buffer.alloc(SIZE);
  attributes.writeUInt32LE(event.type, 0);
  attributes.writeUInt32LE(SIZE, 4);
  attributes.writeBigUInt64LE(event.config, 8);
  attributes.writeBigUInt64LE(options.countAlone ? 0n : READ_FORMAT, 32);
  let flags = 0n;
  if (options.disabled) flags |= Flag.disabled;
  if (options.inherit) flags |= Flag.inherit;
  if (options.pinned) flags |= Flag.pinned;
  if (options.excludeKernel) flags |= Flag.excludeKernel;
  if (options.enableOnExec) flags |= Flag.enableOnExec;
  attributes.writeBigUInt64LE(flags, 40);
  return attributes;
}
