import { join } from 'node:path';
import { type Host, listIfAny, readTextIfAny } from '../../base/index.js';
import { findHierarchies, type Hierarchy } from './mounts.js';

export type CgroupVersion = 'v1' | 'v2' | 'hybrid';

/** Which hierarchies there are, and which of them tells what. */
export interface CgroupLayout {
  /** `hybrid`: version 1 controllers with a version 2 hierarchy beside them. */
  readonly version: CgroupVersion;
  readonly cpu: Hierarchy;
  readonly memory: Hierarchy | undefined;
  readonly io: Hierarchy | undefined;
  readonly pids: Hierarchy | undefined;
}

const hasGroups = (hierarchy: Hierarchy, file: string): boolean =>
  listIfAny(hierarchy.folder).some((name) => readTextIfAny(join(hierarchy.folder, name, file)) !== undefined);

/** The layout of this machine, or undefined when no hierarchy accounts CPU time. */
export function detectLayout(host: Host): CgroupLayout | undefined {
  const hierarchies = findHierarchies(host);
  const unified = hierarchies.find(({ version }) => version === 2);
  const legacy = hierarchies.filter(({ version }) => version === 1);
  const withController = (name: string): Hierarchy | undefined =>
    legacy.find(({ controllers }) => controllers.includes(name));
  const cpuacct = withController('cpuacct');
  // Every version 2 group accounts CPU time, with or without controllers. In a hybrid layout the version 1 hierarchy is
  // where containers are, unless it has no group at all while the other has (systemd with no accounting asked for).
  const onlyUnified =
    unified !== undefined &&
    cpuacct !== undefined &&
    !hasGroups(cpuacct, 'cpuacct.usage') &&
    hasGroups(unified, 'cpu.stat');
  const cpu = onlyUnified ? unified : (cpuacct ?? unified);
  if (cpu === undefined) return undefined;
  const version = unified === undefined ? 'v1' : legacy.length > 0 ? 'hybrid' : 'v2';
  const controllers = unified && readTextIfAny(join(unified.folder, 'cgroup.controllers'))?.split(' ');
  const place = (v1: string, v2: string): Hierarchy | undefined =>
    withController(v1) ?? (controllers?.includes(v2) ? unified : undefined);
  return {
    version,
    cpu,
    memory: place('memory', 'memory'),
    io: place('blkio', 'io'),
    pids: place('pids', 'pids'),
  };
}

/** The folder of a group, by its path within the hierarchy. */
export function folderOf(hierarchy: Hierarchy, path: string): string {
  const { shows, folder } = hierarchy;
  const below =
    shows === '/'
      ? path
      : path === shows
        ? '/'
        : path.startsWith(`${shows}/`)
          ? path.slice(shows.length)
          : path;
  return join(folder, below).replace(/\/$/, '');
}

/** The path of a group within its hierarchy, by its folder: what `folderOf` undoes. */
export function pathOf({ shows, folder }: Hierarchy, groupFolder: string): string {
  const below = groupFolder.slice(folder.length);
  return shows === '/' ? below || '/' : `${shows}${below}`;
}

/** The path of the group that a process is in, or undefined when it is gone or outside of what can be seen. */
export function groupOfProcess(host: Host, hierarchy: Hierarchy, pid: number | 'self'): string | undefined {
  const text = readTextIfAny(host.proc(String(pid), 'cgroup')) ?? '';
  for (const line of text.split('\n')) {
    const [, number, controllers = '', path = ''] = /^(\d+):([^:]*):(.*)$/.exec(line) ?? [];
    const matches =
      hierarchy.version === 2
        ? number === '0' && controllers === ''
        : hierarchy.controllers.every((name) => controllers.split(',').includes(name));
    if (matches && number !== undefined) return path.startsWith('/..') ? undefined : path;
  }
  return undefined;
}
