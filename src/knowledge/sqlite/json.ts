import { ErrorCode, messageOf, WattloopError } from '../../base/index.js';

/** JSON for a column; undefined becomes NULL. `what` names it when it can't be written so. */
export function toJson(value: unknown, what: string): string | null {
  if (value === undefined) return null;
  try {
    return JSON.stringify(value) ?? null;
  } catch (error) {
    throw new WattloopError(ErrorCode.notSerialisable, `${what} can't be kept as JSON: ${messageOf(error)}`, {
      remedy: 'Use plain objects, lists, texts, numbers and booleans',
      cause: error,
    });
  }
}

/**
 * What a column of JSON holds. Wattloop wrote it and migrations keep its form, so that its type is taken for granted;
 * what is no JSON at all says so.
 */
export function fromJson<Value>(json: string, what: string): Value {
  try {
    return JSON.parse(json) as Value;
  } catch (error) {
    throw new WattloopError(ErrorCode.knowledgeFailed, `${what} in the knowledge base is no JSON`, {
      remedy: 'Something else than Wattloop wrote it: look at the row with sqlite3',
      cause: error,
    });
  }
}
