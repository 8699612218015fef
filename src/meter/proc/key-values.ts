/** The lines `Key: 123 kB` of a kernel file as numbers in the file's own unit; lines with anything else are left out. */
export function colonNumbers(text: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const [, key, value] of text.matchAll(/^([^:\n]+):[ \t]*(\d+)(?: kB)?[ \t]*$/gm)) {
    if (key !== undefined && value !== undefined) found.set(key, Number(value));
  }
  return found;
}

/** The lines `key 123` of a control group's file as integers; other lines are left out. */
export function spacedIntegers(text: string): Map<string, bigint> {
  const found = new Map<string, bigint>();
  for (const [, key, value] of text.matchAll(/^(\S+) (\d{1,20})$/gm)) {
    if (key !== undefined && value !== undefined) found.set(key, BigInt(value));
  }
  return found;
}
