import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import type { ObjectStore } from '../object-store.js';
import type { ChildServer } from './child-server.js';

export interface DeathCase {
  readonly start: () => Promise<ChildServer>;
  readonly open: (endpoint: string) => Promise<ObjectStore>;
}

/** What a store does when its server is killed in the middle of an object. */
export function itSurvivesDeath({ start, open }: DeathCase): void {
  it('tells that the server died in the middle of a write or a read', { timeout: 120_000 }, async () => {
    const server = await start();
    try {
      const store = await open(server.endpoint);
      await store.put('whole', randomBytes(4_000_000));
      const stream = await store.stream('whole');
      const refusal = { code: 'storage_failed', message: expect.stringContaining(server.endpoint) };
      async function* deadly(): AsyncGenerator<Uint8Array> {
        yield randomBytes(17_000_000);
        await server.kill();
        yield randomBytes(17_000_000);
      }
      await expect(store.put('half', deadly())).rejects.toMatchObject(refusal);
      const read = async (): Promise<number> => {
        let bytes = 0;
        for await (const chunk of stream as AsyncIterable<Uint8Array>) bytes += chunk.length;
        return bytes;
      };
      await expect(read()).rejects.toMatchObject(refusal);
      await store.close();
    } finally {
      await server.kill();
    }
  });
}
