import { join } from 'node:path';
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

const PREFERENCE: readonly Controller[] = [
  'cpuacct',
  'cpu',
  'unified',
  'memory',
  'pids',
  'blkio',
  'cpuset',
  'devices',
  'freezer',
  'perf_event',
];

function withoutEscapes(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

function mounts(host: Host): { type: string; mount: string; options: string[] }[] {
  return (readTextIfAny(host.proc('self/mountinfo')) ?? '').split('\n').flatMap((line) => {
    const [left = '', right = ''] = line.split(' - ');
    const [type = '', , options = ''] = right.split(' ');
    const mount = left.split(' ')[4];
    return /^cgroup2?$/.test(type) && mount !== undefined
      ? [{ type, mount: withoutEscapes(mount), options: options.split(',') }]
      : [];
  });
}

function known(host: Host): Mounted[] {
  const mounted = mounts(host);
  const found: Mounted[] = [];
  const rows = (readTextIfAny(host.proc('cgroups')) ?? '').split('\n').map((line) => line.split('\t'));
  for (const controller of PREFERENCE) {
    if (controller === 'unified') continue;
    const row = rows.find(([name]) => name === controller);
    const place = mounted.find(({ type, options }) => type === 'cgroup' && options.includes(controller));
    const [id, groups] = [Number(row?.[1]), Number(row?.[2])];
    if (place && id > 0) found.push({ controller, id, mount: place.mount, groups });
  }
  const unified = mounted.find(({ type }) => type === 'cgroup2');
  if (unified) {
    const stat = readTextIfAny(join(unified.mount, 'cgroup.stat')) ?? '';
    const groups = 1 + Number(/^nr_descendants (\d+)$/m.exec(stat)?.[1] ?? 0);
    found.push({ controller: 'unified', id: 0, mount: unified.mount, groups });
  }
  return found;
}

/**
 * The hierarchy to account: the one that is asked for; else the first that holds groups, those that account CPU time by
 * themselves before others, as a hybrid system puts its containers there; else any.
 */
export function chooseHierarchy(host: Host, wanted?: Controller): Hierarchy | undefined {
  const rank = ({ controller }: Hierarchy): number => PREFERENCE.indexOf(controller);
  const all = known(host).sort((a, b) => rank(a) - rank(b));
  const best =
    wanted === undefined
      ? (all.find(({ groups }) => groups > 1) ?? all[0])
      : all.find(({ controller }) => controller === wanted);
  return best && { controller: best.controller, id: best.id, mount: best.mount };
}

export const controllerNumber = (hierarchy: Hierarchy | undefined): number =>
  CONTROLLERS[hierarchy?.controller ?? 'unified'];
