import type { GroupPlaces } from '../../../meter/index.js';
import type { EnforcedLimit, Resources } from '../../../model/index.js';

/** What keeps one worker to what it was given. */
export interface WorkerLimits {
  /** The command line that starts the given one within the limits. */
  command(program: readonly string[]): string[];
  /** The worker's own control group, for the meter. */
  readonly group: GroupPlaces | undefined;
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
  /** Throws a WattloopError when limits can't be made for this worker. */
  limit(worker: string, resources: Resources): WorkerLimits;
  close(): Promise<void>;
}
