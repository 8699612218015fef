import { closeSync, constants, openSync } from 'node:fs';
import { join } from 'node:path';
import { type Host, listIfAny, readTextIfAny } from '../../base/index.js';

/**
 * The folder under which control groups can be counted: the v1 hierarchy that has the perf_event controller, where there
 * is one, and else v2, where every group has it. Undefined when neither is mounted.
 */
export function perfCgroupRoot(host: Host): string | undefined {
  let unified: string | undefined;
  for (const line of (readTextIfAny(host.proc('self/mountinfo')) ?? '').split('\n')) {
    // ID PARENT MAJOR:MINOR ROOT MOUNT-POINT OPTIONS [TAGS…] - TYPE SOURCE SUPER-OPTIONS
    const [left = '', right = ''] = line.split(' - ');
    const [type, , options = ''] = right.split(' ');
    const [, , , root, mountPoint = ''] = left.split(' ');
    if (root !== '/') continue;
    const folder = mountPoint.startsWith('/sys/') ? host.sys(mountPoint.slice('/sys/'.length)) : mountPoint;
    if (type === 'cgroup' && options.split(',').includes('perf_event')) return folder;
    if (type === 'cgroup2') unified ??= folder;
  }
  return unified;
}

/** Runs something with a descriptor of a folder. Throws the system's error when there is no such folder. */
export function withFolder<Result>(path: string, use: (descriptor: number) => Result): Result {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** The processes in a control group and in all groups below it. */
export function membersOf(folder: string): number[] {
  const own = (readTextIfAny(join(folder, 'cgroup.procs')) ?? '')
    .split('\n')
    .filter((pid) => /^\d+$/.test(pid));
  const below = listIfAny(folder).filter(
    (name) => readTextIfAny(join(folder, name, 'cgroup.procs')) !== undefined,
  );
  return [...own.map(Number), ...below.flatMap((name) => membersOf(join(folder, name)))];
}
