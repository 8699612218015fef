import { openSync, writeSync } from 'node:fs';

const RESET_PEAK = Buffer.from('5');
const KIB_PER_MIB = 1024;

/**
 * The largest resident set of this process since it was last reset: anonymous memory and mapped files, without commands
 * that it starts and without the kernel's page cache.
 */
export class MemoryPeak {
  readonly #descriptor: number | undefined;

  constructor(path = '/proc/self/clear_refs') {
    try {
      this.#descriptor = openSync(path, 'w');
    } catch {
      // A kernel or sandbox without it: then no peak can be told from that of an earlier invocation.
    }
  }

  reset(): void {
    if (this.#descriptor !== undefined) writeSync(this.#descriptor, RESET_PEAK);
  }

  mib(): number | undefined {
    return this.#descriptor === undefined ? undefined : process.resourceUsage().maxRSS / KIB_PER_MIB;
  }
}
