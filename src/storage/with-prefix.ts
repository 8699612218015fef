import { checkPrefix } from './key.js';
import type { ObjectInfo, ObjectStore } from './object-store.js';

/**
 * A view of a store in which all keys begin with `prefix` and a /, unseen: `withPrefix(store, 'runs/1')` has as `a` what
 * the store has as `runs/1/a`. Closing it closes the store.
 */
export function withPrefix(store: ObjectStore, prefix: string): ObjectStore {
  const folder = prefix.replace(/^\/+|\/+$/g, '');
  if (folder === '') return store;
  const before = `${folder}/`;
  checkPrefix(before);
  const shown = (info: ObjectInfo): ObjectInfo => ({ ...info, key: info.key.slice(before.length) });
  return {
    kind: store.kind,
    address: `${store.address.replace(/\/$/, '')}/${folder}`,
    put: async (key, body, options) => shown(await store.put(before + key, body, options)),
    get: (key, options) => store.get(before + key, options),
    stream: (key, options) => store.stream(before + key, options),
    head: async (key) => {
      const info = await store.head(before + key);
      return info && shown(info);
    },
    async *list(within = '') {
      for await (const info of store.list(before + within)) yield shown(info);
    },
    delete: (key) => store.delete(before + key),
    deleteAll: (within) => store.deleteAll(before + within),
    close: () => store.close(),
  };
}
