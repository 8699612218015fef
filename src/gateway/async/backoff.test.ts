import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffSeconds, LONGEST_WAIT_SECONDS, retryAfterSeconds } from './backoff.js';

describe('backoffSeconds', () => {
  it('doubles with each failure', () => {
    expect([1, 2, 3, 4].map((failures) => backoffSeconds(2, failures, undefined, 0.5))).toEqual([
      2, 4, 8, 16,
    ]);
  });

  it('is never sooner than asked for, never longer than an hour, and spread by chance', () => {
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    const asked = fc.option(fc.integer({ min: 0, max: 1e6 }), { nil: undefined });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2_000 }), asked, chance, (failures, retryAfter, luck) => {
        const seconds = backoffSeconds(1, failures, retryAfter, luck);
        expect(seconds).toBeGreaterThanOrEqual(Math.min(LONGEST_WAIT_SECONDS, retryAfter ?? 0.5));
        expect(seconds).toBeLessThanOrEqual(LONGEST_WAIT_SECONDS);
      }),
    );
    expect(backoffSeconds(1, 1, 10, 0.1)).not.toBe(backoffSeconds(1, 1, 10, 0.9));
  });
});

describe('retryAfterSeconds', () => {
  it.each([
    ['120', 120],
    [['7', '9'], 7],
    ['Wed, 21 Oct 2015 07:28:30 GMT', 30],
    ['Wed, 21 Oct 2015 07:00:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('reads %j', (header, seconds) => {
    expect(retryAfterSeconds(header, Date.UTC(2015, 9, 21, 7, 28, 0) / 1e3)).toBe(seconds);
  });
});
