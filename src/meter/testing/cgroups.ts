import { createHash } from 'node:crypto';
import type { Tree } from './tree.js';

/** An id as container engines make them, the same for the same name. */
export const containerId = (name: string): string => createHash('sha256').update(name).digest('hex');

export interface FakeGroup {
  readonly microseconds?: number;
  readonly memoryBytes?: number;
  readonly peakBytes?: number;
  readonly io?: string;
  readonly procs?: readonly number[];
}

/** A version 2 group's files as Linux 6.1 writes them. */
export function unifiedGroup(path: string, group: FakeGroup = {}, root = 'sys/fs/cgroup'): Tree {
  const { microseconds = 0, memoryBytes, peakBytes, io, procs = [] } = group;
  const file = (name: string): string => `${root}${path === '/' ? '' : path}/${name}`;
  return {
    [file('cpu.stat')]:
      `usage_usec ${microseconds}\nuser_usec ${microseconds}\nsystem_usec 0\nnr_periods 0\nnr_throttled 0\nthrottled_usec 0\n`,
    [file('cgroup.procs')]: procs.map((pid) => `${pid}\n`).join(''),
    ...(memoryBytes === undefined ? {} : { [file('memory.current')]: `${memoryBytes}\n` }),
    ...(peakBytes === undefined ? {} : { [file('memory.peak')]: `${peakBytes}\n` }),
    ...(io === undefined ? {} : { [file('io.stat')]: io }),
  };
}

const UNIFIED_MOUNT =
  '30 23 0:26 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:4 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot\n';

/** A Debian 12 machine: systemd on version 2 alone. */
export const SYSTEMD_V2: Tree = {
  'proc/self/mountinfo': `22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda1 rw\n${UNIFIED_MOUNT}`,
  'proc/self/cgroup': '0::/user.slice/user-1000.slice/session-3.scope\n',
  'sys/fs/cgroup/cgroup.controllers': 'cpuset cpu io memory hugetlb pids rdma misc\n',
  ...unifiedGroup('/', { microseconds: 90_000_000 }),
  ...unifiedGroup('/system.slice', {
    microseconds: 60_000_000,
    memoryBytes: 8 << 20,
    peakBytes: 16 << 20,
    io: '',
  }),
  ...unifiedGroup('/system.slice/ssh.service', {
    microseconds: 1_000_000,
    memoryBytes: 1 << 20,
    procs: [700],
  }),
  ...unifiedGroup(`/system.slice/docker-${containerId('web')}.scope`, {
    microseconds: 20_000_000,
    memoryBytes: 4 << 20,
    peakBytes: 6 << 20,
    io: '8:0 rbytes=1000 wbytes=2000 rios=1 wios=2 dbytes=0 dios=0\n',
  }),
  ...unifiedGroup('/user.slice/user-1000.slice/session-3.scope', { procs: [900] }),
};

export const POD_UID = '8f2c1d3e-0b4a-4c56-9d7e-1a2b3c4d5e6f';
export const POD_SLICE = `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${POD_UID.replaceAll('-', '_')}.slice`;

/** A Kubernetes 1.29 node: containerd by systemd on version 2. */
export const KUBERNETES_V2: Tree = {
  'proc/self/mountinfo': UNIFIED_MOUNT,
  'proc/self/cgroup': '0::/system.slice/wattloop.service\n',
  'sys/fs/cgroup/cgroup.controllers': 'cpuset cpu io memory hugetlb pids rdma misc\n',
  ...unifiedGroup('/', { microseconds: 900_000_000 }),
  ...unifiedGroup('/kubepods.slice', { microseconds: 500_000_000 }),
  ...unifiedGroup('/kubepods.slice/kubepods-burstable.slice', { microseconds: 400_000_000 }),
  ...unifiedGroup(POD_SLICE, { microseconds: 300_000_000, memoryBytes: 64 << 20 }),
  ...unifiedGroup(`${POD_SLICE}/cri-containerd-${containerId('app')}.scope`, {
    microseconds: 290_000_000,
    memoryBytes: 60 << 20,
    peakBytes: 61 << 20,
  }),
};

/** One hierarchy of version 1 with groups of the given CPU nanoseconds. */
export function legacyCpu(folder: string, groups: Readonly<Record<string, number>>): Tree {
  return Object.fromEntries(
    Object.entries(groups).flatMap(([path, nanoseconds]) => {
      const at = `sys/fs/cgroup/${folder}${path === '/' ? '' : path}`;
      return [
        [`${at}/cpuacct.usage`, `${nanoseconds}\n`],
        [`${at}/cpuacct.usage_user`, `${nanoseconds}\n`],
        [`${at}/cpuacct.usage_sys`, '0\n'],
        [`${at}/cpu.stat`, 'nr_periods 10\nnr_throttled 2\nthrottled_time 1500000000\n'],
        [`${at}/cgroup.procs`, ''],
      ];
    }),
  );
}

const LEGACY_MOUNTS = [
  '25 18 0:22 / /sys/fs/cgroup ro,nosuid,nodev,noexec shared:9 - tmpfs tmpfs ro,mode=755',
  '27 25 0:24 / /sys/fs/cgroup/systemd rw,nosuid shared:11 - cgroup cgroup rw,xattr,name=systemd',
  '31 25 0:28 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:15 - cgroup cgroup rw,cpu,cpuacct',
  '32 25 0:29 / /sys/fs/cgroup/memory rw,nosuid shared:16 - cgroup cgroup rw,memory',
  '33 25 0:30 / /sys/fs/cgroup/blkio rw,nosuid shared:17 - cgroup cgroup rw,blkio',
  '34 25 0:31 / /sys/fs/cgroup/pids rw,nosuid shared:18 - cgroup cgroup rw,pids',
].map((line) => `${line}\n`);

/** A CentOS 7 machine with Docker: version 1 alone. */
export const LEGACY: Tree = {
  'proc/self/mountinfo': LEGACY_MOUNTS.join(''),
  'proc/self/cgroup':
    '4:cpuacct,cpu:/user.slice\n3:memory:/user.slice\n1:name=systemd:/user.slice/session-1.scope\n',
  ...legacyCpu('cpu,cpuacct', {
    '/': 90_000_000_000,
    '/docker': 50_000_000_000,
    [`/docker/${containerId('db')}`]: 50_000_000_000,
    '/user.slice': 1_000_000_000,
  }),
  [`sys/fs/cgroup/memory/docker/${containerId('db')}/memory.max_usage_in_bytes`]: `${32 << 20}\n`,
  [`sys/fs/cgroup/memory/docker/${containerId('db')}/memory.usage_in_bytes`]: `${16 << 20}\n`,
  [`sys/fs/cgroup/blkio/docker/${containerId('db')}/blkio.throttle.io_service_bytes`]:
    '8:0 Read 4096\n8:0 Write 8192\n8:0 Sync 0\n8:0 Total 12288\n253:0 Read 4096\n253:0 Write 8192\nTotal 24576\n',
  'sys/dev/block/253:0/slaves/sda2/dev': '8:2\n',
  'sys/dev/block/8:0/size': '1\n',
  [`sys/fs/cgroup/pids/docker/${containerId('db')}/pids.current`]: '12\n',
};

/** A Debian 10 machine: systemd's hybrid of version 1 controllers and a version 2 hierarchy without any. */
export const HYBRID: Tree = {
  'proc/self/mountinfo': [
    ...LEGACY_MOUNTS,
    '26 25 0:23 / /sys/fs/cgroup/unified rw,nosuid shared:10 - cgroup2 cgroup2 rw,nsdelegate\n',
  ].join(''),
  'proc/self/cgroup': '4:cpu,cpuacct:/\n0::/init.scope\n',
  'sys/fs/cgroup/unified/cgroup.controllers': '\n',
  ...unifiedGroup('/', { microseconds: 5_000_000 }, 'sys/fs/cgroup/unified'),
  ...unifiedGroup('/system.slice', { microseconds: 4_000_000 }, 'sys/fs/cgroup/unified'),
  ...legacyCpu('cpu,cpuacct', { '/': 9_000_000_000 }),
  'sys/fs/cgroup/memory/memory.usage_in_bytes': '1\n',
};
