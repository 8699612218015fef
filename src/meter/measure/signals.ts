import { constants } from 'node:os';
import { kill } from 'node:process';
import { type Host, readTextIfAny } from '../../base/index.js';
import type { ProcessIdentity } from '../../model/index.js';
import { kernelUnits } from '../proc/auxv.js';
import { readUptime } from '../proc/machine-files.js';

/** How a process takes a signal. */
type Disposition = 'default' | 'ignored' | 'caught';

export function dispositionOf(host: Host, pid: number, signal: NodeJS.Signals): Disposition | undefined {
  const status = readTextIfAny(host.proc(String(pid), 'status')) ?? '';
  const has = (field: string): boolean | undefined => {
    const mask = new RegExp(`^${field}:\\s+([0-9a-f]+)$`, 'm').exec(status)?.[1];
    return mask === undefined
      ? undefined
      : ((BigInt(`0x${mask}`) >> BigInt(constants.signals[signal] - 1)) & 1n) === 1n;
  };
  const caught = has('SigCgt');
  if (caught === undefined) return undefined;
  if (caught) return 'caught';
  return has('SigIgn') ? 'ignored' : 'default';
}

interface Stat {
  readonly state: string | undefined;
  /** Its process group. */
  readonly group: string | undefined;
  readonly startTicks: string | undefined;
}

function statOf(host: Host, pid: number | 'self'): Stat {
  const text = readTextIfAny(host.proc(String(pid), 'stat')) ?? '';
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0], group: fields[2], startTicks: fields[19] };
}

/** Those that live and are in this process's own group: what a key of a terminal reaches. Pids that are others' by now are not. */
export function inOwnGroup(host: Host, processes: readonly ProcessIdentity[]): ProcessIdentity[] {
  const { group: own } = statOf(host, 'self');
  return processes.filter(({ pid, startTicks }) => {
    const { state, group, startTicks: start } = statOf(host, pid);
    return own !== undefined && group === own && start === String(startTicks) && state !== 'Z';
  });
}

/** The start time, in ticks after boot, of a process that is this old. */
export function startedBefore(host: Host, seconds: number): number {
  const uptime = readUptime(host);
  return uptime === undefined ? 0 : (uptime - seconds) * kernelUnits(host).ticksPerSecond;
}

export function sendTo(processes: readonly ProcessIdentity[], signal: NodeJS.Signals): void {
  for (const { pid } of processes) {
    try {
      kill(pid, signal);
    } catch {
      // Gone, or another user's.
    }
  }
}
