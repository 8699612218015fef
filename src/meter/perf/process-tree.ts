import { type Host, listIfAny, readTextIfAny } from '../../base/index.js';
import type { ProcessIdentity } from '../../model/index.js';

/** A process and its descendants, by the kernel's own lists of children; only itself where it keeps none. */
export function processesOfTree(host: Host, pid: number): number[] {
  const pids = new Set([pid]);
  for (const next of pids) {
    for (const tid of listIfAny(host.proc(String(next), 'task'))) {
      const children = readTextIfAny(host.proc(String(next), 'task', tid, 'children')) ?? '';
      for (const child of children.split(' ')) if (child !== '') pids.add(Number(child));
    }
  }
  return [...pids];
}

/** The threads of processes that live now. */
export function threadsOf(host: Host, pids: readonly number[]): number[] {
  return pids.flatMap((pid) => listIfAny(host.proc(String(pid), 'task')).map(Number));
}

/** Who a process is; undefined when it is gone, or ended and only waited for. */
export function identify(host: Host, pid: number): ProcessIdentity | undefined {
  const stat = readTextIfAny(host.proc(String(pid), 'stat'));
  if (stat === undefined) return undefined;
  // The name stands in brackets and may hold brackets and blanks itself; field 3, the state, follows the last one.
  const end = stat.lastIndexOf(')');
  const fields = stat.slice(end + 2).split(' ');
  const startTicks = Number(fields[22 - 3]);
  const ended = fields[0] === 'Z' || fields[0] === 'X';
  if (end < 0 || ended || !Number.isSafeInteger(startTicks)) return undefined;
  return { pid, startTicks, name: stat.slice(stat.indexOf('(') + 1, end) };
}
