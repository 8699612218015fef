import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitted, printable } from './printable.js';

describe('printable', () => {
  it('lets nothing through that moves the cursor, ends the line or turns the writing', () => {
    expect(printable('a\u001b[2Jb\nc\u202ed\u2028e\u0007')).toBe('a?[2Jb?c?d?e?');
  });
});

describe('fitted', () => {
  it.each([
    ['abc', 5, 'abc  '],
    ['abcdef', 4, 'abc…'],
    ['日本語', 6, '日本語'],
    ['日本語', 5, '日本…'],
    ['日本語', 4, '日… '],
    ['é!', 3, 'é! '],
    ['abc', 0, ''],
    ['abc', 1, '…'],
  ])('fits %j into %i cells', (text, width, expected) => {
    expect(fitted(text, width)).toBe(expected);
  });

  it('never gives more characters than cells for text of single width', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), fc.nat({ max: 40 }), (text, width) => {
        expect(fitted(text, width)).toHaveLength(width);
      }),
    );
  });
});
