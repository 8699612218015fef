import { kill } from 'node:process';
import { type Host, readTextIfAny } from '../../base/index.js';
import type { ProcessIdentity } from '../../model/index.js';

/** The process group of a process: the third field after its name in stat. */
function groupOf(host: Host, pid: number | 'self'): string | undefined {
  const stat = readTextIfAny(host.proc(String(pid), 'stat')) ?? '';
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2];
}

/**
 * Sends the signal that interrupted a command to what it left behind in this process's own group, as a terminal would
 * have. Those that left the group meant to live on.
 */
export function interruptLeftovers(
  host: Host,
  processes: readonly ProcessIdentity[],
  signal: NodeJS.Signals,
): void {
  const own = groupOf(host, 'self');
  for (const { pid, startTicks } of processes) {
    const stat = readTextIfAny(host.proc(String(pid), 'stat')) ?? '';
    // The pid may be another's by now.
    const isSame = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] === String(startTicks);
    if (own === undefined || !isSame || groupOf(host, pid) !== own) continue;
    try {
      kill(pid, signal);
    } catch {
      // Gone, or another user's.
    }
  }
}
