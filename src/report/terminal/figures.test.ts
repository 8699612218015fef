import { describe, expect, it } from 'vitest';
import { mebibytes, percent, quantity, seconds } from './figures.js';

describe('figures', () => {
  it.each([
    [0, '0 J'],
    [1, '1.00 J'],
    [12.345, '12.3 J'],
    [999.96, '1.00 kJ'],
    [0.01234, '12.3 mJ'],
    [0.0000012, '1.20 µJ'],
    [4_560_000, '4.56 MJ'],
    [-3.5, '-3.50 J'],
    [undefined, '-'],
  ])('writes %s as %s', (value, text) => {
    expect(quantity(value, 'J')).toBe(text);
  });

  it('says an absent figure with a dash, never as 0', () => {
    expect([seconds(undefined), percent(undefined), mebibytes(undefined)]).toEqual(['-', '-', '-']);
  });
});
