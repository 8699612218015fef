const [PLUS, MINUS, POINT, ZERO] = [43, 45, 46, 48];
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Powers of ten that a double holds exactly; written out by the parser, as `**` need not be exact. */
const POWERS = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/**
 * The number that is written in bytes from `start` to before `end`, exactly as `Number()` would read it; NaN for anything
 * else. A mantissa below 2^53 divided by a power of ten up to 10^22 is one correctly rounded operation on exact operands.
 */
export function parseNumber(bytes: Buffer, start: number, end: number): number {
  let at = start;
  const first = bytes[at];
  const isNegative = first === MINUS;
  if (isNegative || first === PLUS) at++;
  let mantissa = 0;
  let digits = 0;
  let pointAt = -1;
  for (; at < end; at++) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit >= 0 && digit <= 9) {
      mantissa = mantissa * 10 + digit;
      digits++;
    } else if (digit === POINT - ZERO && pointAt < 0) {
      pointAt = digits;
    } else {
      return parseSlowly(bytes, start, end);
    }
  }
  if (digits === 0) return Number.NaN;
  const decimals = pointAt < 0 ? 0 : digits - pointAt;
  if (mantissa > Number.MAX_SAFE_INTEGER || decimals >= POWERS.length) return parseSlowly(bytes, start, end);
  const value = decimals === 0 ? mantissa : mantissa / (POWERS[decimals] ?? 1);
  return isNegative ? -value : value;
}

function parseSlowly(bytes: Buffer, start: number, end: number): number {
  const text = bytes.toString('latin1', start, end);
  return NUMBER.test(text) ? Number(text) : Number.NaN;
}
