import { ErrorCode, messageOf, WattloopError } from '../../../base/index.js';

/**
 * What is wrong in the description of a function, by the key under which it is written: whoever read the description
 * tells the place.
 */
export class Misdescribed extends Error {
  override readonly name = 'Misdescribed';
  /** As in a stack.yml, below the function: `['environment', 'exec_timeout']`. */
  readonly path: readonly string[];
  readonly remedy: string | undefined;

  constructor(path: readonly string[], message: string, remedy?: string) {
    super(message);
    this.path = path;
    this.remedy = remedy;
  }

  /** What was thrown, as what is wrong with a key. */
  static of(error: unknown, path: readonly string[]): Misdescribed {
    if (error instanceof Misdescribed) return error;
    const remedy = error instanceof WattloopError ? error.remedy : undefined;
    return new Misdescribed(path, messageOf(error), remedy);
  }
}

/** The same, for those who see no place. */
export function refusedInput(message: string, remedy?: string): WattloopError {
  return new WattloopError(ErrorCode.badInput, message, remedy === undefined ? {} : { remedy });
}
