import { accessSync, constants, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Host, messageOf, readTextIfAny } from '../../../base/index.js';
import { folderOf, groupOfProcess, type Hierarchy } from '../../../meter/index.js';
import type { ControllerName } from './find-controller.js';

/** All groups of Wattloop's clients stand in one of this name; each has its pid's. */
export const GROUPS_NAME = 'wattloop';

/** A client's own group, in which those of its workers are made. */
export interface ClientGroup {
  readonly version: 1 | 2;
  readonly folder: string;
  readonly hierarchy: Hierarchy;
}

/** The client's group, or why there can be none. */
export type ClientGroupResult = ClientGroup | { readonly reason: string };

/** Removes an empty folder; false when something is in it. */
export function removeIfEmpty(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch {
    return false;
  }
}

export function removeClientGroup({ folder }: Pick<ClientGroup, 'folder'>): void {
  removeIfEmpty(folder);
  removeIfEmpty(dirname(folder));
}

/**
 * Makes the group of this client for one controller, within the group that the client is in itself, so that whatever
 * holds for that holds for its workers too. In version 2 a group with processes can't pass a controller on: then it is the
 * nearest group above that can. With `at`, only there: a process can be in one group of version 2 alone. Without a controller it
 * is a group that only counts.
 */
export function makeClientGroup(
  host: Host,
  hierarchy: Hierarchy,
  controller: ControllerName | undefined,
  at?: string,
): ClientGroupResult {
  const own = groupOfProcess(host, hierarchy, 'self');
  if (own === undefined) return { reason: 'its own control group is outside of what is mounted here' };
  const root = hierarchy.folder;
  const { version } = hierarchy;
  let reason: string | undefined;
  for (let parent = folderOf(hierarchy, own); ; parent = dirname(parent)) {
    const folder = join(parent, GROUPS_NAME, String(process.pid));
    if (at === undefined || at === folder) {
      try {
        mkdirSync(folder, { recursive: true });
        if (version === 2) open(parent, folder, controller);
        return { version, folder, hierarchy };
      } catch (error) {
        // The innermost group's reason is the one that its user can do something about.
        reason ??= messageOf(error);
        if (at === undefined) removeClientGroup({ folder });
      }
    }
    if (version === 1 || parent === root || !parent.startsWith(root)) break;
  }
  return { reason: reason ?? `${controller} can't be limited where the other controller is` };
}

/** Sees to it that groups within a version 2 group can have a controller, or at least processes of this one's group. */
function open(parent: string, folder: string, controller: ControllerName | undefined): void {
  if (controller === undefined) accessSync(join(parent, 'cgroup.procs'), constants.W_OK);
  else for (const one of [parent, dirname(folder), folder]) passOn(one, controller);
}

/** Lets the groups within a version 2 group have a controller. */
function passOn(folder: string, controller: ControllerName): void {
  const file = join(folder, 'cgroup.subtree_control');
  if (readTextIfAny(file)?.split(' ').includes(controller)) return;
  writeFileSync(file, `+${controller}`);
}
