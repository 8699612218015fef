import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EventHeap } from './event-heap.js';

const drain = (heap: EventHeap, keys: readonly number[]): number[] =>
  keys.map(() => {
    const key = heap.nextKey;
    expect(keys[heap.pop()]).toBe(key);
    return key;
  });

it('gives values back in order of their keys, each with its own', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true })), (keys) => {
      const heap = new EventHeap();
      keys.forEach((key, index) => void heap.push(key, index));
      expect(drain(heap, keys)).toEqual([...keys].sort((a, b) => a - b));
      expect(heap.size).toBe(0);
      expect(heap.nextKey).toBe(Number.POSITIVE_INFINITY);
    }),
  );
});

it('grows beyond what it began with', () => {
  const heap = new EventHeap();
  const keys = Array.from({ length: 1000 }, (_, i) => (i * 7919) % 1000);
  keys.forEach((key, index) => void heap.push(key, index));
  expect(drain(heap, keys)).toEqual([...keys].sort((a, b) => a - b));
});
