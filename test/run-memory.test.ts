import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { documentOf, Project } from './support/project.js';

const MIB_PER_KIB = 1 / 1024;

/** The most that a process has had resident, while it lives. */
const peakMib = (pid: number): number => {
  const [, kib] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib ?? 0) * MIB_PER_KIB;
};

/** The document of a run and the most memory that the client had. */
async function measured(project: Project, ...args: string[]) {
  const running = project.start('--json', '--methods', 'tdp', ...args);
  let peak = 0;
  const timer = setInterval(() => {
    try {
      peak = Math.max(peak, peakMib(running.pid));
    } catch {
      // It has ended.
    }
  }, 20);
  const outcome = await running.done;
  clearInterval(timer);
  expect(outcome.code, outcome.stderr).toBe(0);
  return { document: documentOf(outcome), peak };
}

describe('the client', () => {
  it('needs no more memory for thousands of invocations than for a few', async () => {
    const project = new Project(
      `const n = flow.parameters.n;
       const first = flow.stage('first', { workers: n, memoryMib: 128, run: (_, { partition }) => [partition] });
       const second = flow.stage('second', { inputs: { first: each(first) }, memoryMib: 128, run: ({ first }) => first });
       return flow.stage('sum', { inputs: { second: gather(second) }, memoryMib: 128, run: ({ second }) => second.flat().length });`,
      {},
      '{ parameters: { n: 10 } }',
    );
    const few = await measured(project);
    const many = await measured(project, '--param', 'n=800');
    expect(many.document.result).toBe(800);
    expect(many.peak).toBeLessThan(300);
    expect(many.peak - few.peak).toBeLessThan(80);
  }, 120_000);

  it('passes little on for a shuffle of many partitions', async () => {
    const project = new Project(
      `const first = flow.stage('first', { workers: 500, memoryMib: 128,
         run: (_, { partition }) => Array.from({ length: 40 }, (_, i) => ({ key: i, partition })) });
       const second = flow.stage('second', { workers: 20, memoryMib: 128, inputs: { first: shuffle(first, ({ key }) => key) },
         run: ({ first }) => [first.length, new Set(first.map(({ key }) => key)).size] });
       return second;`,
    );
    const { document, peak } = await measured(project);
    const counts = document.result as [elements: number, keys: number][];
    expect(counts.reduce((sum, [elements]) => sum + elements, 0)).toBe(500 * 40);
    expect(counts.reduce((sum, [, keys]) => sum + keys, 0)).toBe(40);
    expect(peak).toBeLessThan(300);
  }, 120_000);
});
