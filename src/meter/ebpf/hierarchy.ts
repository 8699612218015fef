import { type Host, readTextIfAny } from '../../base/index.js';
import { CONTROLLERS, type Controller } from './layout.js';

/** A hierarchy of control groups: where it is mounted, and how the kernel programs find a task's group in it. */
export interface Hierarchy {
  readonly controller: Controller;
  /** 0 is the unified hierarchy (v2). */
  readonly id: number;
  readonly mount: string;
}

interface Mounted extends Hierarchy {
  readonly groups: number;
}

/** Where several v1 hierarchies hold groups: those first that container runtimes have always set. */
const PREFERENCE: readonly Controller[] = [
  'cpuacct',
  'cpu',
  'memory',
  'pids',
  'blkio',
  'cpuset',
  'devices',
  'freezer',
  'perf_event',
];

function unescape(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

function mounts(host: Host): { type: string; mount: string; options: string[] }[] {
  return (readTextIfAny(host.proc('self/mountinfo')) ?? '').split('\n').flatMap((line) => {
    const [left = '', right = ''] = line.split(' - ');
    const [type = '', , options = ''] = right.split(' ');
    const mount = left.split(' ')[4];
    return /^cgroup2?$/.test(type) && mount !== undefined
      ? [{ type, mount: unescape(mount), options: options.split(',') }]
      : [];
  });
}

/** Every hierarchy that is mounted and that the programs can account. */
export function hierarchies(host: Host): Hierarchy[] {
  return known(host).map(({ controller, id, mount }) => ({ controller, id, mount }));
}

function known(host: Host): Mounted[] {
  const mounted = mounts(host);
  const found: Mounted[] = [];
  const rows = (readTextIfAny(host.proc('cgroups')) ?? '').split('\n').map((line) => line.split('\t'));
  for (const controller of PREFERENCE) {
    const row = rows.find(([name]) => name === controller);
    const place = mounted.find(({ type, options }) => type === 'cgroup' && options.includes(controller));
    const [id, groups] = [Number(row?.[1]), Number(row?.[2])];
    if (place && id > 0) found.push({ controller, id, mount: place.mount, groups });
  }
  const unified = mounted.find(({ type }) => type === 'cgroup2');
  if (unified) found.push({ controller: 'unified', id: 0, mount: unified.mount, groups: 1 });
  return found;
}

/**
 * The hierarchy to account: the one that is asked for, else a v1 hierarchy that holds groups, as a hybrid system puts its
 * containers there, else the unified one.
 */
export function chooseHierarchy(host: Host, wanted?: Controller): Hierarchy | undefined {
  const all = known(host);
  if (wanted !== undefined) return all.find(({ controller }) => controller === wanted);
  return (
    all.find(({ controller, groups }) => controller !== 'unified' && groups > 1) ??
    all.find(({ controller }) => controller === 'unified') ??
    all[0]
  );
}

export const controllerNumber = (hierarchy: Hierarchy | undefined): number =>
  CONTROLLERS[hierarchy?.controller ?? 'unified'];
