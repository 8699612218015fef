/**
 * Who ran when, as a sparse matrix: one row a tick, one column a function or shared principal. Row `i` is the time from
 * `start + i · tickSeconds` on; its entries stand at `rowStart[i]` to before `rowStart[i + 1]`, in order of column.
 */
export interface Rows {
  readonly start: number;
  readonly tickSeconds: number;
  readonly count: number;
  /** Names of the columns: functions first, in the trace's order, then shared principals. */
  readonly columns: readonly string[];
  readonly functionCount: number;
  readonly rowStart: Uint32Array;
  readonly column: Uint32Array;
  /** C: seconds that the column's function ran in the tick; invocations that overlap add up. */
  readonly seconds: Float64Array;
  /** A: invocations of it that started in the tick. */
  readonly activations: Uint32Array;
}
