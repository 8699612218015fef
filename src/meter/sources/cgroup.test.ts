import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createHost, silentLogger } from '../../base/index.js';
import { recognise } from '../cgroup/container.js';
import { readGroupDetails } from '../cgroup/group-details.js';
import { detectLayout, folderOf, groupOfProcess } from '../cgroup/layout.js';
import { whyNoGroup } from '../cgroup/own-group.js';
import type { UsageSource } from '../source.js';
import { containerId, HYBRID, KUBERNETES_V2, LEGACY, SYSTEMD_V2, unifiedGroup } from '../testing/cgroups.js';
import { fixtureHost, type Tree, writeTree } from '../testing/tree.js';
import { cgroup } from './cgroup.js';

const WEB = `/system.slice/docker-${containerId('web')}.scope`;
const DB = `/docker/${containerId('db')}`;

async function opened(tree: Tree) {
  const host = fixtureHost(tree);
  const source = cgroup(host);
  await source.open();
  const used = () => Object.fromEntries((source.cgroups?.() ?? []).map(({ path, usage }) => [path, usage]));
  const cpu = () =>
    Object.fromEntries(Object.entries(used()).map(([path, { cpuSeconds }]) => [path, cpuSeconds]));
  return { host, source, used, cpu };
}

const setUnified = (root: string, path: string, microseconds: number): void =>
  writeFileSync(join(root, 'sys/fs/cgroup', path, 'cpu.stat'), `usage_usec ${microseconds}\n`);

describe('cgroup on version 2', () => {
  it('lists every group, and counts from when it was opened', async () => {
    const { host, cpu } = await opened(SYSTEMD_V2);
    setUnified(host.root, WEB, 21_500_000);
    setUnified(host.root, '/system.slice', 61_500_000);
    expect(cpu()).toEqual({
      '/': 0,
      '/system.slice': 1.5,
      '/system.slice/ssh.service': 0,
      [WEB]: 1.5,
      '/user.slice/user-1000.slice/session-3.scope': 0,
    });
  });

  it('tells peak memory and I/O where there are controllers for them', async () => {
    const { host, used } = await opened(SYSTEMD_V2);
    writeFileSync(join(host.root, 'sys/fs/cgroup', WEB, 'io.stat'), '8:0 rbytes=1500 wbytes=2000\n');
    const now = used();
    expect(now[WEB]).toEqual({ cpuSeconds: 0, memoryPeakMib: 6, readBytes: 500, writtenBytes: 0 });
    // Kernels before 5.19 keep no peak: the most that was seen.
    expect(now['/system.slice/ssh.service']).toEqual({ cpuSeconds: 0, memoryPeakMib: 1 });
    expect(now['/']).toEqual({ cpuSeconds: 0 });
  });

  it('counts a new group from its beginning, and hands a removed one over once more', async () => {
    const { host, cpu } = await opened(KUBERNETES_V2);
    const path = '/kubepods.slice/kubepods-burstable.slice/late.scope';
    writeTree(host.root, unifiedGroup(path, { microseconds: 2_000_000 }));
    expect(cpu()).toMatchObject({ [path]: 2 });
    setUnified(host.root, path, 3_000_000);
    expect(cpu()).toMatchObject({ [path]: 3 });
    rmSync(join(host.root, 'sys/fs/cgroup', path), { recursive: true });
    expect(cpu()).toMatchObject({ [path]: 3 });
    expect(cpu()).not.toHaveProperty([path]);
  });

  it('goes on counting where a path is used again, and takes groups below a removed one away with it', async () => {
    const { host, cpu } = await opened(SYSTEMD_V2);
    const path = '/system.slice/job.service';
    const make = (microseconds: number): void =>
      writeTree(host.root, unifiedGroup(`${path}/inner`, { microseconds }));
    const remove = (): void => rmSync(join(host.root, 'sys/fs/cgroup', path), { recursive: true });
    make(4_000_000);
    writeTree(host.root, unifiedGroup(path, { microseconds: 5_000_000 }));
    cpu();
    remove();
    expect(cpu()).toMatchObject({ [path]: 5, [`${path}/inner`]: 4 });
    writeTree(host.root, unifiedGroup(path, { microseconds: 1_000_000 }));
    const now = cpu();
    expect(now).toMatchObject({ [path]: 6 });
    expect(now).not.toHaveProperty([`${path}/inner`]);
  });

  it('never counts backwards and goes on after garbage', async () => {
    const { host, cpu } = await opened(SYSTEMD_V2);
    for (const [microseconds, seconds] of [
      [21_000_000, 1],
      [500_000, 1],
      [700_000, 1.2],
    ] as const) {
      setUnified(host.root, WEB, microseconds);
      expect(cpu()[WEB]).toBeCloseTo(seconds, 9);
    }
    writeFileSync(join(host.root, 'sys/fs/cgroup', WEB, 'cpu.stat'), 'usage_');
    expect(cpu()[WEB]).toBeCloseTo(1.2, 9);
  });

  it('follows a group by its path, and keeps its last figure when it is gone', async () => {
    const { host, source } = await opened(SYSTEMD_V2);
    writeTree(host.root, {
      'proc/700/stat': '700 (sshd) S 1 700 700 0 -1 0 0 0 0 0 1 1 0 0 20 0 1 0 99 0 0\n',
    });
    const tree = source.followCgroup?.('/system.slice/ssh.service');
    setUnified(host.root, '/system.slice/ssh.service', 1_250_000);
    expect(tree?.read().cpuSeconds).toBe(0.25);
    expect(tree?.living()).toEqual([{ pid: 700, startTicks: 99, name: 'sshd' }]);
    rmSync(join(host.root, 'sys/fs/cgroup/system.slice/ssh.service'), { recursive: true });
    expect(tree?.read().cpuSeconds).toBe(0.25);
    expect(tree?.living()).toEqual([]);
    tree?.close();
    tree?.close();
    expect(() => source.followCgroup?.('/nowhere')).toThrow(expect.objectContaining({ code: 'not_found' }));
  });

  it('tells whose each group is', async () => {
    const { source } = await opened(KUBERNETES_V2);
    const kinds = (source.cgroups?.() ?? []).map(({ path }) => recognise(path).kind);
    expect(kinds).toEqual(['other', 'slice', 'slice', 'pod', 'container']);
  });
});

describe('cgroup on version 1', () => {
  it('counts nanoseconds, and finds memory and I/O in their own hierarchies', async () => {
    const { host, used } = await opened(LEGACY);
    writeFileSync(join(host.root, 'sys/fs/cgroup/cpu,cpuacct', DB, 'cpuacct.usage'), '50250000001\n');
    writeFileSync(
      join(host.root, 'sys/fs/cgroup/blkio', DB, 'blkio.throttle.io_service_bytes'),
      '8:0 Read 5096\n8:0 Write 8192\n253:0 Read 5096\n253:0 Write 8192\nTotal 1\n',
    );
    const now = used();
    expect(now[DB]).toEqual({
      cpuSeconds: 0.250000001,
      memoryPeakMib: 32,
      readBytes: 1000,
      writtenBytes: 0,
    });
    expect(Object.keys(now)).toEqual(['/', '/docker', DB, '/user.slice']);
  });

  it('tells no I/O where the kernel does not count it', async () => {
    const file = `sys/fs/cgroup/blkio${DB}/blkio.throttle.io_service_bytes`;
    const { used } = await opened({ ...LEGACY, [file]: 'Total 0\n' });
    expect(used()[DB]).toEqual({ cpuSeconds: 0, memoryPeakMib: 32 });
  });

  it('gives details of one group: throttling, memory, processes', () => {
    const host = fixtureHost(LEGACY);
    const layout = detectLayout(host);
    if (!layout) throw new Error('no layout');
    expect(readGroupDetails(layout, DB)).toEqual({
      cpuSeconds: 50,
      userSeconds: 50,
      systemSeconds: 0,
      throttledSeconds: 1.5,
      memoryMib: 16,
      memoryPeakMib: 32,
      pids: 12,
    });
    expect(readGroupDetails(layout, '/nowhere')).toBeUndefined();
  });
});

describe('cgroup, when asked whether it works', () => {
  it('tells the layout', async () => {
    const note = async (tree: Tree) => cgroup(fixtureHost(tree)).probe();
    expect(await note(SYSTEMD_V2)).toMatchObject({ usable: true, note: expect.stringMatching(/^v2 /) });
    expect(await note(LEGACY)).toMatchObject({ note: expect.stringMatching(/^v1 .*version 1, cpuacct/) });
    expect(await note(HYBRID)).toMatchObject({ note: expect.stringMatching(/^hybrid .*version 2/) });
  });

  it('tells why it can’t make groups, and has no way to follow a process then', async () => {
    const outside: Tree = { ...SYSTEMD_V2, 'proc/self/cgroup': '0::/../elsewhere\n' };
    expect(await cgroup(fixtureHost(outside)).probe()).toMatchObject({
      usable: true,
      note: expect.stringMatching(/can't make any: its own group is outside/),
    });
    const { source } = await opened(outside);
    expect(source.follow).toBeUndefined();
  });

  it('says what to mount where there is nothing', async () => {
    expect(await cgroup(fixtureHost({})).probe()).toMatchObject({
      usable: false,
      remedy: /mount -t cgroup2/,
    });
    await expect(cgroup(fixtureHost({})).open()).rejects.toMatchObject({ code: 'source_unavailable' });
    expect(() => cgroup(fixtureHost({})).cgroups?.()).toThrow(/before it was opened/);
  });
});

const host = createHost({ log: silentLogger });
const layout = detectLayout(host);
const why = layout === undefined ? 'no control groups' : whyNoGroup(host, layout.cpu);

describe.skipIf(why !== undefined)(`cgroup on this machine${why === undefined ? '' : ` (${why})`}`, () => {
  const children: ChildProcess[] = [];
  const sources: UsageSource[] = [];
  const folders: string[] = [];
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    for (const source of sources.splice(0)) await source.close();
    for (const folder of folders.splice(0)) if (existsSync(folder)) rmdirSync(folder);
  });

  const home = layout && folderOf(layout.cpu, groupOfProcess(host, layout.cpu, 'self') ?? '/');
  const ownGroups = (): string[] =>
    readdirSync(home ?? '').filter((name) => name.startsWith(`wattloop-${process.pid}-`));
  const groupOf = (pid: number): string => (layout && groupOfProcess(host, layout.cpu, pid)) ?? 'gone';

  async function live(): Promise<UsageSource> {
    const source = cgroup(host);
    await source.open();
    sources.push(source);
    return source;
  }

  /** A shell that says when it is there and does the script at a line from here. */
  async function shell(
    script: string,
  ): Promise<ChildProcess & { pid: number; go: () => void; said: () => Promise<string> }> {
    const child = spawn('sh', ['-c', `echo ready; read line; ${script}`], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    children.push(child);
    await once(child.stdout, 'data');
    return Object.assign(child, {
      pid: child.pid ?? 0,
      go: () => void child.stdin.write('go\n'),
      said: async () => String((await once(child.stdout, 'data'))[0]),
    });
  }

  const BURN = `"${process.execPath}" -e 'const c=process.cpuUsage();while(process.cpuUsage(c).user<1e5);'`;

  it('accounts for a process and its short-lived children to the end', async () => {
    const source = await live();
    const child = await shell(`${BURN}; ${BURN}; exit 0`);
    const tree = source.follow?.(child.pid);
    expect(ownGroups()).toHaveLength(1);
    expect(tree?.living().map(({ pid }) => pid)).toEqual([child.pid]);
    child.go();
    await once(child, 'exit');
    const used = tree?.read().cpuSeconds;
    expect(used).toBeGreaterThan(0.2);
    expect(used).toBeLessThan(5);
    expect(tree?.living()).toEqual([]);
    tree?.close();
    expect(ownGroups()).toEqual([]);
    expect(tree?.read().cpuSeconds).toBe(used);
  });

  it('brings in children that were there before, and moves survivors back', async () => {
    const source = await live();
    const child = await shell('sleep 60 & echo $!; read more; setsid sleep 60 & echo $!; read more');
    const before = groupOf(child.pid);
    child.go();
    const first = Number(await child.said());
    const tree = source.follow?.(child.pid);
    child.go();
    const second = Number(await child.said());
    expect(
      tree
        ?.living()
        .map(({ pid }) => pid)
        .sort(),
    ).toEqual([child.pid, first, second].sort());
    expect(groupOf(second)).toMatch(/wattloop-\d+-\d+$/);
    await source.close();
    expect([first, second, child.pid].map(groupOf)).toEqual([before, before, before]);
    expect(ownGroups()).toEqual([]);
    for (const pid of [first, second]) process.kill(pid, 'SIGKILL');
  });

  it('cleans up after a run that was killed, and leaves the groups of a living one alone', async () => {
    const dead = spawn('true');
    await once(dead, 'exit');
    const left = join(home ?? '', `wattloop-${dead.pid}-1`);
    const alive = join(home ?? '', `wattloop-${process.pid}-999999`);
    for (const folder of [left, alive]) {
      mkdirSync(folder);
      folders.push(folder);
    }
    const survivor = await shell('exit');
    const before = groupOf(survivor.pid);
    writeFileSync(join(left, 'cgroup.procs'), String(survivor.pid));
    expect(groupOf(survivor.pid)).not.toBe(before);
    await live();
    expect(existsSync(left)).toBe(false);
    expect(existsSync(alive)).toBe(true);
    expect(groupOf(survivor.pid)).toBe(before);
  });

  it('leaves nothing behind for a process that is not there', async () => {
    const source = await live();
    const gone = spawn('true');
    await once(gone, 'exit');
    expect(() => source.follow?.(gone.pid ?? 0)).toThrow(expect.objectContaining({ code: 'not_found' }));
    expect(ownGroups()).toEqual([]);
  });

  it('sees a group made, worked in and removed', async () => {
    const source = await live();
    const folder = join(home ?? '', `wattloop-test-${process.pid}`);
    const read = () => source.cgroups?.().find(({ path }) => path.endsWith(`wattloop-test-${process.pid}`));
    expect(read()).toBeUndefined();
    mkdirSync(folder);
    folders.push(folder);
    expect(read()?.usage.cpuSeconds).toBe(0);
    const work = async (): Promise<void> => {
      const child = await shell(`${BURN}; exit 0`);
      writeFileSync(join(folder, 'cgroup.procs'), String(child.pid));
      child.go();
      await once(child, 'exit');
    };
    await work();
    const used = read()?.usage.cpuSeconds ?? 0;
    expect(used).toBeGreaterThan(0.1);
    // Removed and made again between two readings: another group, whose counter begins anew. The path's figure goes on.
    rmdirSync(folder);
    mkdirSync(folder);
    await work();
    const both = read()?.usage.cpuSeconds ?? 0;
    expect(both).toBeGreaterThan(used + 0.1);
    rmdirSync(folder);
    expect(read()?.usage.cpuSeconds).toBe(both);
    expect(read()).toBeUndefined();
    mkdirSync(folder);
    expect(read()?.usage.cpuSeconds).toBe(both);
  });
});
