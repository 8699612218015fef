import type { StorageSettings } from '../../model/index.js';
import { type ObjectStore, openStorage } from '../../storage/index.js';

/** Stores by their settings, each opened once and kept: a client of a cloud has connections, credentials and caches of its own. */
export class KeptStores {
  readonly #stores = new Map<string, Promise<ObjectStore>>();

  open(settings: StorageSettings, dataDir: string): Promise<ObjectStore> {
    const key = JSON.stringify([dataDir, settings]);
    const known = this.#stores.get(key);
    if (known !== undefined) return known;
    const opening = openStorage(settings, { dataDir });
    this.#stores.set(key, opening);
    // What could not be opened may be mended by the next time.
    opening.catch(() => this.#stores.delete(key));
    return opening;
  }

  async close(): Promise<void> {
    const stores = [...this.#stores.values()];
    this.#stores.clear();
    for (const store of stores) await (await store.catch(() => undefined))?.close();
  }
}
