import { NANOSECONDS_PER_SECOND } from '../model/index.js';

/** Seconds on the machine's monotonic clock, which is the same one for all of its processes: client and workers agree. */
export const monotonicSeconds = (): number => Number(process.hrtime.bigint()) / NANOSECONDS_PER_SECOND;
