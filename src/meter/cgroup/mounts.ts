import { existsSync } from 'node:fs';
import { type Host, readTextIfAny } from '../../base/index.js';

/** A mounted hierarchy of control groups. */
export interface Hierarchy {
  readonly version: 1 | 2;
  /** The folder where it can be read, below the host's sysfs root. */
  readonly folder: string;
  /** The path within the hierarchy that the folder shows: `/`, or the container's own group in some containers. */
  readonly shows: string;
  /** Version 1: its controllers. Version 2 tells in `cgroup.controllers`. */
  readonly controllers: readonly string[];
}

const NO_CONTROLLER =
  /^(rw|ro|xattr|noprefix|clone_children|nsdelegate|memory_\w+|release_agent=.*|name=.*|seclabel)$/;

const unescaped = (text: string): string =>
  text.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

/** Where a mount point of the machine is found from here: sysfs may be mounted elsewhere, or be a copy. */
function translated(host: Host, point: string): string | undefined {
  const standard = host.sysfs === '/sys';
  if (!standard && point.startsWith(`${host.sysfs}/`)) return point;
  if (point.startsWith('/sys/')) return host.sys(point.slice('/sys/'.length));
  return standard ? point : undefined;
}

interface Mount {
  readonly type: string;
  readonly point: string;
  readonly shows: string;
  readonly options: string;
}

function fromMountinfo(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    // id parent major:minor root point options [tags…] - type source options
    const match = /^\d+ \d+ \S+ (\S+) (\S+) .*? - (\S+) \S+ (\S+)$/.exec(line);
    const [, shows, point, type, options] = match ?? [];
    if (shows === undefined || point === undefined || type === undefined || options === undefined) return [];
    return [{ type, point: unescaped(point), shows: unescaped(shows), options }];
  });
}

function fromMounts(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const [, point, type, options] = line.split(' ');
    if (point === undefined || type === undefined || options === undefined) return [];
    return [{ type, point: unescaped(point), shows: '/', options }];
  });
}

function fromFolders(host: Host): Hierarchy[] {
  const root = host.sys('fs/cgroup');
  const isUnified = (folder: string): boolean => existsSync(`${folder}/cgroup.controllers`);
  if (isUnified(root)) return [{ version: 2, folder: root, shows: '/', controllers: [] }];
  const found: Hierarchy[] = [];
  for (const name of ['cpu,cpuacct', 'cpuacct', 'cpu', 'memory', 'blkio', 'pids']) {
    const folder = `${root}/${name}`;
    if (existsSync(folder)) found.push({ version: 1, folder, shows: '/', controllers: name.split(',') });
  }
  if (isUnified(`${root}/unified`)) {
    found.push({ version: 2, folder: `${root}/unified`, shows: '/', controllers: [] });
  }
  return found;
}

/** Every hierarchy that is mounted, once; read from the mounts of this process, else from where they usually stand. */
export function findHierarchies(host: Host): Hierarchy[] {
  const info = readTextIfAny(host.proc('self/mountinfo'));
  const mounts =
    info === undefined ? fromMounts(readTextIfAny(host.proc('mounts')) ?? '') : fromMountinfo(info);
  const found = mounts.flatMap(({ type, point, shows, options }): Hierarchy[] => {
    const folder = translated(host, point);
    if ((type !== 'cgroup' && type !== 'cgroup2') || folder === undefined || !existsSync(folder)) return [];
    const controllers = options.split(',').filter((option) => !NO_CONTROLLER.test(option));
    // A path that leads out of the namespace says nothing about where the folder stands.
    const root = shows.startsWith('/..') ? '/' : shows;
    return [
      type === 'cgroup2'
        ? { version: 2, folder, shows: root, controllers: [] }
        : { version: 1, folder, shows: root, controllers },
    ];
  });
  const known = new Set<string>();
  const once = found.filter(({ version, controllers }) => {
    const key = `${version} ${controllers.join()}`;
    return !known.has(key) && known.add(key);
  });
  return once.length > 0 ? once : fromFolders(host);
}
