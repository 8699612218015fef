import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HYBRID, LEGACY, SYSTEMD_V2 } from '../../../meter/testing/cgroups.js';
import { fixtureHost } from '../../../meter/testing/tree.js';
import { chooseLimiter } from './choose-limiter.js';
import { cpuQuota } from './group-limits.js';

const RESOURCES = { cpu: 0.5, memoryMib: 256 };
const MINE = `wattloop/${process.pid}`;

/** What a real kernel makes by itself in a new group. */
const text = (path: string): string => readFileSync(path, 'utf8');

describe('cpuQuota', () => {
  it('gives the processors that were asked for, within what the kernel takes', () => {
    expect(cpuQuota(1)).toEqual({ quota: 20_000, period: 20_000 });
    expect(cpuQuota(2.5)).toEqual({ quota: 50_000, period: 20_000 });
    for (const cpu of [0.001, 0.013, 0.05, 0.3, 1, 1.7, 64]) {
      const { quota, period } = cpuQuota(cpu);
      expect(quota / period).toBeCloseTo(cpu, 3);
      expect(quota).toBeGreaterThanOrEqual(1_000);
      expect(period).toBeLessThanOrEqual(1_000_000);
    }
  });
});

describe('control groups of version 2', () => {
  it('are made beside the group that the client is in, which can pass nothing on itself', async () => {
    const host = fixtureHost({
      ...SYSTEMD_V2,
      // A kernel says EBUSY here, as there are processes in it; a folder in the file's place refuses as well.
      'sys/fs/cgroup/user.slice/user-1000.slice/session-3.scope/cgroup.subtree_control/busy': '',
    });
    const limiter = await chooseLimiter(host, 'auto');
    expect([limiter.cpu, limiter.memory]).toEqual([{ by: 'cgroup-v2' }, { by: 'cgroup-v2' }]);
    const slice = host.sys('fs/cgroup/user.slice/user-1000.slice');
    expect(text(join(slice, 'cgroup.subtree_control'))).toMatch(/\+(cpu|memory)/);
    const limits = limiter.limit('w1', RESOURCES);
    const folder = join(slice, MINE, 'w1');
    expect(text(join(folder, 'cpu.max'))).toBe('10000 20000');
    expect(text(join(folder, 'memory.max'))).toBe(String(256 << 20));
    expect(limits.command(['node', 'main.js'])).toEqual(
      expect.arrayContaining([join(folder, 'cgroup.procs'), '--', 'node', 'main.js']),
    );
    expect(existsSync(host.sys('fs/cgroup/user.slice/user-1000.slice/session-3.scope/wattloop'))).toBe(false);
  });

  it('keep only what the kernel lets be passed on; the rest is kept otherwise, and says why', async () => {
    const host = fixtureHost({
      ...SYSTEMD_V2,
      'sys/fs/cgroup/cgroup.controllers': 'memory pids\n',
    });
    const limiter = await chooseLimiter(host, 'auto');
    expect(limiter.memory).toEqual({ by: 'cgroup-v2' });
    expect(limiter.cpu).toEqual({
      by: expect.stringMatching(/^(affinity|none)$/),
      note: expect.stringMatching(/no hierarchy of control groups has "cpu"/),
    });
  });
});

describe('control groups without any controller', () => {
  it('still tell what each process used', async () => {
    const host = fixtureHost({
      ...SYSTEMD_V2,
      'sys/fs/cgroup/cgroup.controllers': '\n',
      'sys/fs/cgroup/user.slice/user-1000.slice/session-3.scope/cgroup.procs': '1\n',
    });
    const limiter = await chooseLimiter(host, 'auto');
    expect(limiter.memory).toEqual({
      by: 'watchdog',
      note: expect.stringMatching(/no hierarchy of control groups has "memory"/),
    });
    const limits = limiter.limit('w1', RESOURCES);
    const own = '/user.slice/user-1000.slice/session-3.scope';
    expect(limits.groupPath).toBe(`${own}/${MINE}/w1`);
    expect(limits.command(['node'])).toContain(host.sys('fs/cgroup', own, MINE, 'w1/cgroup.procs'));
  });
});

describe('limits that are not given', () => {
  it('are not set, and the group is there all the same', async () => {
    const host = fixtureHost(LEGACY);
    const limiter = await chooseLimiter(host, 'auto');
    const limits = limiter.limit('w1', { memoryMib: 100 });
    const [cpu = ''] = limiter.folders;
    expect(existsSync(join(cpu, 'w1'))).toBe(true);
    expect(existsSync(join(cpu, 'w1', 'cpu.cfs_quota_us'))).toBe(false);
    expect(limits.groupPath).toMatch(new RegExp(`/${MINE}/w1$`));
    expect(limiter.folders.some((folder) => existsSync(join(folder, 'w1', 'memory.limit_in_bytes')))).toBe(
      true,
    );
  });
});

describe('control groups of version 1 with an empty version 2 beside', () => {
  it('are made in each hierarchy, below the group that the client is in there', async () => {
    const host = fixtureHost({
      ...HYBRID,
      'proc/self/cgroup': '5:memory:/box\n4:cpu,cpuacct:/\n0::/init.scope\n',
      'sys/fs/cgroup/memory/box/memory.usage_in_bytes': '1\n',
    });
    const limiter = await chooseLimiter(host, 'auto');
    expect([limiter.cpu, limiter.memory]).toEqual([{ by: 'cgroup-v1' }, { by: 'cgroup-v1' }]);
    const cpu = host.sys('fs/cgroup/cpu,cpuacct', MINE, 'w1');
    const memory = host.sys('fs/cgroup/memory/box', MINE, 'w1');
    const limits = limiter.limit('w1', RESOURCES);
    expect(text(join(cpu, 'cpu.cfs_quota_us'))).toBe('10000');
    expect(text(join(cpu, 'cpu.cfs_period_us'))).toBe('20000');
    expect(text(join(memory, 'memory.limit_in_bytes'))).toBe(String(256 << 20));
    const command = limits.command(['node']);
    expect(command).toContain(join(cpu, 'cgroup.procs'));
    expect(command).toContain(join(memory, 'cgroup.procs'));
    expect(limits.group).toMatchObject({ cpu, memory });
    expect(existsSync(host.sys('fs/cgroup/unified/wattloop'))).toBe(false);
  });

  it('limit swap too where the kernel counts it', async () => {
    const host = fixtureHost(LEGACY);
    const limiter = await chooseLimiter(host, 'auto');
    const folder = host.sys('fs/cgroup/memory/user.slice', MINE, 'w1');
    mkdirSync(join(folder, '..'), { recursive: true });
    limiter.limit('w1', RESOURCES);
    expect(text(join(folder, 'memory.limit_in_bytes'))).toBe(String(256 << 20));
  });
});

describe('a machine without control groups', () => {
  it('keeps limits by something weaker and says so', async () => {
    const limiter = await chooseLimiter(fixtureHost({}), 'auto');
    expect(limiter.memory).toEqual({ by: 'watchdog', note: expect.stringMatching(/no hierarchy/) });
  });
});
