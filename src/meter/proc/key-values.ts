/**
 * The number of the line `Key: 123` or `Key: 123 kB`, in the file's own unit, or undefined when there is none. Looked up
 * one by one: such files have 60 lines, of which a reader wants three.
 */
export function colonNumber(text: string, key: string): number | undefined {
  const start = text.startsWith(`${key}:`) ? 0 : text.indexOf(`\n${key}:`) + 1;
  if (start === 0 && !text.startsWith(`${key}:`)) return undefined;
  const match = /^[ \t]*(\d+)(?: kB)?[ \t]*(?:\n|$)/.exec(
    text.slice(start + key.length + 1, start + key.length + 40),
  );
  return match ? Number(match[1]) : undefined;
}

/** The lines `key 123` of a control group's file as integers; other lines are left out. */
export function spacedIntegers(text: string): Map<string, bigint> {
  const found = new Map<string, bigint>();
  for (const [, key, value] of text.matchAll(/^(\S+) (\d{1,20})$/gm)) {
    if (key !== undefined && value !== undefined) found.set(key, BigInt(value));
  }
  return found;
}
