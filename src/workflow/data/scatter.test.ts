import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../testing/memory-store.js';
import { readInput } from './read-input.js';
import { scatterSlices, staticChunks } from './scatter.js';
import { writePartition } from './write-partition.js';

const slicesOf = (keys: readonly string[], worker: number, workers: number) =>
  scatterSlices((partition) => keys[partition] ?? '', keys.length, worker, workers);

describe('scatterSlices', () => {
  it('has every element read once and in order, whatever the numbers of partitions, workers and elements', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(30), { maxLength: 12 }),
        fc.integer({ min: 1, max: 40 }),
        async (sizes, workers) => {
          const store = new MemoryStore();
          const all: string[] = [];
          const keys = sizes.map((_, partition) => `p${partition}`);
          for (const [partition, size] of sizes.entries()) {
            const elements = Array.from({ length: size }, (_, index) => `${partition}.${index}`);
            all.push(...elements);
            await writePartition(store, `p${partition}`, elements);
          }
          const read: unknown[] = [];
          for (let worker = 0; worker < workers; worker++) {
            const slices = slicesOf(keys, worker, workers);
            const part = { kind: 'slices', slices } as const;
            read.push(
              ...((await readInput(part, { run: store, open: () => Promise.reject() })) as unknown[]),
            );
          }
          expect(read).toEqual(all);
        },
      ),
    );
  });

  it('meets exactly where workers meet, for any numbers', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 500 }),
        (partitions, workers) => {
          const keys = Array.from({ length: partitions }, (_, index) => String(index));
          const slices = Array.from({ length: workers }, (_, worker) =>
            slicesOf(keys, worker, workers),
          ).flat();
          const ends = new Map<string, number>();
          for (const { key, from, to } of slices) {
            expect(from).toBe(ends.get(key) ?? 0);
            ends.set(key, to);
          }
          expect([...ends.values()]).toEqual(keys.map(() => 1));
        },
      ),
    );
  });

  it('gives partitions to as many workers one by one', () => {
    expect(slicesOf(['a', 'b', 'c'], 1, 3)).toEqual([{ key: 'b', from: 0, to: 1 }]);
    expect(slicesOf(['a', 'b'], 1, 4)).toEqual([{ key: 'a', from: 0.5, to: 1 }]);
    expect(slicesOf(['a', 'b', 'c'], 0, 2)).toEqual([
      { key: 'a', from: 0, to: 1 },
      { key: 'b', from: 0, to: 0.5 },
    ]);
  });
});

describe('staticChunks', () => {
  it('cuts a list evenly', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer({ min: 1, max: 20 }), (list, chunks) => {
        const parts = staticChunks(list, chunks);
        expect(parts).toHaveLength(chunks);
        expect(parts.flat()).toEqual(list);
        const sizes = parts.map(({ length }) => length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
