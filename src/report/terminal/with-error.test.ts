import { describe, expect, it } from 'vitest';
import { withError } from './with-error.js';

describe('withError', () => {
  it.each([
    [12.345, 0.432, '12.3 ± 0.4 J'],
    [12.345, 4.32, '12.3 ± 4.3 J'],
    [12.345, 0.0432, '12.35 ± 0.04 J'],
    [1.2345, 0.0432, '1.23 ± 0.04 J'],
    [1234, 43, '1.23 ± 0.04 kJ'],
    [0.01234, 0.00056, '12.3 ± 0.6 mJ'],
    [123.4, 12.3, '123 ± 12 J'],
    [0.5, 40, '1 ± 40 J'],
    [0, 0.02, '0 ± 20 mJ'],
    [12.345, 1e-9, '12.3 ± 0 J'],
    [0, 0, '0 ± 0 J'],
    [0, 1e-30, '0 ± 0 J'],
    [999.6, 3, '1.000 ± 0.003 kJ'],
    [9.996, undefined, '10.0 J'],
    [-3.5, 1.25, '-3.5 ± 1.3 J'],
    [12.345, undefined, '12.3 J'],
    [undefined, 1, '-'],
    [Number.NaN, 1, '-'],
    [12.345, Number.POSITIVE_INFINITY, '12.3 ± ∞ J'],
    [12.345, Number.NaN, '12.3 J'],
  ])('writes %d with error %d as %s', (value, error, text) => {
    expect(withError(value, error, 'J')).toBe(text);
  });
});
