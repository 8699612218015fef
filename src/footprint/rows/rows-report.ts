/** What was peculiar among invocations that were made into rows. Nothing of it is an error. */
export interface RowsReport {
  /** All that came. */
  readonly invocations: number;
  /** Began in ticks that were given out already: their start is in no row. */
  readonly late: number;
  /** Seconds that invocations ran in ticks already given out, and that are in no row. */
  readonly lateSeconds: number;
  /** Seconds in rows of invocations that turned out to have ended before. */
  readonly surplusSeconds: number;
  /** Came after one that began later. */
  readonly outOfOrder: number;
  /** Began while another of their function ran, in the ticks given out. */
  readonly overlapping: number;
  readonly zeroLength: number;
  /** Have not ended. */
  readonly neverEnding: number;
  /** Taken as ended without having said so. */
  readonly abandoned: number;
  /** Ended before the first tick or began after the last; in no row. */
  readonly outside: number;
  /** Left out: a time is no number, or the end is before the start. */
  readonly invalid: number;
  /** Ends of what had not begun. */
  readonly unmatched: number;
}

export type RowsTally = { -readonly [Name in keyof RowsReport]: RowsReport[Name] };

export function emptyTally(): RowsTally {
  return {
    invocations: 0,
    late: 0,
    lateSeconds: 0,
    surplusSeconds: 0,
    outOfOrder: 0,
    overlapping: 0,
    zeroLength: 0,
    neverEnding: 0,
    abandoned: 0,
    outside: 0,
    invalid: 0,
    unmatched: 0,
  };
}
