import { ErrorCode, WattloopError } from '../../../base/index.js';

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };

const bad = (message: string, remedy: string): WattloopError =>
  new WattloopError(ErrorCode.badInput, message, { remedy });

/** The parameters of a request's address, each read as what it has to be. */
export class Query {
  readonly #parameters: URLSearchParams;

  constructor(url: string) {
    const at = url.indexOf('?');
    this.#parameters = new URLSearchParams(at < 0 ? '' : url.slice(at + 1));
  }

  text(name: string): string | undefined {
    return this.#parameters.get(name) || undefined;
  }

  oneOf<T extends string>(name: string, values: readonly T[]): T | undefined {
    const text = this.text(name);
    const found = values.find((value) => value === text);
    if (text !== undefined && found === undefined)
      throw bad(`${name} is "${text.slice(0, 80)}"`, `There are: ${values.join(', ')}`);
    return found;
  }

  wholeNumber(name: string, fallback: number, most: number): number {
    const text = this.text(name);
    if (text === undefined) return fallback;
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1 || value > most)
      throw bad(`${name} is "${text.slice(0, 80)}"`, `Give a whole number from 1 to ${most}`);
    return value;
  }

  /** Seconds since 1970, or a date as ISO 8601 has it. */
  time(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const seconds = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Date.parse(text) / 1e3;
    if (Number.isFinite(seconds)) return seconds;
    throw bad(
      `${name} is "${text.slice(0, 80)}"`,
      'Give seconds since 1970, or a date such as 2026-05-01T12:00:00Z',
    );
  }

  /** `90`, `90s`, `15m`, `24h`, `7d`. */
  seconds(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const [, amount = '', unit = 's'] = /^(\d+(?:\.\d+)?)([smhdw])?$/.exec(text) ?? [];
    const seconds = Number(amount) * (UNITS[unit] ?? Number.NaN);
    if (amount !== '' && seconds > 0) return seconds;
    throw bad(`${name} is "${text.slice(0, 80)}"`, 'Give a time such as 90s, 15m, 24h or 7d');
  }
}
