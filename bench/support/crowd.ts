import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';

/** Processes that a group is asked to end are waited for this often. */
const RETRY_MILLISECONDS = 50;
const RETRIES = 100;

const pidsIn = (folder: string): number[] =>
  (readFileSync(join(folder, 'cgroup.procs'), 'utf8').match(/\d+/g) ?? [])
    .map(Number)
    .filter((pid) => pid > 0);

/** The folder of the hierarchy in which CPU time is accounted: version 1's, else version 2's. */
function hierarchy(): { folder: string; isUnified: boolean } {
  const root = '/sys/fs/cgroup';
  for (const name of ['cpuacct', 'cpu,cpuacct']) {
    if (existsSync(join(root, name, 'cpuacct.usage'))) return { folder: join(root, name), isUnified: false };
  }
  return { folder: root, isUnified: true };
}

/** Control groups full of processes, all below one group of our own that is removed with everything in it. */
export class Crowd {
  readonly #root: string;
  readonly #isUnified: boolean;
  readonly #children: ChildProcess[] = [];

  constructor() {
    const { folder, isUnified } = hierarchy();
    this.#root = join(folder, `wattloop-bench-${process.pid}`);
    this.#isUnified = isUnified;
    mkdirSync(this.#root);
  }

  /** Runs a command in a group of its own. */
  start(group: string, command: readonly string[], stdio: 'ignore' | 'pipe' = 'ignore'): ChildProcess {
    const folder = join(this.#root, group);
    if (!existsSync(folder)) mkdirSync(folder);
    const script = `echo 0 > "$0" && exec "$@"`;
    const child = spawn('/bin/sh', ['-c', script, join(folder, 'cgroup.procs'), ...command], {
      stdio: ['ignore', 'ignore', stdio],
    });
    this.#children.push(child);
    return child;
  }

  /** Fills a group with processes that sleep, `waking` of which do a little every second (and start a sleep each time). */
  fill(group: string, count: number, waking: number): void {
    const asleep = `i=${waking}; while [ $i -lt ${count - 1} ]; do sleep 100000 & i=$((i+1)); done`;
    const work = `while :; do j=0; while [ $j -lt 500 ]; do j=$((j+1)); done; sleep 1; done`;
    const awake = `i=0; while [ $i -lt ${waking} ]; do (${work}) & i=$((i+1)); done`;
    this.start(group, ['/bin/sh', '-c', `${asleep}; ${awake}; wait`]);
  }

  /** CPU seconds that a group has used, to the microsecond or better. */
  cpuSeconds(group: string): number {
    const folder = join(this.#root, group);
    if (!this.#isUnified) return Number(readFileSync(join(folder, 'cpuacct.usage'), 'utf8')) / 1e9;
    const usage = /^usage_usec (\d+)$/m.exec(readFileSync(join(folder, 'cpu.stat'), 'utf8'))?.[1];
    return Number(usage) / 1e6;
  }

  get processes(): number {
    return this.#groups().reduce((sum, folder) => sum + pidsIn(folder).length, 0);
  }

  /** Ends every process in our groups and removes them. */
  async clear(): Promise<void> {
    const ended = this.#children
      .splice(0)
      .filter((child) => child.exitCode === null && child.signalCode === null)
      .map((child) => once(child, 'exit'));
    for (let attempt = 0; attempt < RETRIES; attempt++) {
      const pids = this.#groups().flatMap(pidsIn);
      if (pids.length === 0) break;
      for (const pid of pids) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // It ended by itself.
        }
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_MILLISECONDS));
    }
    await Promise.all(ended);
    for (const folder of this.#groups()) rmdirSync(folder);
    mkdirSync(this.#root);
  }

  async close(): Promise<void> {
    await this.clear();
    rmdirSync(this.#root);
  }

  /** Innermost first. */
  #groups(): string[] {
    if (!existsSync(this.#root)) return [];
    const inner = readdirSync(this.#root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return [...inner.map(({ name }) => join(this.#root, name)), this.#root];
  }
}
