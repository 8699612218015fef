import { createRequire } from 'node:module';

const RUSAGE_CHILDREN = -1;
/** struct rusage on 64-bit Linux: 18 longs, of which the first four are two times in seconds and microseconds. */
const RUSAGE_BYTES = 144;

/**
 * CPU seconds of children that have ended and were waited for, exact to the microsecond. Undefined where no native call can be
 * made. Bound here by itself: the meter is ten times what a command's host is made of.
 */
export function childrenClock(): (() => number) | undefined {
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
    const getrusage = koffi.load(null).func('int getrusage(int who, void *usage)') as (
      who: number,
      usage: Buffer,
    ) => number;
    const usage = Buffer.alloc(RUSAGE_BYTES);
    const field = (index: number): number => Number(usage.readBigInt64LE(index * 8));
    const read = (): number => {
      getrusage(RUSAGE_CHILDREN, usage);
      return field(0) + field(2) + (field(1) + field(3)) / 1e6;
    };
    return getrusage(RUSAGE_CHILDREN, usage) === 0 ? read : undefined;
  } catch {
    return undefined;
  }
}
