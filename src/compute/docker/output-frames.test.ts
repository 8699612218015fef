import fc from 'fast-check';
import { expect, it } from 'vitest';
import { OutputFrames } from './output-frames.js';

it('gives back what was printed, however the stream is cut', () => {
  const pieces = fc.array(fc.tuple(fc.constantFrom(1, 2), fc.uint8Array({ maxLength: 40 })), {
    maxLength: 8,
  });
  const cuts = fc.infiniteStream(fc.integer({ min: 1, max: 13 }));
  fc.assert(
    fc.property(pieces, cuts, (printed, sizes) => {
      const stream = Buffer.concat(
        printed.flatMap(([which, bytes]) => {
          const header = Buffer.alloc(8);
          header.writeUInt8(which);
          header.writeUInt32BE(bytes.length, 4);
          return [header, bytes];
        }),
      );
      const seen: Uint8Array[] = [];
      const frames = new OutputFrames((piece) => seen.push(Buffer.from(piece)));
      for (let at = 0; at < stream.length; ) {
        const size = sizes.next().value ?? 1;
        frames.push(stream.subarray(at, at + size));
        at += size;
      }
      expect(Buffer.concat(seen)).toEqual(Buffer.concat(printed.map(([, bytes]) => bytes)));
    }),
  );
});
