import { join } from 'node:path';
import { type Clock, systemClock } from './clock.js';
import { createLogger, type Logger } from './logger.js';

/** The machine as Wattloop sees it: every path, time and environment it reads goes through here. */
export interface Host {
  readonly sysfs: string;
  readonly procfs: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A path below the sysfs root. */
  sys(...parts: string[]): string;
  /** A path below the procfs root. */
  proc(...parts: string[]): string;
  /** True when both roots are this machine's own: only then do system calls (perf, bpf, kill) speak of the same machine. */
  readonly live: boolean;
}

export interface HostOptions {
  readonly sysfs?: string;
  readonly procfs?: string;
  readonly clock?: Clock;
  readonly log?: Logger;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export function createHost(options: HostOptions = {}): Host {
  const {
    sysfs = '/sys',
    procfs = '/proc',
    clock = systemClock,
    log = createLogger(),
    env = process.env,
  } = options;
  return {
    sysfs,
    procfs,
    clock,
    log,
    env,
    sys: (...parts) => join(sysfs, ...parts),
    proc: (...parts) => join(procfs, ...parts),
    live: procfs === '/proc',
  };
}
