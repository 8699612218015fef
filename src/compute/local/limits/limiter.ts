import type { GroupPlaces } from '../../../meter/index.js';
import type { EnforcedLimit, Resources } from '../../../model/index.js';

/** What keeps one process, with all that it starts, to what it was given: a worker, or a replica. */
export interface WorkerLimits {
  /** The command line that starts the given one within the limits. */
  command(program: readonly string[]): string[];
  /** The worker's own control group, for the meter. */
  readonly group: GroupPlaces | undefined;
  /** The same as a path below its hierarchy's root, as sources of usage name groups. */
  readonly groupPath: string | undefined;
  /** The kernel's file that counts kills for want of memory, where the group keeps memory. */
  readonly killsFile: string | undefined;
  /** Its process has begun; `outOfMemory` is called when it, with what it started, takes more than it was given. */
  begun(pid: number, outOfMemory: () => void): void;
  /** CPU seconds of the worker so far, or up to a moment ago; undefined where nobody tells. */
  cpuSeconds(): number | undefined;
  /** How often the kernel has killed something in the worker for want of memory. */
  outOfMemoryKills(): number;
  /** Its process has ended: kills what it left behind and removes what was made for it. */
  release(): Promise<void>;
}

/** How workers of this machine are kept to what they were given. */
export interface Limiter {
  readonly cpu: EnforcedLimit;
  readonly memory: EnforcedLimit;
  /** Folders of control groups below which all that is started stands. */
  readonly folders: readonly string[];
  /** What isn't given is not limited. Throws a WattloopError when limits can't be made for this worker. */
  limit(worker: string, resources: Partial<Resources>): WorkerLimits;
  close(): Promise<void>;
}
