import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseNumber } from './number.js';

const parse = (text: string): number => {
  const bytes = Buffer.from(`x${text}y`, 'latin1');
  return parseNumber(bytes, 1, bytes.length - 1);
};

describe('parseNumber', () => {
  it('reads every number as Number does, to the last bit', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.integer({ min: 0, max: 30 }),
        (x, n) => {
          for (const text of [String(x), x.toExponential(), Math.abs(x) < 1e21 ? x.toFixed(n) : '0']) {
            if (!Object.is(parse(text), Number(text))) throw new Error(text);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each([
    '0',
    '-0',
    '1.',
    '.5',
    '+3',
    '007.250',
    '9007199254740993',
    '0.1234567890123456789012345',
    '5e-324',
  ])('reads %s', (text) => expect(parse(text)).toBe(Number(text)));

  it.each(['', '-', '.', '1.2.3', '1,5', '0x10', 'NaN', 'inf', 'Infinity', '1e', '1 2', '--1', '1-2', '１'])(
    'takes %j for no number',
    (text) => expect(parse(text)).toBeNaN(),
  );
});
