import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { RunOwner } from '../../model/index.js';

/** How often the process that does a run says that it is there. */
export const HEARTBEAT_SECONDS = 10;
/** After this long without a word a process that can't be looked at is taken for gone. */
const SILENCE_SECONDS = 6 * HEARTBEAT_SECONDS;
/** Where the start time stands in /proc/PID/stat, counted after the name, which may hold spaces. */
const START_FIELD_AFTER_NAME = 19;

/** A process as this machine's /proc shows it. */
export interface ProcessView {
  readonly hostname: string;
  /** Its number space and start: tells it from a later process, and from one in another container. */
  startOf(pid: number): string | undefined;
  /** The number space of this process. */
  readonly numberSpace: string | undefined;
}

function readIfAny<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

export function processView(procfs = '/proc'): ProcessView {
  const numberSpace = readIfAny(() => readlinkSync(join(procfs, 'self', 'ns', 'pid')));
  return {
    hostname: hostname(),
    numberSpace,
    startOf(pid) {
      const stat = readIfAny(() => readFileSync(join(procfs, String(pid), 'stat'), 'utf8'));
      const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
      const ticks = fields?.[START_FIELD_AFTER_NAME];
      // A zombie has ended: nobody has asked yet how.
      if (ticks === undefined || fields?.[0] === 'Z' || numberSpace === undefined) return undefined;
      return `${numberSpace} ${ticks}`;
    },
  };
}

/** This process as the owner of a run. */
export function ownerHere(view: ProcessView, pid: number, heartbeatAt: number): RunOwner {
  const processStart = view.startOf(pid);
  return { pid, hostname: view.hostname, ...(processStart !== undefined && { processStart }), heartbeatAt };
}

/**
 * Whether the process that does a run is still there. Where its number means something here this is known; else, on
 * another machine or in another container, its heartbeat tells.
 */
export function isAlive(owner: RunOwner, view: ProcessView, now: number): boolean {
  const isInSight =
    owner.hostname === view.hostname &&
    view.numberSpace !== undefined &&
    owner.processStart?.startsWith(`${view.numberSpace} `);
  if (isInSight) return view.startOf(owner.pid) === owner.processStart;
  return now - owner.heartbeatAt < SILENCE_SECONDS;
}
