import { describe, expect, it } from 'vitest';
import { fixtureHost } from '../testing/tree.js';
import { membersOf, perfCgroupRoot, withFolder } from './cgroup.js';

const UNIFIED = '31 24 0:28 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate';
const HYBRID = '41 31 0:38 / /sys/fs/cgroup/unified rw,relatime shared:9 - cgroup2 cgroup2 rw';
const CPU = '32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw shared:10 - cgroup cgroup rw,cpu,cpuacct';
const PERF = '33 31 0:30 / /sys/fs/cgroup/perf_event rw shared:11 - cgroup cgroup rw,perf_event';
const ROOT = '27 1 254:0 / / rw,relatime - ext4 /dev/vda rw';

const rootWith = (...lines: string[]) => {
  const host = fixtureHost({ 'proc/self/mountinfo': `${[ROOT, ...lines].join('\n')}\n` });
  return perfCgroupRoot(host)?.slice(host.root.length);
};

describe('perfCgroupRoot', () => {
  it('is the unified hierarchy, wherever it is mounted', () => {
    expect(rootWith(UNIFIED)).toBe('/sys/fs/cgroup');
    expect(rootWith(CPU, HYBRID)).toBe('/sys/fs/cgroup/unified');
  });

  it('is the v1 hierarchy that has the controller, where there is one', () => {
    expect(rootWith(HYBRID, CPU, PERF)).toBe('/sys/fs/cgroup/perf_event');
  });

  it('is nothing without control groups, and not a part of a hierarchy shown in a container', () => {
    expect(rootWith()).toBeUndefined();
    expect(rootWith(PERF.replace(' / ', ' /docker/4f1c '))).toBeUndefined();
    expect(perfCgroupRoot(fixtureHost({}))).toBeUndefined();
  });
});

describe('membersOf', () => {
  it('lists the processes of a group and of those below it', () => {
    const host = fixtureHost({
      'sys/fs/cgroup/a/cgroup.procs': '10\n11\n',
      'sys/fs/cgroup/a/b/cgroup.procs': '12\n',
      'sys/fs/cgroup/a/b/c/cgroup.procs': '',
      'sys/fs/cgroup/d/cgroup.procs': '99\n',
    });
    expect(membersOf(host.sys('fs/cgroup/a'))).toEqual([10, 11, 12]);
    expect(membersOf(host.sys('fs/cgroup/gone'))).toEqual([]);
  });
});

describe('withFolder', () => {
  it("throws the system's error when there is no such folder", () => {
    expect(() => withFolder('/nowhere/at/all', () => 1)).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });
});
