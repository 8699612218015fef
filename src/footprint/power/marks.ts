import type { Finding } from '../account.js';

/** Why a reading of power is not used. 0 is a good one. */
export const PowerMark = {
  good: 0,
  /** A blank cell. */
  missing: 1,
  infinite: 2,
  negative: 3,
  /** No machine that is on draws nothing. */
  zero: 4,
  /** Stands alone, where the machine cannot have been. */
  spike: 5,
  /** Repeats the reading before it for longer than the machine can have stood still. */
  stale: 6,
  /** Its time is none, or not after that of the row before. */
  disorder: 7,
} as const;

export type PowerMarkName = keyof typeof PowerMark;

const NAMES = Object.keys(PowerMark) as PowerMarkName[];

/** A stretch of time of which no usable reading speaks. */
export interface PowerGap {
  readonly from: number;
  readonly to: number;
}

/** What is wrong with a column of power, row by row. Nothing is taken out, filled in or moved. */
export interface PowerMarks {
  /** One of `PowerMark` a row. */
  readonly marks: Uint8Array;
  readonly counts: Readonly<Record<PowerMarkName, number>>;
  readonly gaps: readonly PowerGap[];
  /** The step in which readings are given, in watts; absent where too few differ. */
  readonly stepWatts?: number;
  readonly findings: readonly Finding[];
}

export function countMarks(marks: Uint8Array): Record<PowerMarkName, number> {
  const counts = new Uint32Array(NAMES.length);
  for (const mark of marks) counts[mark] = (counts[mark] ?? 0) + 1;
  return Object.fromEntries(NAMES.map((name) => [name, counts[PowerMark[name]] ?? 0])) as Record<
    PowerMarkName,
    number
  >;
}

/** The readings that can be used; NaN for the others. */
export function usableWatts(watts: Float64Array, { marks }: Pick<PowerMarks, 'marks'>): Float64Array {
  return watts.map((value, row) => (marks[row] === PowerMark.good ? value : Number.NaN));
}
