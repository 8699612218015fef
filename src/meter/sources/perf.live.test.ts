import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readlinkSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createHost, messageOf, silentLogger } from '../../base/index.js';
import { RusageOf, resourceUsage } from '../native/rusage.js';
import { perfCgroupRoot } from '../perf/cgroup.js';
import { perf } from './perf.js';

const host = createHost({ log: silentLogger });
const availability = await perf(host).probe();

/** Waits for a line on stdin before it begins, as a worker does; then burns a tenth of a second itself and in each of two children. */
const BURNER = `
const { spawnSync } = require('node:child_process');
const burn = 'const s = process.cpuUsage(); while (process.cpuUsage(s).user < 100_000);';
eval(burn);
for (let n = 0; n < 2; n++) spawnSync(process.execPath, ['-e', burn]);`;

const waiting = (): ChildProcess & { readonly pid: number } => {
  const child = spawn('sh', ['-c', 'read go; exec "$0" -e "$1"', process.execPath, BURNER], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  if (child.pid === undefined) throw new Error('sh did not start');
  return Object.assign(child, { pid: child.pid });
};

const go = async (child: ChildProcess): Promise<void> => {
  const exit = once(child, 'exit');
  child.stdin?.end('go\n');
  await exit;
};

const childSeconds = (): number => {
  const { userSeconds, systemSeconds } = resourceUsage(RusageOf.children);
  return userSeconds + systemSeconds;
};

const openCounters = (): number =>
  readdirSync('/proc/self/fd').filter((name) => {
    try {
      return readlinkSync(join('/proc/self/fd', name)).includes('[perf_event]');
    } catch {
      return false;
    }
  }).length;

const reason = availability.usable ? '' : ` (${availability.reason})`;

describe.skipIf(!availability.usable)(`perf on this kernel${reason}`, () => {
  const source = perf(host);
  afterEach(() => source.close());

  // The task clock runs on while a hypervisor gives the processor to others, getrusage does not: once of three it is quiet.
  it('counts a process, what it execs and descendants that came and went, as the kernel accounts them', {
    retry: 3,
  }, async () => {
    await source.open();
    const before = childSeconds();
    const child = waiting();
    const followed = source.follow?.(child.pid);
    expect(followed?.living()).toEqual([expect.objectContaining({ pid: child.pid })]);
    await go(child);
    const truth = childSeconds() - before;
    const usage = followed?.read();
    expect(truth).toBeGreaterThan(0.3);
    // What is not followed is the shell's start, before its pid was known.
    expect((usage?.cpuSeconds ?? 0) / truth).toBeGreaterThan(0.95);
    expect((usage?.cpuSeconds ?? 0) / truth).toBeLessThan(1.01);
    expect(usage?.contextSwitches).toBeGreaterThan(3);
    expect(followed?.living()).toEqual([]);
  });

  it('counts a control group as it counts the tree that runs in it', async (ctx) => {
    await source.open();
    const { followCgroup } = source;
    const root = perfCgroupRoot(host);
    if (!followCgroup || root === undefined) return ctx.skip('control groups can not be counted here');
    const name = `wattloop-test-${process.pid}`;
    const folder = join(root, name);
    try {
      mkdirSync(folder);
    } catch (error) {
      return ctx.skip(`no control group can be made: ${messageOf(error)}`);
    }
    const child = waiting();
    try {
      writeFileSync(join(folder, 'cgroup.procs'), `${child.pid}\n`);
      const group = followCgroup(`/${name}`);
      const tree = source.follow?.(child.pid);
      expect(group.living()).toEqual([expect.objectContaining({ pid: child.pid })]);
      await go(child);
      const seconds = group.read().cpuSeconds;
      expect(seconds).toBeGreaterThan(0.3);
      expect(seconds / (tree?.read().cpuSeconds ?? 0)).toBeGreaterThan(0.95);
      expect(seconds / (tree?.read().cpuSeconds ?? 0)).toBeLessThan(1.05);
    } finally {
      // A group with a process in it can't be removed.
      if (child.exitCode === null && child.kill()) await once(child, 'exit');
      rmdirSync(folder);
    }
  });

  it("counts this process's own threads, and the machine's context switches", async (ctx) => {
    await source.open();
    const own = source.follow?.(process.pid);
    const start = process.cpuUsage();
    while (process.cpuUsage(start).user < 50_000);
    const used = process.cpuUsage(start);
    const seconds = own?.read().cpuSeconds ?? 0;
    expect(seconds).toBeGreaterThan(((used.user + used.system) / 1e6) * 0.98);
    if (!source.machine) return ctx.skip('whole processors can not be counted here');
    const before = source.machine().contextSwitches ?? 0;
    await once(spawn('true'), 'exit');
    expect(source.machine().contextSwitches).toBeGreaterThan(before);
  });

  it('lets go of every counter when it is closed', async () => {
    const before = openCounters();
    await source.open();
    source.follow?.(process.pid);
    const child = waiting();
    source.follow?.(child.pid).close();
    child.kill();
    await once(child, 'exit');
    expect(openCounters()).toBeGreaterThan(before);
    await source.close();
    expect(openCounters()).toBe(before);
  });
});
