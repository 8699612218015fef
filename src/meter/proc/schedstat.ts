import { NEWLINE, nextField, unsignedAt } from './bytes.js';

/**
 * Nanoseconds that a thread ran, from the bytes of its schedstat file (its process's: the main thread's alone), or
 * undefined when they are not one. A double holds 104 days to the nanosecond, and is off by two beyond.
 */
export function parseRunNanoseconds(bytes: Buffer, length: number): number | undefined {
  const run = unsignedAt(bytes, 0, length);
  const slices = nextField(bytes, nextField(bytes, 0, length), length);
  return slices < length && bytes[slices] !== NEWLINE ? run : undefined;
}

/**
 * Nanoseconds that tasks ran on each processor, from the text of /proc/schedstat, where the kernel has it
 * (CONFIG_SCHEDSTATS). Finer than a tick, but brought up to date only when a processor changes from one task to another:
 * a task that is never interrupted shows late, so that this serves long intervals only.
 */
export function parseSchedstat(text: string): Map<number, bigint> {
  const found = new Map<number, bigint>();
  // cpuN yld_count legacy sched_count sched_goidle ttwu_count ttwu_local rq_cpu_time …, the same since version 15.
  for (const [, cpu, run] of text.matchAll(/^cpu(\d+)(?: \d+){6} (\d{1,20}) /gm)) {
    if (cpu !== undefined && run !== undefined) found.set(Number(cpu), BigInt(run));
  }
  return found;
}
