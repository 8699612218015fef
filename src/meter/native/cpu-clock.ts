import { NANOSECONDS_PER_SECOND } from '../../model/index.js';
import { libc } from './libc.js';

// The kernel's CPU clock of any task has no name but a number: the inverted id above three bits that say which clock.
const SCHEDULER = 2;
const PER_THREAD = 4;

const timespec = Buffer.alloc(16);

function seconds(id: number, bits: number): number {
  libc().clockGettime((~id << 3) | bits, timespec);
  return Number(timespec.readBigInt64LE(0)) + Number(timespec.readBigInt64LE(8)) / NANOSECONDS_PER_SECOND;
}

/**
 * CPU seconds of a process to the nanosecond, its dead threads included, its children not; 0 is this process. Costs one
 * system call and no descriptor. Throws a NativeError (EINVAL) when there is no such process.
 */
export const processCpuSeconds = (pid: number): number => seconds(pid, SCHEDULER);

/** CPU seconds of one thread to the nanosecond; 0 is the calling thread. */
export const threadCpuSeconds = (tid: number): number => seconds(tid, SCHEDULER | PER_THREAD);
