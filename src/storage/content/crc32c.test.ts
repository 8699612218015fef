import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base64ToHex, crc32c, crc32cHex, hexToBase64, joinCrc32c } from './crc32c.js';

/** The definition, bit by bit. */
function slowly(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

const someBytes = fc.uint8Array({ maxLength: 600 });

describe('crc32c', () => {
  // The first by the catalogue of CRCs, the others from RFC 3720, appendix B.4.
  it.each([
    ['123456789', Buffer.from('123456789'), 'e3069283'],
    ['zeros', new Uint8Array(32), '8a9136aa'],
    ['ones', new Uint8Array(32).fill(255), '62a8ab43'],
    ['nothing', new Uint8Array(), '00000000'],
  ])('knows that of %s', (_, bytes, sum) => {
    expect(crc32cHex(crc32c(bytes))).toBe(sum);
    expect(base64ToHex(hexToBase64(sum))).toBe(sum);
  });

  it('is what its definition says, wherever the bytes lie in memory', () => {
    fc.assert(
      fc.property(someBytes, fc.nat(9), (bytes, offset) => {
        const moved = new Uint8Array(bytes.length + offset).subarray(offset);
        moved.set(bytes);
        expect(crc32c(moved)).toBe(slowly(bytes));
      }),
    );
  });

  it('goes on from part to part, and joins what parts gave', () => {
    fc.assert(
      fc.property(someBytes, someBytes, (a, b) => {
        const whole = crc32c(Buffer.concat([a, b]));
        expect(crc32c(b, crc32c(a))).toBe(whole);
        expect(joinCrc32c(crc32c(a), crc32c(b), b.length)).toBe(whole);
      }),
    );
  });
});
