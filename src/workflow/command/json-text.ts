import { ErrorCode, messageOf, WattloopError } from '../../base/index.js';

/**
 * A value as JSON, for programs in other languages. What JSON has no word for is put as what comes nearest: Maps as lists of
 * pairs, Sets and typed arrays as lists, Dates as text, bigints as numbers where they are no larger than a double can tell.
 */
export function jsonText(value: unknown, name: string): string {
  try {
    return JSON.stringify(value, replace) ?? 'null';
  } catch (error) {
    throw new WattloopError(
      ErrorCode.notSerialisable,
      `${name} can't be written as JSON: ${messageOf(error)}`,
      {
        remedy: 'Give commands plain data: numbers, text, lists and objects',
        cause: error,
      },
    );
  }
}

function replace(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') {
    if (Number.isSafeInteger(Number(value))) return Number(value);
    throw new Error(`${value} is too large for a number`);
  }
  if (value instanceof Map || value instanceof Set) return [...value];
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return [...(value as Uint8Array)];
  return value;
}
