import { createHash } from 'node:crypto';

/** Longer names and paths are cut: they are labels of every scrape, and come from outside. */
export const MOST_CHARACTERS = 200;
const DIGITS = 12;

/** The text, or its beginning and a hash of the whole, so that two texts that begin alike stay apart. */
export function shortText(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  const hash = createHash('sha256').update(text).digest('hex').slice(0, DIGITS);
  // Not in the middle of a character outside of the basic plane.
  const start = text.slice(0, MOST_CHARACTERS - DIGITS - 1).replace(/[\ud800-\udbff]$/, '');
  return `${start}~${hash}`;
}
