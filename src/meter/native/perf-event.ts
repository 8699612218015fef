import { closeSync, readSync } from 'node:fs';
import { libc, NativeError } from './libc.js';
import { encodeAttributes, type PerfEvent, type PerfOptions } from './perf-attributes.js';

/** Whose events are counted. */
export type PerfTarget =
  /** A thread, on whatever processor it runs; 0 is the calling thread. */
  | { readonly pid: number }
  /** All that runs on a processor. */
  | { readonly cpu: number }
  /** What runs on a processor for a control group (an open descriptor of its folder) and the groups below it. */
  | { readonly cpu: number; readonly cgroup: number };

/** One reading of a group. Valid until the next one of the same group. */
export interface PerfReading {
  /** Nanoseconds in which it was to count, and in which it did: less when the processor has too few counters. */
  readonly enabled: bigint;
  readonly running: bigint;
  /** A count for each event, in the order in which they were opened. */
  readonly counts: BigUint64Array;
}

/** Events that are always counted together, read by one system call. */
export interface PerfGroup {
  /** Throws a system error: ECHILD when a child was created while the group was still being opened. */
  read(): PerfReading;
  enable(): void;
  disable(): void;
  /** Sets the counts to 0, not the times. */
  reset(): void;
  /** Safe to call twice. */
  close(): void;
}

/** Opens events as one group. Throws a NativeError: ENOENT (no such event), EACCES, EPERM, EINVAL (too many), ESRCH… */
export type OpenPerfGroup = (
  events: readonly PerfEvent[],
  target: PerfTarget,
  options?: PerfOptions,
) => PerfGroup;

const FLAG_CGROUP = 1 << 2;
const FLAG_CLOEXEC = 1 << 3;
const IOCTL = { enable: 0x2400, disable: 0x2401, reset: 0x2403 } as const;
const WHOLE_GROUP = 1;
const EIO = 5;
const READ = 'read of a performance counter';

/** A reading begins with the number of events and both times. */
const HEAD = 3;

class KernelPerfGroup implements PerfGroup {
  #descriptors: readonly number[];
  readonly #leader: number;
  readonly #words: BigUint64Array;
  readonly #bytes: Buffer;
  readonly #reading: { enabled: bigint; running: bigint; readonly counts: BigUint64Array };

  constructor(descriptors: readonly [number, ...number[]]) {
    this.#descriptors = descriptors;
    this.#leader = descriptors[0];
    this.#words = new BigUint64Array(HEAD + descriptors.length);
    this.#bytes = Buffer.from(this.#words.buffer);
    this.#reading = { enabled: 0n, running: 0n, counts: this.#words.subarray(HEAD) };
  }

  read(): PerfReading {
    // An event that the kernel gave up reads as end of file.
    if (this.#fill() < this.#bytes.length) throw new NativeError(READ, EIO);
    this.#reading.enabled = this.#words[1] ?? 0n;
    this.#reading.running = this.#words[2] ?? 0n;
    return this.#reading;
  }

  #fill(): number {
    try {
      return readSync(this.#leader, this.#bytes);
    } catch (error) {
      // Node.js has no name for errors that files don't have (ECHILD).
      const errno = error instanceof Error && 'errno' in error ? Number(error.errno) : Number.NaN;
      throw Number.isInteger(errno) ? new NativeError(READ, -errno) : error;
    }
  }

  enable(): void {
    libc().ioctl(this.#leader, IOCTL.enable, WHOLE_GROUP);
  }

  disable(): void {
    libc().ioctl(this.#leader, IOCTL.disable, WHOLE_GROUP);
  }

  reset(): void {
    libc().ioctl(this.#leader, IOCTL.reset, WHOLE_GROUP);
  }

  close(): void {
    // Members first: a group without its leader falls apart into events of their own.
    for (const descriptor of [...this.#descriptors].reverse()) closeSync(descriptor);
    this.#descriptors = [];
  }
}

function place(target: PerfTarget): { pid: number; cpu: number; flags: number } {
  if ('pid' in target) return { pid: target.pid, cpu: -1, flags: FLAG_CLOEXEC };
  if ('cgroup' in target) return { pid: target.cgroup, cpu: target.cpu, flags: FLAG_CLOEXEC | FLAG_CGROUP };
  return { pid: -1, cpu: target.cpu, flags: FLAG_CLOEXEC };
}

export const openPerfGroup: OpenPerfGroup = (events, target, options = {}) => {
  const { pid, cpu, flags } = place(target);
  const open = (event: PerfEvent, leader: number): number =>
    // Members follow their leader: only it is opened disabled or waits for exec.
    libc().perfEventOpen(
      encodeAttributes(event, leader < 0 ? options : { ...options, disabled: false, enableOnExec: false }),
      pid,
      cpu,
      leader,
      flags,
    );
  const [first, ...others] = events;
  if (first === undefined) throw new RangeError('a group needs an event');
  const descriptors: [number, ...number[]] = [open(first, -1)];
  try {
    for (const event of others) descriptors.push(open(event, descriptors[0]));
  } catch (error) {
    for (const descriptor of descriptors) closeSync(descriptor);
    throw error;
  }
  return new KernelPerfGroup(descriptors);
};
