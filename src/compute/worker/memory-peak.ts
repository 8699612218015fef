import { openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { childrenUsage } from '../../meter/index.js';
import { BYTES_PER_MIB } from '../../model/index.js';

const KIB_PER_MIB = 1024;

/**
 * The most memory that an invocation had. Without commands it is the largest resident set of this process. With
 * commands it is the peak of the worker's control group where that can be set back, the page cache of files that were read
 * or written included; else the largest resident set of any one process, as far as it can be told from earlier ones.
 */
export class MemoryPeak {
  readonly #own = resettable('/proc/self/clear_refs', '5');
  readonly #group: Resettable | undefined;
  #childrenBefore: number | undefined;

  constructor(groupFolder: string | undefined) {
    this.#group =
      groupFolder === undefined
        ? undefined
        : (resettable(join(groupFolder, 'memory.peak'), '0') ??
          resettable(join(groupFolder, 'memory.max_usage_in_bytes'), '0'));
    this.#childrenBefore = childrenPeakMib();
  }

  reset(): void {
    this.#own?.reset();
    this.#group?.reset();
  }

  /** Undefined where no peak can be told from that of an earlier invocation. */
  mib(ranCommands: boolean): number | undefined {
    const own = this.#own && process.resourceUsage().maxRSS / KIB_PER_MIB;
    if (!ranCommands || own === undefined) return own;
    // Pages that are shared with other processes may be on another group's account.
    if (this.#group) return Math.max(own, Number(this.#group.read()) / BYTES_PER_MIB);
    const children = childrenPeakMib();
    // The kernel keeps the largest of all: only a larger one than ever is surely of this invocation.
    const isNew = children !== undefined && children > (this.#childrenBefore ?? 0);
    this.#childrenBefore = children;
    return isNew ? Math.max(own, children) : undefined;
  }
}

interface Resettable {
  reset(): void;
  read(): string;
}

/** A file of the kernel's that sets a peak back when something is written to it; undefined where it does not. */
function resettable(path: string, text: string): Resettable | undefined {
  const into = Buffer.alloc(32);
  const bytes = Buffer.from(text);
  try {
    // clear_refs can be written alone.
    const descriptor = openSync(path, path.endsWith('clear_refs') ? 'w' : 'r+');
    const reset = (): void => void writeSync(descriptor, bytes);
    reset();
    return { reset, read: () => into.toString('latin1', 0, readSync(descriptor, into, 0, into.length, 0)) };
  } catch {
    return undefined;
  }
}

function childrenPeakMib(): number | undefined {
  try {
    return childrenUsage().memoryPeakMib;
  } catch {
    return undefined;
  }
}
