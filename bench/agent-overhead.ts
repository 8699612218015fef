// What the node agent costs, on a machine full of processes that mostly sleep, beside what top and pidstat cost in the same
// minute. Memory over the same time.
//   npm run bench -- agent-overhead [--seconds 60 | --long] [--processes 1000,5000] [--groups 100] [--usage ebpf|cgroup]
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Crowd } from './support/crowd.js';
import { publish, type Row } from './support/outcome.js';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    long: { type: 'boolean', default: false },
    processes: { type: 'string', default: '1000,5000' },
    groups: { type: 'string', default: '100' },
    usage: { type: 'string', default: 'ebpf' },
  },
});
const SECONDS = values.long ? 600 : Number(values.seconds);
const GROUPS = Number(values.groups);
const MAIN = join(import.meta.dirname, '..', 'dist', 'cli', 'main.js');
/** The agent starts, finds its sources and is compiled by Node.js: no part of what it costs to run. */
const WARM_UP_SECONDS = 10;
const SCRAPE_SECONDS = 15;
/** The part of the processes that do a little every second. */
const WAKING = 0.01;

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
const sleep = (seconds: number): Promise<void> =>
  setTimeout(seconds * 1e3, undefined, { signal: stop.signal });

/** A sysfs without the kernel's types: there is no eBPF, and control groups are read from their files. */
function withoutKernelTypes(): string {
  const folder = mkdtempSync(join(tmpdir(), 'wattloop-bench-sys-'));
  mkdirSync(join(folder, 'fs'));
  symlinkSync('/sys/fs/cgroup', join(folder, 'fs', 'cgroup'));
  return folder;
}

/** Where the agent answers, once it does. */
function listening(agent: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    agent.once('exit', () => reject(new Error('the agent ended')));
    if (agent.stderr === null) return;
    createInterface({ input: agent.stderr }).on('line', (line) => {
      const url = /metrics at (\S+)/.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
}

const residentMib = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

/** Growth in MiB a minute: the slope of a straight line through a sample a second. */
function slope(samples: readonly number[]): number {
  const middle = (samples.length - 1) / 2;
  const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length;
  let [covariance, variance] = [0, 0];
  for (const [second, value] of samples.entries()) {
    covariance += (second - middle) * (value - mean);
    variance += (second - middle) ** 2;
  }
  return (covariance / variance) * 60;
}

const TOOLS: Readonly<Record<string, readonly string[]>> = {
  top: ['top', '-b', '-d', '1'],
  pidstat: ['pidstat', '1'],
};
const percent = (cores: number): string => `${(cores * 100).toFixed(2)} %`;

async function round(
  crowd: Crowd,
  processes: number,
  sysfs: string,
): Promise<{ rows: Row[]; cores: number }> {
  const each = Math.round(processes / GROUPS);
  const waking = Math.round(processes * WAKING);
  for (let group = 0; group < GROUPS; group++) {
    const share = Math.floor(((group + 1) * waking) / GROUPS) - Math.floor((group * waking) / GROUPS);
    crowd.fill(`g${group}`, each, share);
  }
  while (crowd.processes < processes) await sleep(0.2);
  const agent = crowd.start(
    'agent',
    [process.execPath, MAIN, 'agent', '--listen', '127.0.0.1:0', '--interval', '1s', '--sysfs', sysfs],
    'pipe',
  );
  const url = await listening(agent);
  for (const [name, command] of Object.entries(TOOLS)) crowd.start(name, command);
  await sleep(WARM_UP_SECONDS);

  const names = ['agent', ...Object.keys(TOOLS)];
  const before = names.map((name) => crowd.cpuSeconds(name));
  const began = performance.now();
  const memory: number[] = [];
  let page = '';
  for (let second = 0; second < SECONDS; second++) {
    if (second % SCRAPE_SECONDS === 0) page = await (await fetch(url)).text();
    memory.push(residentMib(agent.pid ?? 0));
    await sleep(Math.max(0, (began + (second + 1) * 1e3 - performance.now()) / 1e3));
  }
  const seconds = (performance.now() - began) / 1e3;
  const cores = names.map((name, index) => (crowd.cpuSeconds(name) - (before[index] ?? 0)) / seconds);
  const [own = Number.NaN] = cores;
  const usage = /^wattloop_source_usable\{source="ebpf"\} 1$/m.test(page) ? 'ebpf' : 'cgroup';
  const series = page.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
  const rows = names.map((name, index): Row => {
    const share = cores[index] ?? Number.NaN;
    const row = {
      processes,
      what: name === 'agent' ? `agent (${usage})` : name,
      'of one core': percent(share),
    };
    if (name !== 'agent') return { ...row, 'agent is': `1/${(share / own).toFixed(1)}` };
    const [first = Number.NaN] = memory;
    return {
      ...row,
      series,
      'RSS first': `${first.toFixed(1)} MiB`,
      'RSS last': `${(memory.at(-1) ?? Number.NaN).toFixed(1)} MiB`,
      'RSS most': `${Math.max(...memory).toFixed(1)} MiB`,
      'RSS growth': `${slope(memory.slice(Math.floor(memory.length / 2))).toFixed(2)} MiB/min`,
    };
  });
  await crowd.clear();
  return { rows, cores: own };
}

const crowd = new Crowd();
const sysfs = values.usage === 'ebpf' ? '/sys' : withoutKernelTypes();
try {
  const rows: Row[] = [];
  const costs: number[] = [];
  for (const processes of values.processes.split(',').map(Number)) {
    const outcome = await round(crowd, processes, sysfs);
    rows.push(...outcome.rows);
    costs.push(outcome.cores);
  }
  const [first = Number.NaN] = costs;
  const growth =
    costs.length > 1
      ? `; the last is ${((costs.at(-1) ?? Number.NaN) / first).toFixed(2)} times the first`
      : '';
  publish(
    'agent-overhead',
    `The agent at 1 Hz, scraped every ${SCRAPE_SECONDS} s, over ${SECONDS} s, with processes in ${GROUPS} control groups, 1 % of which wake every second${growth}`,
    rows,
  );
} catch (error) {
  if (!stop.signal.aborted) throw error;
  process.exitCode = 130;
} finally {
  await crowd.close();
  if (sysfs !== '/sys') rmSync(sysfs, { recursive: true, force: true });
}
