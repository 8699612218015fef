/**
 * A value that came from JSON, as JSON for reading: on one line where it fits into the width, else with a line for each of
 * its parts. `name` stands before it on its line.
 */
export function jsonLines(value: unknown, width: number, indent = '', name = ''): string {
  const flat = `${indent}${name}${JSON.stringify(value)}`;
  if (typeof value !== 'object' || value === null || flat.length <= width) return flat;
  const inner = `${indent}  `;
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  const parts = Array.isArray(value)
    ? value.map((item) => jsonLines(item, width, inner))
    : Object.entries(value).map(([key, item]) => jsonLines(item, width, inner, `${JSON.stringify(key)}: `));
  return `${indent}${name}${open}\n${parts.join(',\n')}\n${indent}${close}`;
}
