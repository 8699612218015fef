import { closeSync, openSync, readSync, statfsSync } from 'node:fs';
import { type Host, readTextIfAny, systemCode } from '../../base/index.js';
import { NANOSECONDS_PER_SECOND } from '../../model/index.js';
import { type KernelUnits, kernelUnits } from './auxv.js';
import { emptyPidStat, type PidStat, parsePidStat } from './pid-stat.js';
import { parseRunNanoseconds } from './schedstat.js';

const PROC_MAGIC = 0x9fa0;
/** A stat file is below 500 bytes: a name of at most 64 and 50 numbers. */
const BUFFER_BYTES = 4096;
const OPEN_FILES_LIMIT = 16_384;
const ZOMBIE = 'Z'.charCodeAt(0);
const GONE = -1;
const UNREADABLE = -2;

/** What became of a reading: a process that is there but can't be read (denied, no descriptor left) has not ended. */
export type Presence = 'there' | 'gone' | 'unreadable';

/** The files of one process that are kept open. In a real procfs they stay bound to that very process, whoever has its pid later. */
export interface ProcessHandle {
  readonly pid: number | 'self';
  stat: number | undefined;
  schedstat: number | undefined;
}

function openFileBudget(host: Host): number {
  const limit = /^Max open files\s+(\d+)/m.exec(readTextIfAny(host.proc('self/limits')) ?? '')?.[1];
  // The other half is for everything else that this process does.
  return Math.min(Number(limit ?? 1024) / 2, OPEN_FILES_LIMIT);
}

/** Reads processes' stat and schedstat files without allocating: the last reading stands in `stat` and `bytes`. */
export class ProcessReader {
  readonly host: Host;
  readonly units: KernelUnits;
  readonly stat: PidStat = emptyPidStat();
  readonly bytes = Buffer.allocUnsafe(BUFFER_BYTES);
  /** Whether schedstat tells how long a thread ran (CONFIG_SCHED_INFO): nanoseconds, and a fourth of the cost of stat. */
  readonly hasSchedstat: boolean;
  readonly #keepsOpen: boolean;
  #budget: number;

  constructor(host: Host) {
    this.host = host;
    this.units = kernelUnits(host);
    this.#keepsOpen = isProcfs(host.procfs);
    this.#budget = openFileBudget(host);
    this.hasSchedstat = this.readRunNanoseconds(this.handle('self'), false) !== undefined;
  }

  handle(pid: number | 'self'): ProcessHandle {
    return { pid, stat: undefined, schedstat: undefined };
  }

  release(handle: ProcessHandle): void {
    for (const descriptor of [handle.stat, handle.schedstat]) {
      if (descriptor === undefined) continue;
      closeSync(descriptor);
      this.#budget++;
    }
    handle.stat = undefined;
    handle.schedstat = undefined;
  }

  /** Fills `stat`, unless the process has ended or can't be read. */
  readStat(handle: ProcessHandle, keep: boolean): Presence {
    const length = this.#read(handle, 'stat', keep);
    if (length < 0) return length === GONE ? 'gone' : 'unreadable';
    return parsePidStat(this.bytes, length, this.stat) ? 'there' : 'unreadable';
  }

  /** Nanoseconds that the main thread ran; undefined when the process has ended or the kernel does not tell. */
  readRunNanoseconds(handle: ProcessHandle, keep: boolean): number | undefined {
    const length = this.#read(handle, 'schedstat', keep);
    return length < 0 ? undefined : this.#run(length);
  }

  /** The name of the process that `stat` is of. */
  name(): string {
    return this.bytes.toString('utf8', this.stat.nameStart, this.stat.nameEnd);
  }

  /** The process's own CPU seconds, of which `stat` tells whole ticks, refined by what its only thread ran. */
  ownSeconds(runNanoseconds: number | undefined): number {
    const { ownTicks, threads } = this.stat;
    const ticked = ownTicks / this.units.ticksPerSecond;
    if (runNanoseconds === undefined || threads !== 1) return ticked;
    const run = runNanoseconds / NANOSECONDS_PER_SECOND;
    // User and system time are each rounded down: the truth is less than two ticks more. Anything else is another's time.
    return run >= ticked && run < ticked + 2 / this.units.ticksPerSecond ? run : ticked;
  }

  /** Ended, and not yet waited for. */
  isZombie(): boolean {
    return this.stat.state === ZOMBIE;
  }

  waitedSeconds(): number {
    return this.stat.waitedTicks / this.units.ticksPerSecond;
  }

  #run(length: number): number | undefined {
    const run = parseRunNanoseconds(this.bytes, length);
    // A kernel that does not count says 0 for everyone, but whoever asks has run.
    return run === undefined || run === 0 ? undefined : run;
  }

  /** The number of bytes read, or `GONE` or `UNREADABLE`. */
  #read(handle: ProcessHandle, file: 'stat' | 'schedstat', keep: boolean): number {
    try {
      const kept = handle[file];
      if (kept !== undefined) return readSync(kept, this.bytes, 0, BUFFER_BYTES, 0);
      const fresh = openSync(`${this.host.procfs}/${handle.pid}/${file}`, 'r');
      if (!keep || !this.#keepsOpen || this.#budget <= 0) return this.#readOnce(fresh);
      this.#budget--;
      handle[file] = fresh;
      return readSync(fresh, this.bytes, 0, BUFFER_BYTES, 0);
    } catch (error) {
      const code = systemCode(error);
      return code === 'ENOENT' || code === 'ESRCH' ? GONE : UNREADABLE;
    }
  }

  #readOnce(descriptor: number): number {
    try {
      return readSync(descriptor, this.bytes, 0, BUFFER_BYTES, 0);
    } finally {
      closeSync(descriptor);
    }
  }
}

function isProcfs(path: string): boolean {
  try {
    return statfsSync(path).type === PROC_MAGIC;
  } catch {
    return false;
  }
}
