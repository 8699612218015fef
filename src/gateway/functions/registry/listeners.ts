import { type Logger, messageOf } from '../../../base/index.js';
import type { DeployedFunction } from '../../../model/index.js';
import type { Origin } from './function-record.js';

/**
 * Told of changes at the moment they are made. Whoever goes on with a version calls `use` there and then, as its files go
 * when another has taken its place.
 */
export interface RegistryListener {
  deployed?(fn: DeployedFunction, before: DeployedFunction | undefined): void;
  removed?(fn: DeployedFunction, origin: Origin): void;
}

/** A listener that fails keeps nobody else from being told. */
export class Listeners {
  readonly #log: Logger;
  readonly #listeners = new Set<RegistryListener>();

  constructor(log: Logger) {
    this.#log = log;
  }

  add(listener: RegistryListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(what: (listener: RegistryListener) => void): void {
    for (const listener of this.#listeners) {
      try {
        what(listener);
      } catch (error) {
        this.#log.error('a listener of the registry failed', { error: messageOf(error) });
      }
    }
  }
}
