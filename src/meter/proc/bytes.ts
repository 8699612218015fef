// Numbers straight from the bytes of a kernel file: a scan of all processes makes no strings that it does not keep.

const SPACE = 0x20;
export const NEWLINE = 0x0a;
const ZERO = 0x30;
const NINE = 0x39;

/** The unsigned decimal number that starts at `from`, or undefined when none stands there. Ends at the first other byte. */
export function unsignedAt(bytes: Uint8Array, from: number, end: number): number | undefined {
  let value = 0;
  let at = from;
  for (; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte < ZERO || byte > NINE) break;
    value = value * 10 + (byte - ZERO);
  }
  return at === from ? undefined : value;
}

/** Where the next field begins, fields being parted by single spaces; `end` when there is none. */
export function nextField(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && bytes[at] !== SPACE) at++;
  return Math.min(at + 1, end);
}

/** An integer in text that may be larger than a double can hold, or undefined when the text is anything else. */
export function integerIn(text: string | undefined): bigint | undefined {
  const trimmed = text?.trim();
  return trimmed !== undefined && /^\d{1,20}$/.test(trimmed) ? BigInt(trimmed) : undefined;
}
