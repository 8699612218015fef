import { accessSync, constants, existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ErrorCode, type Host, messageOf, systemCode, WattloopError } from '../../base/index.js';
import type { Places } from './group-meter.js';
import { type CgroupLayout, folderOf, groupOfProcess } from './layout.js';
import { foldersBelow, pidsIn } from './members.js';
import type { Hierarchy } from './mounts.js';

/** A group of Wattloop's own: the pid of the Wattloop that made it, and a number. */
const OWN_NAME = /^wattloop-(\d+)-(\d+)$/;
/** A group that processes leave or fork in while it is emptied needs more than one round. */
const ROUNDS = 50;

let count = 0;

const procs = (folder: string): string => join(folder, 'cgroup.procs');

function move(pid: number, folder: string): void {
  try {
    writeFileSync(procs(folder), String(pid));
  } catch (error) {
    if (systemCode(error) !== 'ESRCH') throw error;
  }
}

/** The hierarchies that a group is made in: that of CPU time, and where others are apart, those too. */
function hierarchiesOf(layout: CgroupLayout): Hierarchy[] {
  const all = [layout.cpu, layout.memory, layout.io].filter((hierarchy) => hierarchy !== undefined);
  return all.filter((one, index) => all.findIndex(({ folder }) => folder === one.folder) === index);
}

/** Why no group can be made beside this process, or undefined when one can. */
export function whyNoGroup(host: Host, hierarchy: Hierarchy): string | undefined {
  const path = groupOfProcess(host, hierarchy, 'self');
  if (path === undefined) return 'its own group is outside of what is mounted here';
  const folder = folderOf(hierarchy, path);
  try {
    accessSync(folder, constants.W_OK);
    accessSync(procs(folder), constants.W_OK);
    return undefined;
  } catch (error) {
    return `no right to write in ${folder} (${systemCode(error) ?? 'error'})`;
  }
}

/** Moves whatever lives in a group to the group above and removes it with all below. False when it could not be removed. */
function dissolve(folder: string): boolean {
  const above = dirname(folder);
  for (let round = 0; round < ROUNDS && existsSync(folder); round++) {
    for (const inner of foldersBelow(folder)) {
      for (const pid of pidsIn(inner)) if (pid !== 0) move(pid, above);
      try {
        rmdirSync(inner);
      } catch {
        // EBUSY: something was forked meanwhile. Next round.
      }
    }
  }
  return !existsSync(folder);
}

/** A group made for one followed process, with a part in each hierarchy. */
export class OwnGroup {
  readonly #host: Host;
  readonly #layout: CgroupLayout;
  readonly #parts: { readonly hierarchy: Hierarchy; readonly folder: string }[] = [];

  /** Throws a WattloopError when the group can't be made; nothing is left behind then. */
  constructor(host: Host, layout: CgroupLayout, pid: number) {
    this.#host = host;
    this.#layout = layout;
    const name = `wattloop-${process.pid}-${++count}`;
    const parent = groupOfProcess(host, layout.cpu, pid);
    if (parent === undefined) {
      throw new WattloopError(ErrorCode.notFound, `cgroup: there is no process ${pid} to follow`, {
        remedy: 'It may have ended already: follow a process before it does its work',
      });
    }
    for (const hierarchy of hierarchiesOf(layout)) {
      try {
        this.#make(hierarchy, name, pid);
      } catch (error) {
        // Without the others only memory or I/O is missing.
        if (hierarchy !== layout.cpu) continue;
        this.close();
        throw new WattloopError(
          ErrorCode.sourceFailed,
          `cgroup: can't make a group for process ${pid}: ${messageOf(error)}`,
          {
            remedy: 'Run as root, or in a delegated group: systemd-run --user --scope -p Delegate=yes',
            cause: error,
          },
        );
      }
    }
  }

  /** Its folders, those that could be made. */
  get places(): Places {
    const inHierarchy = (hierarchy: Hierarchy | undefined): string | undefined =>
      this.#parts.find((part) => part.hierarchy.folder === hierarchy?.folder)?.folder;
    const { cpu, memory, io } = this.#layout;
    return { cpu: inHierarchy(cpu) ?? '', memory: inHierarchy(memory), io: inHierarchy(io) };
  }

  adopt(pid: number): void {
    for (const { folder } of this.#parts) move(pid, folder);
  }

  close(): void {
    for (const { folder } of this.#parts.splice(0)) {
      if (dissolve(folder)) continue;
      this.#host.log.warn('cgroup: a group could not be removed', { folder });
    }
  }

  #make(hierarchy: Hierarchy, name: string, pid: number): void {
    const path = groupOfProcess(this.#host, hierarchy, pid);
    if (path === undefined) throw new Error(`process ${pid} is in no group of ${hierarchy.folder}`);
    const folder = join(folderOf(hierarchy, path), name);
    mkdirSync(folder);
    this.#parts.push({ hierarchy, folder });
    writeFileSync(procs(folder), String(pid));
  }
}

/** Removes groups that an earlier Wattloop left when it was killed. Of a live host only: pids of a copy mean nothing. */
export function removeLeftovers(host: Host, layout: CgroupLayout): void {
  if (!host.live || host.sysfs !== '/sys') return;
  for (const hierarchy of hierarchiesOf(layout)) {
    for (const folder of foldersBelow(hierarchy.folder)) {
      const owner = OWN_NAME.exec(basename(folder))?.[1];
      if (owner === undefined || existsSync(host.proc(owner))) continue;
      // Processes that can't be seen from this pid namespace: then neither can their Wattloop, which may well live.
      if (foldersBelow(folder).some((inner) => pidsIn(inner).includes(0))) continue;
      const removed = dissolve(folder);
      host.log.info('cgroup: group of an earlier run', { folder, removed });
    }
  }
}
