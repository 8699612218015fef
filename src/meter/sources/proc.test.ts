import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createHost, silentLogger } from '../../base/index.js';
import { FakeProcesses, statLine } from '../testing/processes.js';
import { fixtureHost, type Tree } from '../testing/tree.js';
import { proc } from './proc.js';

const stat = (busy: number, idle: number, switches = 0): string =>
  `cpu  ${busy} 0 0 ${idle} 0 0 0 0 0 0\ncpu0 ${busy} 0 0 ${idle} 0 0 0 0 0 0\nctxt ${switches}\nbtime 1700000000\n`;

const SMALL_MACHINE: Tree = {
  'proc/stat': stat(1000, 4000, 70),
  'proc/uptime': '50.00 40.00\n',
  'proc/10/stat': statLine({ pid: 10, utime: 5, start: 100 }),
};

async function opened(tree: Tree) {
  const host = fixtureHost(tree);
  const source = proc(host);
  await source.open();
  return { host, source, processes: new FakeProcesses(host.root) };
}

describe('proc', () => {
  it('tells what the processors did since it was opened', async () => {
    const { host, source } = await opened(SMALL_MACHINE);
    host.clock.advance(10);
    writeFileSync(join(host.root, 'proc/stat'), stat(1200, 4750, 170));
    expect(source.machine?.()).toEqual({
      at: 10,
      logicalCpus: 1,
      busySeconds: expect.closeTo(2.5, 9),
      interruptSeconds: 0,
      contextSwitches: 100,
    });
    await source.close();
  });

  it('tells no busy time where processors never do anything', async () => {
    const { source } = await opened({ ...SMALL_MACHINE, 'proc/stat': stat(0, 0) });
    expect(source.machine?.()).not.toHaveProperty('busySeconds');
  });

  it('tells what processes used, and follows one', async () => {
    const { source, processes } = await opened(SMALL_MACHINE);
    expect(source.processes?.()).toEqual([]);
    const tree = source.follow?.(10);
    processes.set({ pid: 10, utime: 25, start: 100 });
    processes.set({ pid: 11, ppid: 10, utime: 10, start: 5001 });
    expect(tree?.read().cpuSeconds).toBeCloseTo(0.3, 9);
    expect(source.processes?.().map(({ process, usage }) => [process.pid, usage.cpuSeconds])).toEqual([
      [10, expect.closeTo(0.2, 9)],
      [11, 0.1],
    ]);
  });

  it('says what is wrong with a process that is not there', async () => {
    const { source } = await opened(SMALL_MACHINE);
    expect(() => source.follow?.(4711)).toThrow(expect.objectContaining({ code: 'not_found' }));
  });

  it('explains a missing procfs and a folder that is none', async () => {
    expect(await proc(fixtureHost({})).probe()).toMatchObject({ usable: false, remedy: /mount -t proc/ });
    expect(await proc(fixtureHost({ 'proc/stat': 'hello' })).probe()).toMatchObject({ usable: false });
    await expect(proc(fixtureHost({})).open()).rejects.toMatchObject({ code: 'source_unavailable' });
  });

  it('says that others’ processes are hidden', async ({ skip }) => {
    if (process.getuid?.() === 0) skip('root sees every process');
    const mounts = 'proc /proc proc rw,nosuid,hidepid=invisible 0 0\n';
    expect(await proc(fixtureHost({ ...SMALL_MACHINE, 'proc/mounts': mounts })).probe()).toMatchObject({
      note: /hidepid=invisible/,
    });
  });

  it('fails with a reason when /proc goes away, and refuses to be read unopened', async () => {
    const { host, source } = await opened(SMALL_MACHINE);
    rmSync(join(host.root, 'proc'), { recursive: true });
    expect(() => source.processes?.()).toThrow(expect.objectContaining({ code: 'source_failed' }));
    await source.close();
    await source.close();
    expect(() => source.machine?.()).toThrow(/before it was opened/);
  });

  it('accounts for this process and this machine', async () => {
    const source = proc(createHost({ log: silentLogger }));
    await source.open();
    const before = process.cpuUsage();
    const tree = source.follow?.(process.pid);
    let spent = 0;
    while (spent < 0.3) {
      const { user, system } = process.cpuUsage(before);
      spent = (user + system) / 1e6;
    }
    const own = source.processes?.().find((one) => one.process.pid === process.pid)?.usage.cpuSeconds;
    expect(own).toBeGreaterThan(0.27);
    expect(tree?.read().cpuSeconds).toBeGreaterThan(0.27);
    const machine = source.machine?.();
    expect(machine?.logicalCpus).toBeGreaterThan(0);
    expect(machine?.busySeconds).toBeGreaterThan(0.2);
    tree?.close();
    await source.close();
  });
});
