import { readdirSync, readlinkSync } from 'node:fs';
import { type Host, readTextIfAny } from '../../base/index.js';
import { foldersBelow, pidsIn } from '../../meter/index.js';
import { processTree } from '../local/limits/process-tree.js';

/** TCP_LISTEN in the kernel's tables of sockets. */
const LISTENING = '0A';

/**
 * Whether a process of a replica listens on a port: one in its control group, else one that its first process started. True too
 * where the kernel's tables can't be read, as nobody can tell then.
 */
export function listensOn(
  host: Host,
  port: number,
  pid: number | undefined,
  groupFolder: string | undefined,
): boolean {
  const sockets = new Set(['tcp', 'tcp6'].flatMap((table) => listeners(host, table, port)));
  if (sockets.size === 0) return readTextIfAny(host.proc('net/tcp')) === undefined;
  const pids =
    groupFolder === undefined
      ? [...processTree(host, pid ?? 0)]
      : foldersBelow(groupFolder).flatMap((folder) => pidsIn(folder));
  return pids.some((one) => holds(host, one, sockets));
}

/** The sockets that listen on a port, as links to descriptors name them. */
function listeners(host: Host, table: string, port: number): string[] {
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return (readTextIfAny(host.proc('net', table)) ?? '').split('\n').flatMap((line) => {
    // sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode
    const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
    return state === LISTENING && local.endsWith(end) ? [`socket:[${inode}]`] : [];
  });
}

function holds(host: Host, pid: number, sockets: ReadonlySet<string>): boolean {
  try {
    const folder = host.proc(String(pid), 'fd');
    return readdirSync(folder).some((name) => sockets.has(linkIfAny(`${folder}/${name}`)));
  } catch {
    // It has ended.
    return false;
  }
}

function linkIfAny(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
