import { describe, expect, it } from 'vitest';
import { duration } from './duration.js';

describe('duration', () => {
  it.each([
    ['50ms', 0.05],
    ['1.5s', 1.5],
    ['.5', 0.5],
    ['2m', 120],
    ['1h', 3600],
    ['100us', 1e-4],
  ])('reads %s', (text, seconds) => {
    expect(duration(text)).toBeCloseTo(seconds, 12);
  });

  it.each(['', '0', '-1s', '5 parsecs', '1e3', 'ms'])('refuses %j', (text) => {
    expect(() => duration(text)).toThrow(/such as 50ms/);
  });
});
