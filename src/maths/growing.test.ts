import { describe, expect, it } from 'vitest';
import { enlarged, trimmed } from './growing.js';

describe('growing columns', () => {
  it('keep their numbers and their kind', () => {
    expect(enlarged(Float64Array.of(1, 2), 3)).toEqual(Float64Array.of(1, 2, 0));
    expect(enlarged(Uint8Array.of(7), 2)).toEqual(Uint8Array.of(7, 0));
  });

  it('give up what is not in use, by a copy where that is small', () => {
    const small = trimmed(Uint32Array.of(1, 2, 3), 2);
    expect(small).toEqual(Uint32Array.of(1, 2));
    expect(small.buffer.byteLength).toBe(8);
    const large = new Float64Array(2 ** 18);
    expect(trimmed(large, 5).buffer).toBe(large.buffer);
    expect(trimmed(large, 5)).toHaveLength(5);
  });
});
