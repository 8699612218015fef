import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { createHost, silentLogger } from '../../base/index.js';
import { FakeProcesses } from '../testing/processes.js';
import { fixtureHost, type Tree } from '../testing/tree.js';
import { OwnChildren } from './own-children.js';
import { ProcessReader } from './process-reader.js';
import { ProcessTree } from './process-tree.js';

const NOW = 5000;

function machine(tree: Tree = {}) {
  const host = fixtureHost(tree);
  const processes = new FakeProcesses(host.root);
  const follow = (pid: number) => {
    const reader = new ProcessReader(host);
    return new ProcessTree({ reader, pid, nowTicks: NOW, ownChildren: new OwnChildren(reader) });
  };
  return { host, processes, follow };
}

const pids = (tree: ProcessTree): number[] => tree.living().map(({ pid }) => pid);

describe('a followed tree', () => {
  it('counts from when it is followed, descendants from their start', () => {
    const { processes, follow } = machine();
    processes.set({ pid: 10, utime: 500, cutime: 300, start: 100 });
    const tree = follow(10);
    expect(tree.read().cpuSeconds).toBe(0);
    processes.set({ pid: 10, utime: 520, cutime: 300, start: 100 });
    processes.set({ pid: 20, ppid: 10, utime: 30, start: 5001 });
    processes.set({ pid: 30, ppid: 20, utime: 4, start: 5002 });
    expect(tree.read().cpuSeconds).toBeCloseTo(0.54, 9);
    expect(pids(tree).sort()).toEqual([10, 20, 30]);
  });

  it('goes by the kernel’s lists of children where there are any', () => {
    const { processes, follow } = machine();
    processes.set({ pid: 10, start: 100 });
    processes.children(10, 20);
    processes.set({ pid: 20, ppid: 10, utime: 7, start: 5001 });
    processes.children(20);
    processes.set({ pid: 21, ppid: 10, utime: 50, start: 5001 });
    const tree = follow(10);
    expect(pids(tree)).toEqual([10, 20]);
  });

  it('does not count a child twice that was waited for, nor lose what it used at the end', () => {
    const { processes, follow } = machine();
    processes.set({ pid: 10, start: 100 });
    const tree = follow(10);
    processes.set({ pid: 20, ppid: 10, utime: 100, start: 5001 });
    expect(tree.read().cpuSeconds).toBe(1);
    processes.end(20);
    processes.set({ pid: 10, cutime: 130, start: 100 });
    expect(tree.read().cpuSeconds).toBeCloseTo(1.3, 9);
    expect(tree.read().cpuSeconds).toBeCloseTo(1.3, 9);
  });

  it('sees children that no reading had shown, once they were waited for', () => {
    const { processes, follow } = machine();
    processes.set({ pid: 10, cutime: 40, start: 100 });
    const tree = follow(10);
    processes.set({ pid: 10, cutime: 90, cstime: 10, start: 100 });
    expect(tree.read().cpuSeconds).toBeCloseTo(0.6, 9);
  });

  it('keeps what a child used that nobody waits for (SIGCHLD ignored)', () => {
    const { processes, follow } = machine();
    processes.set({ pid: 10, start: 100 });
    const tree = follow(10);
    processes.set({ pid: 20, ppid: 10, utime: 100, start: 5001 });
    tree.read();
    processes.end(20);
    expect(tree.read().cpuSeconds).toBe(1);
  });

  it('keeps a member that became a daemon, and what it used when it ends', () => {
    const { processes, follow } = machine();
    processes.set({ pid: 10, start: 100 });
    const tree = follow(10);
    processes.set({ pid: 20, ppid: 10, start: 5001 });
    processes.set({ pid: 30, ppid: 20, utime: 10, start: 5002 });
    tree.read();
    processes.end(20);
    processes.set({ pid: 30, ppid: 1, utime: 60, start: 5002 });
    expect(tree.read().cpuSeconds).toBeCloseTo(0.6, 9);
    processes.set({ pid: 31, ppid: 30, utime: 5, start: 5003 });
    expect(pids(tree).sort()).toEqual([10, 30, 31]);
    processes.end(30);
    processes.set({ pid: 31, ppid: 1, utime: 5, start: 5003 });
    expect(tree.read().cpuSeconds).toBeCloseTo(0.65, 9);
    processes.end(10);
    processes.end(31);
    expect(tree.read().cpuSeconds).toBeCloseTo(0.65, 9);
    expect(pids(tree)).toEqual([]);
  });

  it('keeps what a killed tree had used though only its root is waited for', () => {
    const { processes, follow } = machine();
    processes.set({ pid: 10, start: 100 });
    const tree = follow(10);
    processes.set({ pid: 20, ppid: 10, utime: 10, start: 5001 });
    processes.set({ pid: 30, ppid: 20, utime: 9000, start: 5002 });
    tree.read();
    processes.end(20);
    processes.end(30);
    processes.set({ pid: 10, cutime: 10, start: 100 });
    expect(tree.read().cpuSeconds).toBeCloseTo(90.1, 9);
  });

  it('counts an orphan once that a member takes in while it sleeps', () => {
    const { processes, follow } = machine({ 'proc/self/schedstat': '5000 1 1\n' });
    processes.set({ pid: 10, start: 100, run: 1 });
    const tree = follow(10);
    processes.set({ pid: 20, ppid: 10, start: 5001, run: 1 });
    processes.set({ pid: 30, ppid: 20, utime: 100, start: 5002, run: 1_000_000_000 });
    expect(tree.read().cpuSeconds).toBeCloseTo(1, 6);
    processes.end(20);
    // The new parent shows in stat alone: a sleeping process does not run to get it.
    processes.set({ pid: 30, ppid: 10, utime: 100, start: 5002, run: 1_000_000_000 });
    expect(tree.read().cpuSeconds).toBeCloseTo(1, 6);
    processes.end(30);
    processes.set({ pid: 10, cutime: 100, start: 100, run: 2 });
    expect(tree.read().cpuSeconds).toBeCloseTo(1, 6);
  });

  it('does not take a reused pid for the process it followed', () => {
    const { processes, follow } = machine();
    processes.set({ pid: 10, start: 100 });
    const tree = follow(10);
    processes.set({ pid: 10, utime: 50, start: 100 });
    tree.read();
    processes.set({ pid: 10, utime: 7000, start: 9000 });
    expect(tree.read().cpuSeconds).toBe(0.5);
    expect(tree.read().cpuSeconds).toBe(0.5);
    expect(pids(tree)).toEqual([]);
  });

  it('does not call a dead process that waits to be waited for living', () => {
    const { processes, follow } = machine();
    processes.set({ pid: 10, start: 100 });
    const tree = follow(10);
    processes.set({ pid: 20, ppid: 10, utime: 25, state: 'Z', start: 5001 });
    expect(tree.read().cpuSeconds).toBe(0.25);
    expect(pids(tree)).toEqual([10]);
  });

  it('tells memory together, shared memory once, and keeps the peak', () => {
    const { processes, follow } = machine();
    const status = (resident: number, shared: number, peak: number): string =>
      `VmHWM:\t${peak} kB\nVmRSS:\t${resident} kB\nRssFile:\t${shared} kB\n`;
    processes.set({ pid: 10, start: 100 });
    processes.file(10, 'status', status(3072, 1024, 3072));
    processes.set({ pid: 20, ppid: 10, start: 5001 });
    processes.file(20, 'status', status(5120, 2048, 6144));
    const tree = follow(10);
    expect(tree.read().memoryPeakMib).toBe(2 + 3 + 2);
    processes.end(20);
    expect(tree.read().memoryPeakMib).toBe(7);
  });

  it('tells I/O, and a child’s once when its parent has waited for it', () => {
    const { processes, follow } = machine();
    const io = (read: number): string => `read_bytes: ${read}\nwrite_bytes: 0\ncancelled_write_bytes: 0\n`;
    processes.set({ pid: 10, start: 100 });
    processes.file(10, 'io', io(1000));
    const tree = follow(10);
    processes.set({ pid: 20, ppid: 10, start: 5001 });
    processes.file(20, 'io', io(50));
    processes.set({ pid: 10, utime: 1, start: 100 });
    processes.file(10, 'io', io(1100));
    expect(tree.read().readBytes).toBe(150);
    processes.end(20);
    processes.set({ pid: 10, utime: 2, start: 100 });
    processes.file(10, 'io', io(1160));
    expect(tree.read().readBytes).toBe(160);
  });

  it('gives a child of Wattloop’s own what Wattloop waited for, and not what helpers used before', () => {
    const self = 'proc/self/stat';
    const { host, processes, follow } = machine({ [self]: '1 (x)' });
    const own = (cutime: number): void => {
      processes.set({ pid: 7, ppid: 1, cutime, start: 50 });
      processes.file(0, '../self/stat', `7 (node) S 1 7 7 0 -1 0 0 0 0 0 0 0 ${cutime} 0 20 0 1 0 50 0 0\n`);
    };
    processes.set({ pid: 0, start: 1 });
    own(100);
    processes.set({ pid: 10, ppid: 7, start: 5000 });
    const tree = follow(10);
    host.clock.advance(1);
    own(140);
    expect(tree.read().cpuSeconds).toBe(0);
    host.clock.advance(1);
    processes.end(10);
    own(190);
    expect(tree.read().cpuSeconds).toBeCloseTo(0.5, 9);
    own(900);
    expect(tree.read().cpuSeconds).toBeCloseTo(0.5, 9);
  });
});

describe('a followed tree on this machine', () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  /** A shell that waits for a line, so that it is followed before it works. */
  function shell(script: string) {
    const child = spawn('sh', ['-c', `read line; ${script}`], { stdio: ['pipe', 'pipe', 'inherit'] });
    children.push(child);
    const reader = new ProcessReader(createHost({ log: silentLogger }));
    const tree = new ProcessTree({
      reader,
      pid: child.pid ?? 0,
      nowTicks: 0,
      ownChildren: new OwnChildren(reader),
    });
    return { child, tree };
  }

  const BURN = `"${process.execPath}" -e 'const c=process.cpuUsage();while(process.cpuUsage(c).user<2e5);'`;

  it('accounts for children that nobody looked at while they lived', async () => {
    const { child, tree } = shell(`${BURN}; ${BURN}; echo done; read more`);
    child.stdin.write('go\n');
    await once(child.stdout, 'data');
    expect(tree.read().cpuSeconds).toBeGreaterThan(0.4);
    expect(tree.read().cpuSeconds).toBeLessThan(5);
    tree.close();
  });

  it('accounts for a tree that ended before it was read', async () => {
    const { child, tree } = shell(`${BURN}; exit 0`);
    child.stdin.write('go\n');
    await once(child, 'exit');
    const { cpuSeconds } = tree.read();
    expect(cpuSeconds).toBeGreaterThan(0.2);
    expect(cpuSeconds).toBeLessThan(5);
    expect(tree.read().cpuSeconds).toBe(cpuSeconds);
    tree.close();
  });

  it('follows a daemon that left its session and its parent', async () => {
    const { child, tree } = shell('sleep 60 & echo $!; read more');
    child.stdin.write('go\n');
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const daemon = Number(String(line));
    expect(pids(tree)).toContain(daemon);
    child.kill('SIGKILL');
    await once(child, 'exit');
    try {
      expect(pids(tree)).toEqual([daemon]);
    } finally {
      process.kill(daemon, 'SIGKILL');
    }
    tree.close();
  });
});
