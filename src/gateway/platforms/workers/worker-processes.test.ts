import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { UsageSource } from '../../../meter/index.js';
import { FakeUsage } from '../../../meter/testing/fake-sources.js';
import { fixtureHost } from '../../../meter/testing/tree.js';
import { workerRule } from '../../../model/index.js';
import { RuleSet } from '../rules/rule-set.js';
import { WorkerProcesses } from './worker-processes.js';

const RULE = workerRule.parse({
  name: 'runner',
  match: { process: '^py', command: 'runner (?<job>\\w+)' },
  function: '${job}',
});
const BY_ENVIRONMENT = workerRule.parse({
  name: 'environment',
  match: { environment: { FUNCTION: '(?<name>.+)' } },
  function: '${name}',
});

/** Processes of a /proc that a test fills, whose trees it lets work. */
function machine(isRecognised: (group: string) => boolean = () => false) {
  const host = fixtureHost({});
  const cpu = new Map<number, number>();
  const closed: number[] = [];
  const source = Object.assign(new FakeUsage(host.clock, 'proc'), {
    follow: (pid: number) => ({
      read: () => ({ cpuSeconds: cpu.get(pid) ?? 0 }),
      living: () => (cpu.has(pid) && alive.has(pid) ? [{ pid, startTicks: 1, name: 'x' }] : []),
      close: () => void closed.push(pid),
    }),
  }) satisfies UsageSource;
  const alive = new Set<number>();
  const start = (pid: number, name: string, command: string, parent = 1, environment = ''): void => {
    const folder = join(host.procfs, String(pid));
    mkdirSync(folder, { recursive: true });
    const rest = `S ${parent} ${'0 '.repeat(17)}${pid * 10} 0 0`;
    writeFileSync(join(folder, 'stat'), `${pid} (${name}) ${rest}\n`);
    writeFileSync(join(folder, 'cmdline'), command.split(' ').join('\0'));
    writeFileSync(join(folder, 'environ'), environment);
    alive.add(pid);
    cpu.set(pid, cpu.get(pid) ?? 0);
  };
  const end = (pid: number): void => {
    rmSync(join(host.procfs, String(pid)), { recursive: true });
    alive.delete(pid);
  };
  const processes = new WorkerProcesses({
    host,
    rules: new RuleSet([{ platform: 'own', rules: [RULE, BY_ENVIRONMENT] }]),
    groupOf: () => '/user.slice',
    factsOf: (cgroup) => ({ cgroup, labels: {} }),
    isRecognised,
  });
  const look = () =>
    processes
      .look(source)
      .map(({ id, recognition, group, cpuSeconds }) => [id, recognition.function, group, cpuSeconds]);
  return { host, cpu, closed, start, end, look };
}

describe('processes that work for functions', () => {
  it('are found among others, with what they and their descendants used', () => {
    const { start, cpu, look } = machine();
    start(7, 'bash', 'bash');
    start(8, 'python3', 'python3 runner aes', 7);
    expect(look()).toEqual([['worker:8:80', 'aes', '/user.slice', 0]]);
    cpu.set(8, 2.5);
    start(9, 'py (odd) name', 'py runner json', 7);
    expect(look()).toEqual([
      ['worker:8:80', 'aes', '/user.slice', 2.5],
      ['worker:9:90', 'json', '/user.slice', 0],
    ]);
  });

  it('have their children with them', () => {
    const { start, look } = machine();
    start(8, 'python3', 'python3 runner aes');
    look();
    // Forked, with the command line of its parent, and one that it started.
    start(9, 'python3', 'python3 runner aes', 8);
    start(10, 'python3', 'python3 runner other', 9);
    expect(look().map(([id]) => id)).toEqual(['worker:8:80']);
  });

  it('are looked at once more when they were only just started', () => {
    const { start, look } = machine();
    look();
    start(8, 'bash', 'bash launcher');
    expect(look()).toEqual([]);
    start(8, 'python3', 'python3 runner aes');
    expect(look().map(([, name]) => name)).toEqual(['aes']);
  });

  it('are not looked at again and again', () => {
    const { start, look } = machine();
    start(8, 'bash', 'bash launcher');
    look();
    look();
    start(8, 'python3', 'python3 runner aes');
    expect(look()).toEqual([]);
  });

  it('are told once more when they have ended, and then let go', () => {
    const { start, end, cpu, closed, look } = machine();
    start(8, 'python3', 'python3 runner aes');
    look();
    cpu.set(8, 4);
    end(8);
    expect(look()).toEqual([['worker:8:80', 'aes', '/user.slice', 4]]);
    expect(closed).toEqual([8]);
    expect(look()).toEqual([]);
  });

  it('are known by their environment too', () => {
    const { start, look } = machine();
    start(8, 'server', 'server', 1, 'PATH=/bin\0FUNCTION=cnn\0');
    expect(look().map(([, name]) => name)).toEqual(['cnn']);
  });

  it('are nobody’s beside those who have their whole group, nor are threads of the kernel', () => {
    const { start, look } = machine((group) => group === '/user.slice');
    start(8, 'python3', 'python3 runner aes');
    expect(look()).toEqual([]);
    const other = machine();
    other.start(20, 'py/kernel', '', 2, 'FUNCTION=x\0');
    expect(other.look()).toEqual([]);
  });
});
