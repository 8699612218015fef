import { describe, expect, it } from 'vitest';
import { fraction, signedDuration, wholeNumber } from './numbers.js';

describe('signedDuration', () => {
  it.each([
    ['-11', -11],
    ['-1.5s', -1.5],
    ['250ms', 0.25],
    ['0', 0],
    ['-0', 0],
  ])('reads %s', (text, seconds) => {
    expect(signedDuration(text)).toBe(seconds);
  });

  it.each(['', '-', '--1', '- 1 parsec'])('refuses %j', (text) => {
    expect(() => signedDuration(text)).toThrow(/such as 50ms/);
  });
});

it('reads parts of a whole, and whole numbers, and nothing else', () => {
  expect([fraction('0'), fraction('0.5'), fraction('1')]).toEqual([0, 0.5, 1]);
  expect([wholeNumber('0'), wholeNumber('1000000')]).toEqual([0, 1_000_000]);
  for (const text of ['1.01', '-0.1', 'half', '']) expect(() => fraction(text)).toThrow(/number/);
  for (const text of ['1e6', '-1', '1.5', '', '1234567890'])
    expect(() => wholeNumber(text)).toThrow(/whole number/);
});
