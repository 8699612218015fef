import { type Host, listIfAny, readTextIfAny } from '../../base/index.js';
import { REPLICA_VARIABLE } from './keeper.js';

/** Kills every process that was started with a mark in its environment, wherever it went since. */
export function killMarked(host: Host, mark: string): void {
  if (!host.live) return;
  const line = `${REPLICA_VARIABLE}=${mark}`;
  for (const name of listIfAny(host.procfs)) {
    if (!/^\d+$/.test(name)) continue;
    const environment = readTextIfAny(host.proc(name, 'environ'));
    if (!environment?.split('\0').includes(line)) continue;
    try {
      process.kill(Number(name), 'SIGKILL');
    } catch {
      // It is gone.
    }
  }
}
