import { readlinkSync } from 'node:fs';
import { type Host, readTextIfAny } from '../../base/index.js';

/** Who made a container: a process, so that nothing is taken from one that lives. */
export interface Owner {
  readonly pid: number;
  /** When it began, in the kernel's ticks: a pid is used again, a pid and its start are not. */
  readonly startTicks: string;
  /** The namespace in which the pid means something. */
  readonly namespace: string;
}

const START_TICKS = 19;

function startTicksOf(host: Host, pid: number | 'self'): string | undefined {
  const stat = readTextIfAny(host.proc(String(pid), 'stat'));
  // The name in parentheses may hold anything, also parentheses.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[START_TICKS];
}

function pidNamespace(host: Host): string {
  try {
    return /\d+/.exec(readlinkSync(host.proc('self', 'ns', 'pid')))?.[0] ?? '0';
  } catch {
    return '0';
  }
}

/** This process. */
export const thisOwner = (host: Host): Owner => ({
  pid: process.pid,
  startTicks: startTicksOf(host, 'self') ?? '0',
  namespace: pidNamespace(host),
});

export const ownerText = ({ pid, startTicks, namespace }: Owner): string =>
  `${pid}-${startTicks}-${namespace}`;

export function parseOwner(text: string): Owner | undefined {
  const [, pid, startTicks, namespace] = /^(\d+)-(\d+)-(\d+)$/.exec(text) ?? [];
  if (pid === undefined || startTicks === undefined || namespace === undefined) return undefined;
  return { pid: Number(pid), startTicks, namespace };
}

/** False also where that can't be told: of a process in another pid namespace. */
export function isGone(host: Host, owner: Owner): boolean {
  return owner.namespace === pidNamespace(host) && startTicksOf(host, owner.pid) !== owner.startTicks;
}
