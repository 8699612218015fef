import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_CHARACTERS, shortText } from './short-text.js';

describe('shortText', () => {
  it('leaves what is short as it is', () => {
    expect(shortText('/system.slice/docker.service')).toBe('/system.slice/docker.service');
    expect(shortText('x'.repeat(MOST_CHARACTERS))).toBe('x'.repeat(MOST_CHARACTERS));
  });

  it('keeps kilobytes that begin alike apart, always in the same way', () => {
    const [a, b] = [`${'x'.repeat(4000)}a`, `${'x'.repeat(4000)}b`];
    expect(shortText(a)).not.toBe(shortText(b));
    expect(shortText(a)).toBe(shortText(a));
  });

  it('never cuts a character in two and never gives more than it may', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 0, maxLength: 400 }), (text) => {
        const short = shortText(text);
        expect(short.length).toBeLessThanOrEqual(MOST_CHARACTERS);
        expect(Buffer.from(short, 'utf8').toString('utf8')).toBe(short);
      }),
    );
  });
});
