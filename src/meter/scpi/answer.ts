// SCPI-99 volume 1, 7.2.1.4 and 7.2.1.5: not-a-number is 9.91E37, and the infinities are ±9.9E37.
const NO_NUMBER = 9e37;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** What a field of an answer holds: a number, or the reason why it is none that can be a power. */
export type Value = { readonly number: number } | { readonly nonsense: string };

/** The value at an index among the comma-separated values of an answer; a `W` after it is taken for its unit. */
export function parseValue(line: string, index: number): Value {
  const values = line.split(',').map((value) => value.trim());
  const text = values[index];
  if (line === '') return { nonsense: 'an empty line' };
  if (text === undefined) return { nonsense: `only ${values.length} values, none at index ${index}` };
  const digits = text.replace(/\s*W$/i, '');
  if (!NUMBER.test(digits)) return { nonsense: 'not a number' };
  const number = Number(digits);
  if (Math.abs(number) >= NO_NUMBER) return { nonsense: "SCPI's sign for no number" };
  if (number < 0) return { nonsense: 'a negative power: the meter may be connected the wrong way round' };
  return { number };
}

/** True for what can be the answer to `*IDN?` and not to a query for power: words, separated by commas. */
export function isIdentification(line: string): boolean {
  const values = line.split(',').map((value) => value.trim());
  return values.length >= 2 && /[a-z]{2}/i.test(values[0] ?? '') && !/^(nan|inf)$/i.test(values[0] ?? '');
}
