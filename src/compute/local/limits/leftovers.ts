import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Host } from '../../../base/index.js';
import { foldersBelow, type Hierarchy, pidsIn } from '../../../meter/index.js';
import { GROUPS_NAME, removeIfEmpty } from './client-group.js';
import { emptyGroup } from './empty-group.js';

/** Removes the groups of clients that died, with whatever they had started and nobody waits for any more. */
export async function removeLeftovers(host: Host, hierarchy: Hierarchy): Promise<void> {
  // Pids of a copied /proc mean nothing.
  if (!host.live || host.sysfs !== '/sys') return;
  for (const folder of foldersBelow(hierarchy.folder)) {
    const parent = dirname(folder);
    if (basename(parent) !== GROUPS_NAME || !/^\d+$/.test(basename(folder))) continue;
    if (existsSync(host.proc(basename(folder)))) continue;
    // Processes that can't be seen from this pid namespace: then neither can their client, which may well live.
    if (foldersBelow(folder).some((inner) => pidsIn(inner).includes(0))) continue;
    const removed = await emptyGroup(folder);
    removeIfEmpty(parent);
    host.log.info('control group of a client that died', { folder, removed });
  }
}
