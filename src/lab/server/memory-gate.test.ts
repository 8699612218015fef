import { expect, it } from 'vitest';
import { MemoryGate } from './memory-gate.js';

it('lets nobody past who waits, however little another needs', () => {
  const gate = new MemoryGate(100);
  expect(gate.tryEnter(1, 80)).toBe(true);
  expect(gate.tryEnter(2, 50)).toBe(false);
  expect(gate.tryEnter(3, 10)).toBe(false);
  expect(gate.admit()).toBeUndefined();
  gate.leave(80);
  expect([gate.admit(), gate.admit(), gate.admit()]).toEqual([2, 3, undefined]);
  expect(gate.tryEnter(4, 41)).toBe(false);
});

it('keeps the order of a long queue', () => {
  const gate = new MemoryGate(1);
  gate.tryEnter(-1, 1);
  const slots = Array.from({ length: 5000 }, (_, slot) => slot);
  for (const slot of slots) gate.tryEnter(slot, 1);
  const admitted = slots.map(() => {
    gate.leave(1);
    return gate.admit();
  });
  expect(admitted).toEqual(slots);
});
