import { type Host, readTextIfAny } from '../../base/index.js';
import { colonNumber } from './key-values.js';

const KIB_PER_MIB = 1024;

/** Memory of a process; a kernel thread and a process that has ended have none. */
export interface ProcessMemory {
  readonly residentMib: number;
  /** The part of `residentMib` that other processes may share: files and shared memory. */
  readonly sharedMib: number;
  /** The most that was ever resident at once. */
  readonly peakMib: number;
}

/** Reads the text of /proc/PID/status. */
export function parseStatusMemory(text: string): ProcessMemory | undefined {
  // The name comes first and can hold anything but a newline (which is written as \n): no line below can be forged.
  const resident = colonNumber(text, 'VmRSS');
  if (resident === undefined) return undefined;
  const shared = (colonNumber(text, 'RssFile') ?? 0) + (colonNumber(text, 'RssShmem') ?? 0);
  return {
    residentMib: resident / KIB_PER_MIB,
    sharedMib: Math.min(shared, resident) / KIB_PER_MIB,
    peakMib: Math.max(colonNumber(text, 'VmHWM') ?? 0, resident) / KIB_PER_MIB,
  };
}

/** The proportional set size from the text of smaps_rollup: pages shared by n processes count as an nth. */
export function parseProportionalMib(text: string): number | undefined {
  const kib = colonNumber(text, 'Pss');
  return kib === undefined ? undefined : kib / KIB_PER_MIB;
}

export interface ProcessIo {
  /** Bytes fetched from storage, children that were waited for included. */
  readonly readBytes: number;
  /** Bytes that will reach storage: written less taken back before they did. */
  readonly writtenBytes: number;
}

/** Reads the text of /proc/PID/io. */
export function parseProcessIo(text: string): ProcessIo | undefined {
  const read = colonNumber(text, 'read_bytes');
  const written = colonNumber(text, 'write_bytes');
  if (read === undefined || written === undefined) return undefined;
  return {
    readBytes: read,
    writtenBytes: Math.max(0, written - (colonNumber(text, 'cancelled_write_bytes') ?? 0)),
  };
}

/** Absent when denied. Walks the process's page tables: milliseconds for a large one, so not for every tick. */
export function readProportionalMib(host: Host, pid: number): number | undefined {
  const text = readTextIfAny(host.proc(String(pid), 'smaps_rollup'));
  return text === undefined ? undefined : parseProportionalMib(text);
}
