import { describe, expect, it } from 'vitest';
import { settingsSchema } from '../../model/index.js';
import { FakeUsage } from '../testing/fake-sources.js';
import { fixtureHost } from '../testing/tree.js';
import { ownPath } from './own-path.js';

/** A hybrid machine: version 1 controllers beside version 2, this process in different groups of them. */
const HYBRID = {
  'sys/fs/cgroup/cpuacct/cpuacct.usage': '1\n',
  'sys/fs/cgroup/cpuacct/docker/cpuacct.usage': '1\n',
  'sys/fs/cgroup/unified/cgroup.controllers': '\n',
  'proc/cgroups': '#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpuacct\t3\t2\t1\nmemory\t4\t5\t1\n',
  'proc/self/cgroup': '4:memory:/mem/group\n3:cpuacct:/docker\n0::/user.slice\n',
};
const mountinfo = (sys: string): string =>
  [
    `30 20 0:26 / ${sys}/fs/cgroup/cpuacct rw - cgroup cgroup rw,cpuacct`,
    `31 20 0:27 / ${sys}/fs/cgroup/memory rw - cgroup cgroup rw,memory`,
    `32 20 0:28 / ${sys}/fs/cgroup/unified rw - cgroup2 cgroup2 rw`,
    '',
  ].join('\n');

describe('the own group', () => {
  const host = fixtureHost(HYBRID);
  const live = { ...fixtureHost({ ...HYBRID, 'proc/self/mountinfo': mountinfo(host.sysfs) }), live: true };
  const source = (name: 'ebpf' | 'cgroup') => new FakeUsage(host.clock, name);
  const settings = (controller?: string) =>
    settingsSchema.parse({ sources: { ebpf: { cgroup_controller: controller } } });

  it('is looked for in the hierarchy that the source reads', () => {
    expect(ownPath(live, settings())(source('cgroup'))).toBe('/docker');
    expect(ownPath(live, settings())(source('ebpf'))).toBe('/docker');
    expect(ownPath(live, settings('memory'))(source('ebpf'))).toBe('/mem/group');
    expect(ownPath(live, settings('unified'))(source('ebpf'))).toBe('/user.slice');
  });

  it('is none on another machine’s tree', () => {
    expect(ownPath(host, settings())(source('cgroup'))).toBeUndefined();
  });
});
