import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aligned, packColumn, unpackColumn, widthOf } from './packed-column.js';

const numbers = fc.oneof(
  fc.array(fc.double()),
  fc.array(fc.integer({ min: -9, max: 300 })),
  fc.array(fc.integer({ min: 1_775_001_600e6, max: 1_775_001_600e6 + 2 ** 33 })),
  fc.array(fc.constantFrom(0, -0)),
  fc.array(fc.constantFrom(200, Number.NaN)),
  fc.tuple(fc.double(), fc.nat(40)).map(([number, count]) => Array<number>(count).fill(number)),
);

describe('a packed column', () => {
  it('is read back as it was, wherever it stands', () => {
    fc.assert(
      fc.property(numbers, fc.nat(3), (list, before) => {
        const values = Float64Array.from(list);
        const { form, bytes } = packColumn(values);
        expect(bytes).toHaveLength(widthOf(form) * values.length);
        const offset = aligned(before);
        const block = new Uint8Array(offset + bytes.length);
        block.set(bytes, offset);
        // As a block tells it.
        const told = JSON.parse(JSON.stringify(form)) as typeof form;
        const read = unpackColumn(told, block.buffer, offset, values.length);
        expect([...read]).toEqual([...values]);
      }),
    );
  });

  it.each([
    [[7, 7, 7], 'same'],
    [[Number.NaN, Number.NaN], 'same'],
    [[1_000, 1_255], 'u8'],
    [[-5, 60_000], 'u16'],
    [[0, 2 ** 32 - 1], 'u32'],
    [[0, 2 ** 32], 'f64'],
    [[0, 0.5], 'f64'],
  ])('of %j is as narrow as it can be: %s', (list, width) => {
    expect(packColumn(Float64Array.from(list)).form[0]).toBe(width);
  });

  it('of a width that nobody knows is refused', () => {
    expect(() => unpackColumn(['u64' as 'u8', 0], new ArrayBuffer(8), 0, 1)).toThrow(
      expect.objectContaining({
        code: 'knowledge_failed',
        remedy: expect.stringContaining('later Wattloop'),
      }),
    );
  });
});
