import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KernelFile } from '../../../base/index.js';
import { BYTES_PER_MIB } from '../../../model/index.js';
import type { ClientGroup } from './client-group.js';

/** Over which a quota of processor time is counted: short, so that a part of a processor is felt as a slow one, not as stops. */
const PERIOD_MICROSECONDS = 20_000;
/** What the kernel takes. */
const LEAST_QUOTA_MICROSECONDS = 1_000;
const LONGEST_PERIOD_MICROSECONDS = 1_000_000;

/** Quota and period in microseconds that give so many processors. */
export function cpuQuota(cpu: number): { quota: number; period: number } {
  const period = Math.min(
    LONGEST_PERIOD_MICROSECONDS,
    Math.max(PERIOD_MICROSECONDS, Math.ceil(LEAST_QUOTA_MICROSECONDS / cpu)),
  );
  return { quota: Math.max(LEAST_QUOTA_MICROSECONDS, Math.round(cpu * period)), period };
}

export function limitCpu(version: ClientGroup['version'], folder: string, cpu: number): void {
  const { quota, period } = cpuQuota(cpu);
  if (version === 2) {
    writeFileSync(join(folder, 'cpu.max'), `${quota} ${period}`);
    return;
  }
  writeFileSync(join(folder, 'cpu.cfs_period_us'), String(period));
  writeFileSync(join(folder, 'cpu.cfs_quota_us'), String(quota));
}

/** Memory without swap: what does not fit fails at once instead of making the whole machine slow. */
export function limitMemory(version: ClientGroup['version'], folder: string, memoryMib: number): void {
  const bytes = String(Math.round(memoryMib * BYTES_PER_MIB));
  writeFileSync(join(folder, version === 2 ? 'memory.max' : 'memory.limit_in_bytes'), bytes);
  // Kernels without swap accounting lack these.
  const swap = join(folder, version === 2 ? 'memory.swap.max' : 'memory.memsw.limit_in_bytes');
  if (existsSync(swap)) writeFileSync(swap, version === 2 ? '0' : bytes);
}

/** How often the kernel killed in a group for want of memory. */
export class OutOfMemoryKills {
  readonly path: string;
  readonly #file: KernelFile | undefined;
  #last = 0;

  constructor(version: ClientGroup['version'], folder: string) {
    this.path = join(folder, version === 2 ? 'memory.events' : 'memory.oom_control');
    try {
      this.#file = new KernelFile(this.path, 256);
    } catch {
      // Then V8's own message is all that tells.
    }
  }

  read(): number {
    try {
      const count = /^oom_kill (\d+)/m.exec(this.#file?.text() ?? '')?.[1];
      this.#last = count === undefined ? this.#last : Number(count);
    } catch {
      // The group is gone: its last figure stands.
    }
    return this.#last;
  }

  close(): void {
    this.#file?.close();
  }
}
