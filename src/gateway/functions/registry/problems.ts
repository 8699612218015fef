import type { Logger } from '../../../base/index.js';

/** What is wrong at the moment: a line for each function, or file. Each is logged once, when it comes up. */
export class Problems {
  readonly #log: Logger;
  readonly #lines = new Map<string, string>();

  constructor(log: Logger) {
    this.#log = log;
  }

  get all(): ReadonlyMap<string, string> {
    return this.#lines;
  }

  /** Undefined where it is not any more. */
  set(name: string, line: string | undefined): void {
    if (line === undefined) {
      this.#lines.delete(name);
      return;
    }
    if (this.#lines.get(name) === line) return;
    this.#lines.set(name, line);
    this.#log.error(`${name} is not served as described: ${line}`);
  }
}
