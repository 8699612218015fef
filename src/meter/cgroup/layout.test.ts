import { describe, expect, it } from 'vitest';
import { createHost, silentLogger } from '../../base/index.js';
import {
  containerId,
  HYBRID,
  KUBERNETES_V2,
  LEGACY,
  legacyCpu,
  SYSTEMD_V2,
  unifiedGroup,
} from '../testing/cgroups.js';
import { fixtureHost, type Tree } from '../testing/tree.js';
import { detectLayout, folderOf, groupOfProcess } from './layout.js';
import { findHierarchies } from './mounts.js';

function detected(tree: Tree) {
  const host = fixtureHost(tree);
  const layout = detectLayout(host);
  const below = (folder: string | undefined): string | undefined => folder?.slice(host.sysfs.length);
  return {
    version: layout?.version,
    cpu: below(layout?.cpu.folder),
    memory: below(layout?.memory?.folder),
    io: below(layout?.io?.folder),
  };
}

const without = (tree: Tree, ...keys: string[]): Tree =>
  Object.fromEntries(Object.entries(tree).filter(([key]) => !keys.includes(key)));

describe('the layout of control groups', () => {
  const V2 = { version: 'v2', cpu: '/fs/cgroup', memory: '/fs/cgroup', io: '/fs/cgroup' };
  const V1 = {
    version: 'v1',
    cpu: '/fs/cgroup/cpu,cpuacct',
    memory: '/fs/cgroup/memory',
    io: '/fs/cgroup/blkio',
  };

  it('is version 2 where that alone is mounted', () => {
    expect(detected(SYSTEMD_V2)).toEqual(V2);
    expect(detected(KUBERNETES_V2)).toEqual(V2);
  });

  it('is version 1 with controllers apart', () => {
    expect(detected(LEGACY)).toEqual(V1);
  });

  it('is hybrid, with CPU time where the groups are', () => {
    expect(detected(HYBRID)).toMatchObject({ version: 'hybrid', cpu: '/fs/cgroup/unified' });
    const withContainers = { ...HYBRID, ...legacyCpu('cpu,cpuacct', { [`/docker/${containerId('x')}`]: 1 }) };
    // Docker's own group stands between.
    expect(detected({ ...withContainers, ...legacyCpu('cpu,cpuacct', { '/docker': 1 }) })).toMatchObject({
      version: 'hybrid',
      cpu: '/fs/cgroup/cpu,cpuacct',
      memory: '/fs/cgroup/memory',
    });
    const noGroups = without(HYBRID, 'sys/fs/cgroup/unified/system.slice/cpu.stat');
    expect(detected(noGroups)).toMatchObject({ cpu: '/fs/cgroup/cpu,cpuacct' });
  });

  it('is read from the plain list of mounts, and from the folders, where that is all there is', () => {
    const mounts = 'tmpfs /sys/fs/cgroup tmpfs ro 0 0\ncgroup2 /sys/fs/cgroup cgroup2 rw,relatime 0 0\n';
    const byMounts = { ...without(SYSTEMD_V2, 'proc/self/mountinfo'), 'proc/mounts': mounts };
    expect(detected(byMounts)).toEqual(V2);
    expect(detected(without(SYSTEMD_V2, 'proc/self/mountinfo'))).toEqual(V2);
    expect(detected(without(LEGACY, 'proc/self/mountinfo'))).toEqual(V1);
    expect(detected(without(HYBRID, 'proc/self/mountinfo'))).toMatchObject({ version: 'hybrid' });
  });

  it('is none where nothing is mounted or nothing accounts CPU time', () => {
    expect(detectLayout(fixtureHost({}))).toBeUndefined();
    const memoryOnly = '32 25 0:29 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n';
    const tree = { 'proc/self/mountinfo': memoryOnly, 'sys/fs/cgroup/memory/memory.usage_in_bytes': '1\n' };
    expect(detectLayout(fixtureHost(tree))).toBeUndefined();
  });

  it('has each hierarchy once though it is mounted twice, and leaves out a mount that can’t be seen', () => {
    const twice = `${SYSTEMD_V2['proc/self/mountinfo']}90 22 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n91 22 0:26 / /mnt/cg rw - cgroup2 cgroup2 rw\n`;
    expect(findHierarchies(fixtureHost({ ...SYSTEMD_V2, 'proc/self/mountinfo': twice }))).toHaveLength(1);
  });

  it('takes the host’s groups in a container that has the host’s /sys mounted', () => {
    const own = '30 23 0:26 / /sys/fs/cgroup ro - cgroup2 cgroup ro\n';
    const host = fixtureHost({ 'proc/self/mountinfo': own, ...unifiedGroup('/', { microseconds: 1 }) });
    const layout = detectLayout(host);
    expect(layout?.cpu.folder).toBe(host.sys('fs/cgroup'));
  });

  it('knows the path of what is mounted, in a container that sees its own group alone', () => {
    const id = containerId('inner');
    const mount = `31 25 0:28 /docker/${id} /sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup rw,cpu,cpuacct\n`;
    const host = fixtureHost({
      'proc/self/mountinfo': mount,
      'proc/self/cgroup': `4:cpu,cpuacct:/docker/${id}\n`,
      ...legacyCpu('cpu,cpuacct', { '/': 7 }),
    });
    const cpu = detectLayout(host)?.cpu;
    if (!cpu) throw new Error('no layout');
    expect(cpu.shows).toBe(`/docker/${id}`);
    const path = groupOfProcess(host, cpu, 'self');
    expect(path).toBe(`/docker/${id}`);
    expect(folderOf(cpu, `${path}/child`)).toBe(host.sys('fs/cgroup/cpu,cpuacct/child'));
  });

  it('tells a process’s group in either version, and none for one outside of the namespace', () => {
    const legacy = fixtureHost(LEGACY);
    const cpu = detectLayout(legacy)?.cpu;
    const unified = fixtureHost({ ...SYSTEMD_V2, 'proc/5/cgroup': '0::/../../other\n' });
    const root = detectLayout(unified)?.cpu;
    if (!cpu || !root) throw new Error('no layout');
    expect(groupOfProcess(legacy, cpu, 'self')).toBe('/user.slice');
    expect(groupOfProcess(unified, root, 'self')).toBe('/user.slice/user-1000.slice/session-3.scope');
    expect(groupOfProcess(unified, root, 5)).toBeUndefined();
    expect(groupOfProcess(unified, root, 6)).toBeUndefined();
  });

  it('is found on this machine or said to be none', () => {
    const host = createHost({ log: silentLogger });
    const layout = detectLayout(host);
    expect([undefined, 'v1', 'v2', 'hybrid']).toContain(layout?.version);
    if (layout) expect(groupOfProcess(host, layout.cpu, 'self')).toMatch(/^\//);
  });
});
