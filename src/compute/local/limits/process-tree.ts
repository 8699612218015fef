import { type Host, readTextIfAny } from '../../../base/index.js';

/** A process and all that it started, as far as those still belong to it. */
export function processTree(host: Host, pid: number): Set<number> {
  const pids = new Set([pid]);
  for (const one of pids) {
    const children = readTextIfAny(host.proc(String(one), 'task', String(one), 'children')) ?? '';
    for (const child of children.split(' ')) if (child !== '') pids.add(Number(child));
  }
  return pids;
}
