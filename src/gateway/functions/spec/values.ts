import { DURATION_FORM, durationSeconds } from './duration.js';
import { Misdescribed } from './misdescribed.js';

/** Values by key as they are written in one section of a description, read as what they mean. Absent keys are undefined. */
export class Values {
  readonly #section: string;
  readonly #values: Readonly<Record<string, string>>;

  constructor(section: string, values: Readonly<Record<string, string>> = {}) {
    this.#section = section;
    this.#values = values;
  }

  /** Undefined too where there is nothing but blanks. */
  text(key: string): string | undefined {
    const value = Object.hasOwn(this.#values, key) ? this.#values[key]?.trim() : undefined;
    return value === '' ? undefined : value;
  }

  wholeNumber(key: string, least: number): number | undefined {
    return this.#read(key, `a whole number of at least ${least}`, (text) => {
      const value = /^\d{1,15}$/.test(text) ? Number(text) : undefined;
      return value !== undefined && value >= least ? value : undefined;
    });
  }

  number(key: string): number | undefined {
    return this.#read(key, 'a number', (text) => {
      const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
      return Number.isFinite(value) ? value : undefined;
    });
  }

  truth(key: string): boolean | undefined {
    return this.#read(key, '"true" or "false"', (text) => TRUTHS[text.toLowerCase()]);
  }

  /** Above 0. */
  seconds(key: string): number | undefined {
    return this.#read(key, `${DURATION_FORM} above 0`, (text) => {
      const value = durationSeconds(text);
      return value !== undefined && value > 0 ? value : undefined;
    });
  }

  refuse(key: string, message: string, remedy?: string): Misdescribed {
    return new Misdescribed([this.#section, key], message, remedy);
  }

  #read<T>(key: string, form: string, read: (text: string) => T | undefined): T | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    const value = read(text);
    if (value !== undefined) return value;
    throw this.refuse(key, `must be ${form}, not ${JSON.stringify(text.slice(0, 80))}`);
  }
}

const TRUTHS: Readonly<Record<string, boolean>> = { true: true, '1': true, false: false, '0': false };
