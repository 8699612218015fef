import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distinctNames } from './distinct-names.js';
import { cellWidth } from './printable.js';

describe('distinctNames', () => {
  it.each([
    [['aes', 'json'], 8, ['aes', 'json']],
    [['image-resize', 'video-encode'], 8, ['image-r…', 'video-e…']],
    [['team-a/image-resize-v1', 'team-a/image-resize-v2'], 10, ['team-a…-v1', 'team-a…-v2']],
    [['a\u0001', 'a\u0002', 'b'], 8, ['a?#1', 'a?#2', 'b']],
    [['日本語の関数', 'x'], 6, ['日本…', 'x']],
    [['', 'x'], 12, ['(no name)', 'x']],
  ])('shows %j in %i cells as %j', (names, width, expected) => {
    expect(distinctNames(names, width)).toEqual(expected);
  });

  it('never shows two names as one, nor wider than asked for', () => {
    const names = fc.uniqueArray(
      fc.oneof(
        fc.string({ unit: 'grapheme', maxLength: 40 }),
        fc.string({ unit: fc.constantFrom('a', 'b', '#', '1', '語'), maxLength: 30 }),
        fc.string({ unit: fc.constantFrom('#1', '\u0007', '\u0001'), maxLength: 3 }),
      ),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(names, fc.integer({ min: 9, max: 30 }), (all, width) => {
        const shown = distinctNames(all, width);
        expect(new Set(shown).size).toBe(all.length);
        for (const name of shown) expect(cellWidth(name)).toBeLessThanOrEqual(width);
      }),
    );
  });
});
