const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const DATE_TIME =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/i;

/** A plain decimal number, or undefined: `Number()` alone takes blanks and hexadecimal too. */
export function decimal(text: string): number | undefined {
  return NUMBER.test(text) ? Number(text) : undefined;
}

function offsetMinutes(zone: string): number {
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/**
 * A moment in seconds: a number as it is, a date (`2026-03-01T12:00Z`) in seconds since 1970. A date without a zone is
 * UTC: the result must not depend on where it is computed.
 */
export function moment(text: string): number | undefined {
  const number = decimal(text);
  if (number !== undefined) return number;
  const match = DATE_TIME.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '0', zone = 'Z'] = match;
  const parts = [year, month, day, hour, minute, second].map(Number);
  const [y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0] = parts;
  const at = Date.UTC(y, mo - 1, d, h, mi, s) / 1e3;
  const read = new Date(at * 1e3);
  // Date.UTC makes 2 March of 30 February, and the next day of 25 o'clock.
  const same = read.getUTCMonth() === mo - 1 && read.getUTCDate() === d && h < 24 && mi < 60 && s < 60;
  return same ? at + Number(fraction) - offsetMinutes(zone) * 60 : undefined;
}
