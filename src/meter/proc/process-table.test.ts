import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { createHost, silentLogger } from '../../base/index.js';
import { FakeProcesses } from '../testing/processes.js';
import { fixtureHost, type Tree } from '../testing/tree.js';
import { ProcessReader } from './process-reader.js';
import { ProcessTable } from './process-table.js';

/** 100 ticks a second, up for 50 s: what starts from tick 5000 on is new. */
function machine(tree: Tree = {}) {
  const host = fixtureHost({ 'proc/uptime': '50.00 90.00\n', ...tree });
  const processes = new FakeProcesses(host.root);
  const open = () => {
    const table = new ProcessTable(new ProcessReader(host));
    return {
      scan: () =>
        Object.fromEntries(
          table
            .scan()
            .map(({ process, usage, unseenChildrenCpuSeconds: unseen }) => [
              `${process.pid} ${process.name}`,
              unseen === undefined ? usage.cpuSeconds : [usage.cpuSeconds, unseen],
            ]),
        ),
      table,
    };
  };
  return { host, processes, open };
}

const WITH_SCHEDSTAT: Tree = { 'proc/self/schedstat': '5000 1 1\n' };

describe('the process table', () => {
  it('counts old processes from when it was opened and new ones from their start', () => {
    const { processes, open } = machine();
    processes.set({ pid: 10, name: 'old', utime: 700, stime: 50, start: 100 });
    const { scan } = open();
    expect(scan()).toEqual({});
    processes.set({ pid: 10, name: 'old', utime: 760, stime: 50, start: 100 });
    processes.set({ pid: 11, name: 'new', utime: 30, start: 5001 });
    processes.set({ pid: 12, name: 'hidden till now', utime: 9999, start: 4000 });
    expect(scan()).toEqual({ '10 old': expect.closeTo(0.6, 9), '11 new': 0.3 });
  });

  it('takes a reused pid for another process', () => {
    const { processes, open } = machine();
    processes.set({ pid: 10, name: 'first', utime: 100, start: 5000 });
    const { scan } = open();
    processes.set({ pid: 10, name: 'first', utime: 150, start: 5000 });
    scan();
    processes.set({ pid: 10, name: 'second', utime: 20, start: 6000 });
    expect(scan()).toEqual({ '10 first': 0.5, '10 second': 0.2 });
    expect(scan()).toEqual({ '10 second': 0.2 });
  });

  it('hands an ended process over once more and then forgets it', () => {
    const { processes, open } = machine();
    const { scan, table } = open();
    processes.set({ pid: 10, utime: 150, start: 5000 });
    scan();
    processes.end(10);
    expect(scan()).toEqual({ '10 worker': 1.5 });
    expect(scan()).toEqual({});
    expect(table.size).toBe(0);
  });

  it('never counts backwards, whatever a file says', () => {
    const { processes, open } = machine();
    const { scan } = open();
    processes.set({ pid: 10, utime: 150, start: 5000 });
    expect(scan()).toEqual({ '10 worker': 1.5 });
    processes.set({ pid: 10, utime: 90, start: 5000 });
    expect(scan()).toEqual({ '10 worker': 1.5 });
    processes.file(10, 'stat', '10 (worker) S gar');
    expect(scan()).toEqual({ '10 worker': 1.5 });
    processes.set({ pid: 10, utime: 200, start: 5000 });
    expect(scan()).toEqual({ '10 worker': 2 });
  });

  it('skips a process without a stat file and what is no process', () => {
    const { processes, open } = machine({ 'proc/77/cmdline': 'x', 'proc/1abc/stat': 'x', 'proc/stat': 'x' });
    const { scan } = open();
    processes.set({ pid: 10, utime: 1, start: 5000 });
    expect(scan()).toEqual({ '10 worker': 0.01 });
  });

  it('gives a parent the children that lived and died between two scans', () => {
    const { processes, open } = machine();
    processes.set({ pid: 10, name: 'make', cutime: 1000, start: 100 });
    const { scan } = open();
    processes.set({ pid: 10, name: 'make', utime: 10, cutime: 1200, cstime: 50, start: 100 });
    scan();
    expect(scan()).toEqual({ '10 make': [0.1, 2.5] });
  });

  it('gives a parent of a child that was seen only what it used after that', () => {
    const { processes, open } = machine();
    processes.set({ pid: 10, name: 'sh', start: 100 });
    const { scan } = open();
    processes.set({ pid: 20, name: 'cc', ppid: 10, utime: 100, start: 5000 });
    scan();
    processes.end(20);
    processes.set({ pid: 10, name: 'sh', cutime: 130, start: 100 });
    expect(scan()).toEqual({ '20 cc': 1 });
    expect(scan()).toEqual({ '10 sh': [0, expect.closeTo(0.3, 9)] });
  });

  it('does not count a child twice that its parent has waited for since it was read', () => {
    const { processes, open } = machine();
    processes.set({ pid: 10, name: 'sh', start: 100 });
    const { scan } = open();
    // The child was read alive; then it ended and was waited for; then the parent was read.
    processes.set({ pid: 5, name: 'cc', ppid: 10, utime: 100, start: 5000 });
    processes.set({ pid: 10, name: 'sh', cutime: 100, start: 100 });
    expect(scan()).toEqual({ '5 cc': 1 });
    processes.end(5);
    expect(scan()).toEqual({ '5 cc': 1 });
    expect(scan()).toEqual({});
  });

  it('does not call orphans unseen that init waited for', () => {
    const { processes, open } = machine();
    processes.set({ pid: 1, ppid: 0, name: 'init', start: 1 });
    const { scan } = open();
    processes.set({ pid: 10, name: 'runner', ppid: 1, start: 5000 });
    processes.set({ pid: 20, name: 'sh', ppid: 10, start: 5000 });
    processes.set({ pid: 21, name: 'hog', ppid: 20, utime: 90_000, start: 5001 });
    scan();
    // Killed together: the shell is waited for by the runner, and what it left behind by init.
    processes.end(20);
    processes.end(21);
    processes.set({ pid: 1, ppid: 0, name: 'init', cutime: 90_000, start: 1 });
    expect(scan()).toEqual({ '21 hog': 900 });
    expect(scan()).toEqual({});
  });

  it('refines ticks by what the only thread ran, when both agree', () => {
    const { processes, open } = machine(WITH_SCHEDSTAT);
    const { scan } = open();
    processes.set({ pid: 10, name: 'fine', utime: 1, start: 5000, run: 17_500_000 });
    processes.set({ pid: 11, name: 'other', utime: 9, start: 5000, run: 17_500_000 });
    processes.set({ pid: 12, name: 'many', utime: 1, start: 5000, run: 17_500_000, threads: 2 });
    expect(scan()).toEqual({ '10 fine': 0.0175, '11 other': 0.09, '12 many': 0.01 });
  });

  it('sees what a process of one thread did when it ran again', () => {
    const { processes, open } = machine(WITH_SCHEDSTAT);
    processes.set({ pid: 10, utime: 0, start: 5000, run: 1_000_000 });
    const { scan } = open();
    expect(scan()).toEqual({});
    processes.set({ pid: 10, utime: 50, start: 5000, run: 501_000_000 });
    expect(scan()).toEqual({ '10 worker': 0.5 });
  });
});

describe('the process table on this machine', () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  it('sees a child’s work, to the tick, and its end', async () => {
    const table = new ProcessTable(new ProcessReader(createHost({ log: silentLogger })));
    const script =
      'const c=process.cpuUsage();while(process.cpuUsage(c).user<2e5);console.log(JSON.stringify(process.cpuUsage()));process.stdin.resume()';
    const child = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
    children.push(child);
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const { user, system } = JSON.parse(String(line)) as NodeJS.CpuUsage;
    const find = () => table.scan().find(({ process }) => process.pid === child.pid);
    const seen = find();
    expect(seen?.process.name).toMatch(/node|MainThread/);
    expect(seen?.usage.cpuSeconds).toBeGreaterThan((user + system) / 1e6 - 0.03);
    expect(seen?.usage.cpuSeconds).toBeLessThan((user + system) / 1e6 + 0.5);
    child.kill();
    await once(child, 'exit');
    expect(find()?.usage.cpuSeconds).toBeGreaterThanOrEqual(seen?.usage.cpuSeconds ?? Number.NaN);
    expect(find()).toBeUndefined();
    table.close();
  });
});
