import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { type Host, readTextIfAny } from '../../../base/index.js';
import { parseCpuList } from '../../../meter/index.js';

/** Binds workers to processors, each to those that have the fewest of them. */
export class Affinity {
  readonly #taskset: string;
  readonly #bound: Map<number, number>;

  private constructor(taskset: string, cpus: readonly number[]) {
    this.#taskset = taskset;
    this.#bound = new Map(cpus.map((cpu) => [cpu, 0]));
  }

  /** Undefined where there is no `taskset`, or nobody knows which processors may be used. */
  static find(host: Host): Affinity | undefined {
    const status = readTextIfAny(host.proc('self/status')) ?? '';
    const cpus = parseCpuList(/^Cpus_allowed_list:\s*(.+)$/m.exec(status)?.[1] ?? '') ?? [];
    const taskset = (host.env.PATH ?? '')
      .split(':')
      .map((folder) => join(folder, 'taskset'))
      .find(isExecutable);
    return taskset === undefined || cpus.length === 0 ? undefined : new Affinity(taskset, cpus);
  }

  /** Takes whole processors, at least one: parts can't be kept apart this way. */
  bind(cpu: number): { command(program: readonly string[]): string[]; release(): void } {
    const byLoad = [...this.#bound].sort((a, b) => a[1] - b[1] || a[0] - b[0]);
    const chosen = byLoad.slice(0, Math.max(1, Math.ceil(cpu))).map(([number]) => number);
    this.#add(chosen, 1);
    return {
      command: (program) => [this.#taskset, '-c', chosen.join(','), ...program],
      release: () => this.#add(chosen, -1),
    };
  }

  #add(cpus: readonly number[], count: number): void {
    for (const cpu of cpus) this.#bound.set(cpu, (this.#bound.get(cpu) ?? 0) + count);
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
