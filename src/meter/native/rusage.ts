import { MICRO } from '../../model/index.js';
import { libc } from './libc.js';

/** Whose use `resourceUsage` tells: this process's, that of its children that were waited for, or this thread's. */
export const RusageOf = { self: 0, children: -1, thread: 1 } as const;
export type RusageOf = (typeof RusageOf)[keyof typeof RusageOf];

export interface ResourceUsage {
  readonly userSeconds: number;
  readonly systemSeconds: number;
  /** The largest resident set: of the process, or of the largest child. */
  readonly memoryPeakMib: number;
  readonly minorFaults: number;
  readonly majorFaults: number;
  readonly voluntarySwitches: number;
  readonly involuntarySwitches: number;
}

// struct rusage on 64-bit Linux: 18 longs. Two timevals (seconds, microseconds), then one long each:
// 4 maxrss (KiB), 5 ixrss, 6 idrss, 7 isrss, 8 minflt, 9 majflt, 10 nswap, 11 inblock, 12 oublock, 13 msgsnd, 14 msgrcv,
// 15 nsignals, 16 nvcsw, 17 nivcsw.
const FIELDS = 18;

/** What getrusage(2) tells, with CPU times to the microsecond. */
export function resourceUsage(who: RusageOf): ResourceUsage {
  const buffer = Buffer.alloc(FIELDS * 8);
  libc().getrusage(who, buffer);
  const field = (index: number): number => Number(buffer.readBigInt64LE(index * 8));
  return {
    userSeconds: field(0) + field(1) * MICRO,
    systemSeconds: field(2) + field(3) * MICRO,
    memoryPeakMib: field(4) / 1024,
    minorFaults: field(8),
    majorFaults: field(9),
    voluntarySwitches: field(16),
    involuntarySwitches: field(17),
  };
}
