import type { FunctionEvent } from 'wattloop/compute';
import { Refusal } from './answering.js';

export interface Bounds {
  readonly usual: number;
  readonly least: number;
  readonly most: number;
  /** Parts of one are allowed. */
  readonly isFraction?: boolean;
}

/** A field of the query, else of a JSON body. */
function given(event: FunctionEvent, name: string): unknown {
  const { query, body } = event;
  if (query[name] !== undefined) return query[name];
  if (typeof body !== 'object' || body === null || body instanceof Uint8Array) return undefined;
  return (body as Record<string, unknown>)[name];
}

/** A size that the caller may choose, within bounds: `?name=3`, or `{"name": 3}`. */
export function amount(
  event: FunctionEvent,
  name: string,
  { usual, least, most, isFraction }: Bounds,
): number {
  const text = given(event, name);
  if (text === undefined) return usual;
  const value = typeof text === 'string' && text.trim() === '' ? Number.NaN : Number(text);
  const isSound = Number.isFinite(value) && (isFraction === true || Number.isInteger(value));
  if (isSound && value >= least && value <= most) return value;
  throw new Refusal(`${name} must be a ${isFraction ? '' : 'whole '}number from ${least} to ${most}`);
}

/** One of some words that the caller may choose; the first where it doesn't. */
export function choice<Word extends string>(
  event: FunctionEvent,
  name: string,
  words: readonly [Word, ...Word[]],
): Word {
  const text = given(event, name);
  if (text === undefined) return words[0];
  const word = words.find((each) => each === text);
  if (word !== undefined) return word;
  throw new Refusal(`${name} must be one of ${words.join(', ')}`);
}
