import type { CallColumns, FootprintWindow, NodeSecond } from '../../../model/index.js';
import type { CallPage, CallQuery } from '../account.js';

export interface WindowRange {
  /** Seconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** Of this function alone; the sums of the machine are all the same. */
  readonly function?: string;
}

/** Where the account keeps what it settled: knowledge, or memory where there is none. */
export interface AccountStore {
  recordCalls(calls: CallColumns): void;
  recordSeconds(seconds: readonly NodeSecond[]): void;
  recordWindow(window: FootprintWindow): void;
  /** The sum of the windows whose middle lies in a range, over the time that they cover; undefined where none is kept. */
  footprints(range: WindowRange): FootprintWindow | undefined;
  calls(query: CallQuery): CallPage;
  /** Ticks that ended from `from` on and before `to`, in order of time. */
  seconds(from: number, to: number): Iterable<NodeSecond>;
  /** Forgets what is older than it is to be kept, in steps, beside everything else. */
  tidy(now: number): void;
  /** Undefined when all is kept that is to be kept, else what is wrong. */
  ailment(): string | undefined;
  close(): void;
}
