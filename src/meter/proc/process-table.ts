import { readdirSync } from 'node:fs';
import type { ProcessUsage } from '../../model/index.js';
import { readUptime } from './machine-files.js';
import type { ProcessHandle, ProcessReader } from './process-reader.js';
import { bequeath, TrackedProcess } from './tracked-process.js';

const FIRST_DIGIT = 0x31;
const LAST_DIGIT = 0x39;

type Ended = Map<number, TrackedProcess>;

interface Row {
  process: TrackedProcess;
  readonly handle: ProcessHandle;
  /** The main thread's run time at the last full reading: while it stands, a process of one thread has done nothing. */
  run: number | undefined;
  /** What it had waited for one scan ago. */
  waitedBefore: number;
  scan: number;
  usage: ProcessUsage | undefined;
}

/**
 * Every process of the machine and what each has used since the table was made, or since it began. A scan reads the cheap
 * schedstat of each process of one thread, and the dear stat only when that shows that the process ran.
 */
export class ProcessTable {
  readonly #reader: ProcessReader;
  readonly #rows = new Map<number, Row>();
  /** Processes that began before this tick count from when they were first seen, others from their start. */
  readonly #sinceTicks: number;
  #scan = 0;

  constructor(reader: ProcessReader) {
    this.#reader = reader;
    const uptime = readUptime(reader.host) ?? 0;
    this.#sinceTicks = Math.floor(uptime * reader.units.ticksPerSecond);
    this.scan(true);
  }

  get size(): number {
    return this.#rows.size;
  }

  /** Processes that used anything, those that ended since the last scan once more. */
  scan(first = false): ProcessUsage[] {
    this.#scan++;
    const ended: Ended = new Map();
    for (const entry of readdirSync(this.#reader.host.procfs)) {
      const code = entry.charCodeAt(0);
      if (code >= FIRST_DIGIT && code <= LAST_DIGIT) this.#visit(Number(entry), first, ended);
    }
    for (const [pid, row] of this.#rows) if (row.scan !== this.#scan) this.#drop(pid, row, ended);
    if (ended.size > 0) this.#settleDeaths(ended);
    const usages: ProcessUsage[] = [];
    for (const row of this.#rows.values()) {
      // Processes are not read all at one moment: a child can have been seen alive that its parent, read later, has waited
      // for already. What a parent had waited for at the last scan is settled now, when such a child is known to be dead.
      row.process.settle(row.waitedBefore);
      row.waitedBefore = row.process.waitedSeconds;
      const usage = currentUsage(row);
      if (usage) usages.push(usage);
    }
    for (const process of ended.values()) {
      const usage = usageOf(process);
      if (usage) usages.push(usage);
    }
    return usages;
  }

  close(): void {
    for (const row of this.#rows.values()) this.#reader.release(row.handle);
    this.#rows.clear();
  }

  #visit(pid: number, first: boolean, ended: Ended): void {
    const reader = this.#reader;
    const row = this.#rows.get(pid);
    const handle = row?.handle ?? reader.handle(pid);
    // Before stat: should the process run between the two, the next scan sees that it has.
    const mayBeSingle = reader.hasSchedstat && (row === undefined || row.process.threads === 1);
    const run = mayBeSingle ? reader.readRunNanoseconds(handle, true) : undefined;
    if (row && run !== undefined && run === row.run) {
      row.scan = this.#scan;
      return;
    }
    const presence = reader.readStat(handle, row !== undefined && row.process.threads > 1);
    if (presence === 'there' && (row === undefined || row.process.startTicks === reader.stat.startTicks)) {
      this.#take(pid, handle, run, first);
    } else if (row && presence === 'unreadable') {
      row.scan = this.#scan;
    } else if (row) {
      // It ended, as its kept file says even when a new process has its pid already: look whether there is one.
      this.#drop(pid, row, ended);
      this.#visit(pid, first, ended);
    } else {
      reader.release(handle);
    }
  }

  #take(pid: number, handle: ProcessHandle, run: number | undefined, first: boolean): void {
    const reader = this.#reader;
    const { startTicks, ppid, threads } = reader.stat;
    const [own, waited, name] = [reader.ownSeconds(run), reader.waitedSeconds(), reader.name()];
    const known = this.#rows.get(pid);
    const isOld = first || startTicks < this.#sinceTicks;
    const process =
      known?.process ?? new TrackedProcess(pid, startTicks, isOld ? { own, waited } : { own: 0, waited: 0 });
    if (known && process.ppid !== ppid) {
      const reaper = this.#rows.get(ppid)?.process;
      if (reaper) reaper.isReaper = true;
    }
    process.update(own, waited);
    Object.assign(process, { name, ppid, threads });
    const row = known ?? { process, handle, run, waitedBefore: 0, scan: 0, usage: undefined };
    row.run = threads === 1 ? run : undefined;
    row.scan = this.#scan;
    row.usage = undefined;
    this.#rows.set(pid, row);
  }

  #drop(pid: number, row: Row, ended: Ended): void {
    this.#reader.release(row.handle);
    this.#rows.delete(pid);
    ended.set(pid, row.process);
  }

  #settleDeaths(ended: Ended): void {
    // Children of the dead have a new parent, which they need not run to get: nothing else would show it.
    for (const [pid, row] of this.#rows) {
      if (!ended.has(row.process.ppid)) continue;
      row.run = undefined;
      this.#visit(pid, false, ended);
    }
    bequeath(new Set(ended.values()), ({ ppid }) => this.#rows.get(ppid)?.process ?? ended.get(ppid));
  }
}

function currentUsage(row: Row): ProcessUsage | undefined {
  if ((row.usage?.unseenChildrenCpuSeconds ?? 0) !== row.process.unseenSeconds) row.usage = undefined;
  row.usage ??= usageOf(row.process);
  return row.usage;
}

function usageOf(process: TrackedProcess): ProcessUsage | undefined {
  const { ownSeconds, unseenSeconds } = process;
  if (ownSeconds === 0 && unseenSeconds === 0) return undefined;
  const usage = { cpuSeconds: ownSeconds };
  return unseenSeconds === 0
    ? { process: process.identity, usage }
    : { process: process.identity, usage, unseenChildrenCpuSeconds: unseenSeconds };
}
