import type { Host } from '../../../base/index.js';
import type { EnforcedLimit, Resources } from '../../../model/index.js';
import type { Affinity } from './affinity.js';
import type { CgroupLimiter } from './cgroup-limiter.js';
import { throughGate } from './gate.js';
import type { Limiter, WorkerLimits } from './limiter.js';
import { ProcessWatch } from './process-watch.js';

export interface LocalLimiterParts {
  readonly host: Host;
  readonly cpu: EnforcedLimit;
  readonly memory: EnforcedLimit;
  readonly groups: CgroupLimiter | undefined;
  readonly affinity: Affinity | undefined;
  /** Whether a worker that takes too much memory is ended by whoever watches it. */
  readonly watchMemory: boolean;
}

/** Control groups where there are any, and something weaker for what they don't keep. */
export class LocalLimiter implements Limiter {
  readonly cpu: EnforcedLimit;
  readonly memory: EnforcedLimit;
  readonly #parts: LocalLimiterParts;

  constructor(parts: LocalLimiterParts) {
    this.cpu = parts.cpu;
    this.memory = parts.memory;
    this.#parts = parts;
  }

  get folders(): readonly string[] {
    return this.#parts.groups?.folders ?? [];
  }

  limit(worker: string, { cpu, memoryMib }: Partial<Resources>): WorkerLimits {
    const { host, groups, affinity } = this.#parts;
    const watchMemory = this.#parts.watchMemory && memoryMib !== undefined;
    const group = groups?.limit(worker, { ...(cpu && { cpu }), ...(memoryMib && { memoryMib }) });
    const bound = cpu === undefined ? undefined : affinity?.bind(cpu);
    let watch: ProcessWatch | undefined;
    return {
      command: (program) => {
        const inner = bound ? bound.command(program) : [...program];
        return group ? group.command(inner) : throughGate([], inner);
      },
      group: group?.group,
      groupPath: group?.groupPath,
      killsFile: group?.killsFile,
      begun: (pid, outOfMemory) => {
        // Where a group tells CPU time and keeps memory there is nothing to watch.
        if (!watchMemory && group?.cpuSeconds() !== undefined) return;
        watch = new ProcessWatch(host, pid, (residentMib) => {
          if (watchMemory && residentMib > memoryMib) outOfMemory();
        });
      },
      cpuSeconds: () => group?.cpuSeconds() ?? watch?.cpuSeconds,
      outOfMemoryKills: () => group?.outOfMemoryKills() ?? 0,
      release: async () => {
        watch?.close();
        bound?.release();
        await group?.release();
      },
    };
  }

  async close(): Promise<void> {
    this.#parts.groups?.close();
  }
}
