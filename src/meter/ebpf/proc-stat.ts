import { type Host, listIfAny, readTextIfAny } from '../../base/index.js';
import type { ProcessIdentity } from '../../model/index.js';

/** Who a pid is now, by /proc/PID/stat; undefined when there is none. */
export function identify(host: Host, pid: number): ProcessIdentity | undefined {
  const text = readTextIfAny(host.proc(String(pid), 'stat'));
  // The name may hold spaces and parentheses itself.
  const match = text === undefined ? null : /^\d+ \((.*)\) (.+)$/s.exec(text);
  const startTicks = Number(match?.[2]?.split(' ')[19]);
  return match && Number.isSafeInteger(startTicks) ? { pid, startTicks, name: match[1] ?? '' } : undefined;
}

/** The children of a process now. */
export function childrenOf(host: Host, pid: number): number[] {
  const tasks = host.proc(String(pid), 'task');
  const lists = listIfAny(tasks).map((task) =>
    readTextIfAny(host.proc(String(pid), 'task', task, 'children')),
  );
  if (lists.some((list) => list !== undefined)) {
    return lists.flatMap((list) => (list ?? '').split(' ').filter(Boolean).map(Number));
  }
  // A kernel without CONFIG_PROC_CHILDREN: ask every process for its parent.
  return listIfAny(host.procfs)
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      const stat = readTextIfAny(host.proc(name, 'stat'));
      return stat !== undefined && Number(/.*\) \S (\d+)/s.exec(stat)?.[1]) === pid;
    })
    .map(Number);
}
