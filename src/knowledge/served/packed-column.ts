import { ErrorCode, WattloopError } from '../../base/index.js';

/** How a column's numbers stand in its block. They stand in files: never change one, only add. */
type Width = 'same' | 'u8' | 'u16' | 'u32' | 'f64';

/** What it takes to read a column: its width, and what is to be added to each number (`null` for NaN). */
export type ColumnForm = readonly [width: Width, base: number | null];

const ARRAYS = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, f64: Float64Array } as const;

/** Columns begin where numbers of any width may. */
export const aligned = (offset: number): number => Math.ceil(offset / 8) * 8;

function isConstant(values: Float64Array, first: number): boolean {
  // NaN is not itself, and -0 would come back as 0.
  if (Number.isNaN(first)) return values.every(Number.isNaN);
  for (const value of values) if (value !== first) return false;
  return first !== 0 || values.every((value) => Object.is(value, 0));
}

/** The narrowest form that holds numbers exactly. */
function formOf(values: Float64Array): ColumnForm {
  const first = values[0] ?? 0;
  if (isConstant(values, first)) return ['same', Number.isNaN(first) ? null : first];
  let [low, high] = [first, first];
  for (const value of values) {
    if (Math.trunc(value) !== value || Object.is(value, -0)) return ['f64', 0];
    if (value < low) low = value;
    else if (value > high) high = value;
  }
  if (high - low >= 2 ** 32) return ['f64', 0];
  return [high - low < 2 ** 8 ? 'u8' : high - low < 2 ** 16 ? 'u16' : 'u32', low];
}

export interface PackedColumn {
  readonly form: ColumnForm;
  readonly bytes: Uint8Array;
}

export function packColumn(values: Float64Array): PackedColumn {
  const form = formOf(values);
  const [width, base] = form;
  if (width === 'same') return { form, bytes: new Uint8Array() };
  const narrow = new ARRAYS[width](values.length);
  const offset = base ?? 0;
  for (let index = 0; index < values.length; index++) narrow[index] = (values[index] ?? 0) - offset;
  return { form, bytes: new Uint8Array(narrow.buffer) };
}

/** The bytes that a column of so many numbers takes. */
export const widthOf = ([width]: ColumnForm): number =>
  width === 'same' ? 0 : ARRAYS[width].BYTES_PER_ELEMENT;

/** Reads a column whose bytes begin at `offset`. */
export function unpackColumn(
  [width, base]: ColumnForm,
  bytes: ArrayBuffer,
  offset: number,
  length: number,
): Float64Array {
  const least = base ?? Number.NaN;
  if (width === 'same') return new Float64Array(length).fill(least);
  const array = ARRAYS[width];
  if (array === undefined)
    throw new WattloopError(ErrorCode.knowledgeFailed, `a block of calls holds numbers of width "${width}"`, {
      remedy: 'A later Wattloop wrote it: use that one',
    });
  const narrow = new array(bytes, offset, length);
  return narrow instanceof Float64Array ? narrow : Float64Array.from(narrow, (value) => value + least);
}
