import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface FakeProcess {
  readonly pid: number;
  readonly ppid?: number;
  readonly name?: string;
  readonly state?: string;
  readonly utime?: number;
  readonly stime?: number;
  readonly cutime?: number;
  readonly cstime?: number;
  readonly threads?: number;
  readonly start?: number;
  /** Nanoseconds of the main thread; without, the kernel has no schedstat. */
  readonly run?: number;
}

/** The line of /proc/PID/stat as Linux 6 writes it, all 52 fields. */
export function statLine(process: FakeProcess): string {
  const {
    pid,
    ppid = 1,
    name = 'worker',
    state = 'S',
    utime = 0,
    stime = 0,
    cutime = 0,
    cstime = 0,
    threads = 1,
    start = 1000,
  } = process;
  const head = `${pid} (${name}) ${state} ${ppid} ${pid} ${pid} 0 -1 4194560 118 0 2 0`;
  const times = `${utime} ${stime} ${cutime} ${cstime} 20 0 ${threads} 0 ${start}`;
  return `${head} ${times} 5726208 512 18446744073709551615 1 1 0 0 0 0 0 4096 0 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n`;
}

/** Processes below a fixture's /proc, made and changed and ended by hand. */
export class FakeProcesses {
  readonly #root: string;

  constructor(root: string) {
    this.#root = join(root, 'proc');
  }

  set(process: FakeProcess): void {
    const folder = join(this.#root, String(process.pid));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'stat'), statLine(process));
    if (process.run !== undefined) writeFileSync(join(folder, 'schedstat'), `${process.run} 1 1\n`);
  }

  /** The kernel's list of a process's children; without any, the kernel has no such lists. */
  children(pid: number, ...children: number[]): void {
    const folder = join(this.#root, String(pid), 'task', String(pid));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'children'), children.map((child) => `${child} `).join(''));
  }

  file(pid: number, name: string, text: string): void {
    writeFileSync(join(this.#root, String(pid), name), text);
  }

  end(pid: number): void {
    rmSync(join(this.#root, String(pid)), { recursive: true });
  }
}
