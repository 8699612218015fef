import { ErrorCode, WattloopError } from '../../errors/index.js';

/** Reads a saved state field by field, and says by its path what is wrong with it. */
export class SavedState {
  readonly #value: Readonly<Record<string, unknown>>;
  readonly #path: string;

  constructor(value: unknown, path = 'state') {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw wrong(path, 'is no object');
    this.#value = { ...value };
    this.#path = path;
  }

  #at<T>(name: string, what: string, is: (value: unknown) => value is T): T {
    const value = this.#value[name];
    if (!is(value)) throw wrong(`${this.#path}.${name}`, `is not ${what}`);
    return value;
  }

  /** What another reader checks. */
  value(name: string): unknown {
    return this.#value[name];
  }

  object(name: string): SavedState {
    return new SavedState(this.#value[name], `${this.#path}.${name}`);
  }

  text(name: string): string {
    return this.#at(name, 'a text', (value) => typeof value === 'string');
  }

  /** A finite number, `least` or more. */
  number(name: string, least = Number.NEGATIVE_INFINITY): number {
    return this.#at(name, 'a number in its range', (value) => isNumber(value, least));
  }

  texts(name: string): string[] {
    const is = (value: unknown): value is string[] =>
      Array.isArray(value) && value.every((entry) => typeof entry === 'string');
    return [...this.#at(name, 'a list of texts', is)];
  }

  /** `count` finite numbers, each `least` or more. */
  numbers(name: string, count: number, least = Number.NEGATIVE_INFINITY): number[] {
    const is = (value: unknown): value is number[] =>
      Array.isArray(value) && value.length === count && value.every((entry) => isNumber(entry, least));
    return [...this.#at(name, `a list of ${count} numbers in their range`, is)];
  }

  /** As `numbers`; null stands for Infinity, which JSON has no word for. */
  errors(name: string, count: number): number[] {
    const is = (value: unknown): value is (number | null)[] =>
      Array.isArray(value) &&
      value.length === count &&
      value.every((entry) => entry === null || isNumber(entry, 0));
    return this.#at(name, `a list of ${count} standard errors`, is).map((e) => e ?? Number.POSITIVE_INFINITY);
  }

  fail(what: string): never {
    throw wrong(this.#path, what);
  }
}

export const savedErrors = (errors: readonly number[]): (number | null)[] =>
  errors.map((error) => (Number.isFinite(error) ? error : null));

const isNumber = (value: unknown, least: number): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= least;

const wrong = (path: string, what: string): WattloopError =>
  new WattloopError(ErrorCode.badInput, `saved online state: ${path} ${what}`, {
    remedy: 'Give back what toJSON() gave, or begin without a state.',
  });
