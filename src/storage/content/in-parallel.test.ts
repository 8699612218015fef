import { describe, expect, it } from 'vitest';
import { inParallel } from './in-parallel.js';
import { type Part, partsOf, Total } from './parts.js';

describe('inParallel', () => {
  it('has no more at work than it may, and takes nothing before there is room', async () => {
    let taken = 0;
    let atWork = 0;
    let most = 0;
    function* items(): Generator<number> {
      for (; taken < 20; taken++) yield taken;
    }
    await inParallel(items(), 3, async (_, index) => {
      expect(taken - index).toBeLessThanOrEqual(3);
      most = Math.max(most, ++atWork);
      await new Promise((resolve) => setImmediate(resolve));
      atWork--;
    });
    expect(most).toBe(3);
    expect(taken).toBe(20);
  });

  it('stops at the first failure, tells the others, and waits for them', async () => {
    const ended: string[] = [];
    const work = inParallel([0, 1, 2, 3, 4, 5], 2, async (item, _, signal) => {
      if (item === 1) throw new Error('no');
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      ended.push(`${item} was told`);
    });
    await expect(work).rejects.toThrow('no');
    expect(ended).toEqual(['0 was told']);
  });
});

describe('partsOf', () => {
  it('makes parts of the size that is asked for, whatever the pieces', async () => {
    const bytes = Uint8Array.from({ length: 100 }, (_, index) => index);
    for (const piece of [1, 7, 10, 33, 100]) {
      const total = new Total();
      const parts: Part[] = [];
      async function* pieces(): AsyncGenerator<Uint8Array> {
        for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
      }
      for await (const part of partsOf(
        pieces(),
        total,
        () => undefined,
        (index) => (index < 2 ? 10 : 32),
      )) {
        parts.push(part);
      }
      expect(parts.map((part) => part.bytes.length)).toEqual([10, 10, 32, 32, 16]);
      expect(Buffer.concat(parts.map((part) => part.bytes))).toEqual(Buffer.from(bytes));
      expect(total.sizeBytes).toBe(100);
    }
  });
});
