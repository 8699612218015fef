/** Columns of numbers whose length is not known beforehand. */
export type NumberColumn = Float64Array | Uint32Array | Uint8Array;

/** Below this a column is copied to its exact length; above it the slack is memory that was never touched. */
const COPY_BELOW_BYTES = 2 ** 20;

/** The same numbers with room for more. */
export function enlarged<Column extends NumberColumn>(column: Column, length: number): Column {
  const larger = new (column.constructor as new (length: number) => Column)(length);
  larger.set(column);
  return larger;
}

/** The numbers that are in use. */
export function trimmed<Column extends NumberColumn>(column: Column, length: number): Column {
  const isSmall = column.byteLength <= COPY_BELOW_BYTES;
  return (isSmall ? column.slice(0, length) : column.subarray(0, length)) as Column;
}
