import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixtureHost } from '../testing/tree.js';
import { chooseHierarchy } from './hierarchy.js';

const HEAD = '#subsys_name\thierarchy\tnum_cgroups\tenabled';

/** Debian 10 with Docker: systemd mounts cpu and cpuacct together. */
const VERSION_1 = {
  'proc/cgroups': `${HEAD}\ncpuset\t6\t4\t1\ncpu\t3\t71\t1\ncpuacct\t3\t71\t1\nblkio\t9\t70\t1\nmemory\t4\t102\t1\n`,
  'proc/self/mountinfo': [
    '25 30 0:22 / /sys rw,nosuid shared:7 - sysfs sysfs rw',
    '34 33 0:30 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid,nodev shared:15 - cgroup cgroup rw,cpu,cpuacct',
    '35 33 0:31 / /sys/fs/cgroup/memory rw,nosuid,nodev shared:16 - cgroup cgroup rw,memory',
  ].join('\n'),
};

/** Ubuntu 22.04: the unified hierarchy alone. */
const VERSION_2 = {
  'proc/cgroups': `${HEAD}\ncpuset\t0\t179\t1\ncpu\t0\t179\t1\ncpuacct\t0\t179\t1\nmemory\t0\t179\t1\n`,
  'proc/self/mountinfo':
    '35 24 0:30 / /sys/fs/cgroup rw,nosuid,nodev,noexec shared:9 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot',
};

/** A small virtual machine: version 1 controllers one by one with a version 2 hierarchy beside them. */
const hybrid = (groups: { cpuacct: number; memory: number }): Record<string, string> => ({
  'proc/cgroups': `${HEAD}\ncpu\t1\t1\t1\ncpuacct\t2\t${groups.cpuacct}\t1\nmemory\t4\t${groups.memory}\t1\npids\t8\t1\t1\n`,
  'proc/self/mountinfo': [
    '32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu',
    '33 31 0:30 / /sys/fs/cgroup/cpuacct rw,relatime - cgroup cgroup rw,cpuacct',
    '35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory',
    '40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd',
    '41 31 0:38 / /nowhere/odd\\040name rw,relatime - cgroup2 cgroup2 rw',
  ].join('\n'),
});

describe('the hierarchy of control groups', () => {
  it('is the one of cpuacct on version 1, also when it is mounted together with cpu', () => {
    expect(chooseHierarchy(fixtureHost(VERSION_1))).toEqual({
      controller: 'cpuacct',
      id: 3,
      mount: '/sys/fs/cgroup/cpu,cpuacct',
    });
  });

  it('is the unified one on version 2', () => {
    expect(chooseHierarchy(fixtureHost(VERSION_2))).toEqual({
      controller: 'unified',
      id: 0,
      mount: '/sys/fs/cgroup',
    });
  });

  it('is the one that holds groups on a hybrid system', () => {
    expect(chooseHierarchy(fixtureHost(hybrid({ cpuacct: 12, memory: 13 })))?.controller).toBe('cpuacct');
    expect(chooseHierarchy(fixtureHost(hybrid({ cpuacct: 1, memory: 13 })))?.controller).toBe('memory');
  });

  it('is the unified one of a hybrid system when groups are there', () => {
    const host = fixtureHost(hybrid({ cpuacct: 1, memory: 13 }));
    const mount = join(host.root, 'unified');
    mkdirSync(mount);
    writeFileSync(join(mount, 'cgroup.stat'), 'nr_descendants 3\nnr_dying_descendants 0\n');
    writeFileSync(
      join(host.root, 'proc/self/mountinfo'),
      hybrid({ cpuacct: 1, memory: 13 })['proc/self/mountinfo']?.replace('/nowhere/odd\\040name', mount) ??
        '',
    );
    expect(chooseHierarchy(host)).toEqual({ controller: 'unified', id: 0, mount });
  });

  it('is the one that is asked for, with spaces in its path', () => {
    expect(chooseHierarchy(fixtureHost(hybrid({ cpuacct: 12, memory: 1 })), 'unified')?.mount).toBe(
      '/nowhere/odd name',
    );
    expect(chooseHierarchy(fixtureHost(VERSION_2), 'cpuacct')).toBeUndefined();
  });

  it('is absent where nothing is mounted', () => {
    expect(chooseHierarchy(fixtureHost({}))).toBeUndefined();
  });
});
