import { ErrorCode, WattloopError } from '../../errors/index.js';
import type { PriceTable } from './price-table.js';
import { roundUp } from './rounding.js';

const MIB_PER_GB = 1024;

/** What one invocation took, before any rounding. */
export interface Invoked {
  readonly seconds: number;
  /** What the function is given; for Azure's Consumption plan, what it was seen to use. */
  readonly memoryMib: number;
  /** Processors, where they are chosen apart from the memory. */
  readonly cpus?: number;
  /** Temporary storage that it is given. */
  readonly storageMib?: number;
}

/** Quantities that are charged for; those of many invocations add up. */
export interface BilledUsage {
  readonly requests: number;
  readonly gbSeconds: number;
  readonly cpuSeconds: number;
  /** Of storage beyond what is included. */
  readonly storageGbSeconds: number;
}

export const NO_USAGE: BilledUsage = { requests: 0, gbSeconds: 0, cpuSeconds: 0, storageGbSeconds: 0 };

function bad(table: PriceTable, message: string, remedy: string): WattloopError {
  return new WattloopError(ErrorCode.badInput, `${table.id}: ${message}`, { remedy });
}

/** The seconds that an invocation is charged for. */
export function billedSeconds(table: PriceTable, seconds: number): number {
  if (!(seconds >= 0 && Number.isFinite(seconds)))
    throw bad(table, `an invocation of ${seconds} s`, 'A duration is 0 or more');
  const { stepSeconds, minimumSeconds } = table.duration;
  return Math.max(minimumSeconds, roundUp(seconds, stepSeconds));
}

/** The memory that an invocation is charged for. */
export function billedMib(table: PriceTable, memoryMib: number): number {
  const { minimumMib, maximumMib, stepMib, sizesMib } = table.memory;
  if (!(memoryMib > 0 && memoryMib <= maximumMib)) {
    throw bad(table, `${memoryMib} MiB of memory`, `It offers up to ${maximumMib} MiB`);
  }
  const least = Math.max(minimumMib, memoryMib);
  if (sizesMib) return sizesMib.find((size) => size >= least) ?? maximumMib;
  return stepMib === undefined ? least : roundUp(least, stepMib);
}

function billedCpus(table: PriceTable, mib: number, cpus: number | undefined): number {
  if (!table.cpu) return 0;
  if (cpus !== undefined && !(cpus > 0)) throw bad(table, `${cpus} processors`, 'Give more than 0');
  return cpus ?? table.cpu.byMemory.find(([size]) => size >= mib)?.[1] ?? 0;
}

/** What a number of like invocations are charged for: rounding is of each one, not of their sum. */
export function billedUsage(table: PriceTable, invoked: Invoked, count = 1): BilledUsage {
  const seconds = billedSeconds(table, invoked.seconds) * count;
  const mib = billedMib(table, invoked.memoryMib);
  const { includedMib = 0, maximumMib = 0 } = table.storage ?? {};
  const { storageMib = 0 } = invoked;
  if (storageMib > Math.max(includedMib, maximumMib) && table.storage)
    throw bad(table, `${storageMib} MiB of storage`, `It offers up to ${maximumMib} MiB`);
  const extraMib = table.storage ? Math.max(0, storageMib - includedMib) : 0;
  return {
    requests: count,
    gbSeconds: (mib / MIB_PER_GB) * seconds,
    cpuSeconds: billedCpus(table, mib, invoked.cpus) * seconds,
    storageGbSeconds: (extraMib / MIB_PER_GB) * seconds,
  };
}

/** The same of invocations whose durations are all known. */
export function billedUsageOf(
  table: PriceTable,
  durations: Float64Array,
  invoked: Omit<Invoked, 'seconds'>,
): BilledUsage {
  let seconds = 0;
  for (const duration of durations) seconds += billedSeconds(table, duration);
  const perSecond = billedUsage(table, { ...invoked, seconds: 1 });
  const unit = billedSeconds(table, 1);
  return {
    requests: durations.length,
    gbSeconds: (perSecond.gbSeconds / unit) * seconds,
    cpuSeconds: (perSecond.cpuSeconds / unit) * seconds,
    storageGbSeconds: (perSecond.storageGbSeconds / unit) * seconds,
  };
}

export const addUsage = (a: BilledUsage, b: BilledUsage): BilledUsage => ({
  requests: a.requests + b.requests,
  gbSeconds: a.gbSeconds + b.gbSeconds,
  cpuSeconds: a.cpuSeconds + b.cpuSeconds,
  storageGbSeconds: a.storageGbSeconds + b.storageGbSeconds,
});
