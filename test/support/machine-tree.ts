import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PowercapTree } from './powercap-tree.js';

/** A machine of two processors that do nothing: what is busy is what the groups say. */
const PROC: Readonly<Record<string, string>> = {
  stat: 'cpu  0 0 0 100 0 0 0 0 0 0\ncpu0 0 0 0 50 0 0 0 0 0 0\ncpu1 0 0 0 50 0 0 0 0 0 0\nctxt 1\nbtime 1700000000\nprocesses 1\n',
  uptime: '1000.00 2000.00\n',
  cpuinfo: 'processor\t: 0\nmodel name\t: Test\n\nprocessor\t: 1\nmodel name\t: Test\n',
};

/** The /sys and /proc of a machine with RAPL and control groups of version 2, which move when a test moves them. */
export class MachineTree {
  readonly powercap = new PowercapTree({ 'package-0': 0, dram: 0 });
  readonly procfs = mkdtempSync(join(tmpdir(), 'wattloop-proc-'));
  readonly #groups: string;

  constructor(groups: readonly string[]) {
    for (const [name, text] of Object.entries(PROC)) writeFileSync(join(this.procfs, name), text);
    this.#groups = join(this.powercap.sysfs, 'fs/cgroup');
    mkdirSync(this.#groups, { recursive: true });
    writeFileSync(join(this.#groups, 'cgroup.controllers'), 'cpu memory io pids\n');
    for (const path of ['/', ...groups]) this.use(path, 0);
  }

  get roots(): string[] {
    return ['--sysfs', this.powercap.sysfs, '--procfs', this.procfs];
  }

  /** What a group and those below it have used so far. */
  use(path: string, seconds: number): void {
    const folder = join(this.#groups, path);
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, 'cpu.stat'),
      `usage_usec ${Math.round(seconds * 1e6)}\nuser_usec 0\nsystem_usec 0\n`,
    );
  }

  close(): void {
    this.powercap.close();
    rmSync(this.procfs, { recursive: true, force: true });
  }
}
