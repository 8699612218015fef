import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divide } from './divide.js';
import { anyAmount } from './testing/amount.js';

const amount = anyAmount(1e6);
const interval = fc.record({
  joules: amount,
  idleJoules: fc.option(amount, { nil: undefined }),
  busySeconds: amount,
  used: fc.array(fc.tuple(fc.string(), amount), { maxLength: 20 }),
});

describe('divide', () => {
  it('accounts for every joule exactly once', () => {
    fc.assert(
      fc.property(interval, (given) => {
        const { shares, idle, unattributed } = divide(given);
        const active = [...shares.values()].reduce((sum, share) => sum + share.active, 0);
        expect(Math.abs(active + idle + unattributed - given.joules)).toBeLessThanOrEqual(
          1e-9 * given.joules,
        );
      }),
    );
  });

  it('gives nobody a negative, infinite or missing share, and no more idle than there is', () => {
    fc.assert(
      fc.property(interval, (given) => {
        const { shares, idle } = divide(given);
        expect(shares.size).toBe(new Set(given.used.map(([who]) => who)).size);
        for (const share of shares.values()) {
          expect(share.active).toBeGreaterThanOrEqual(0);
          expect(share.idle).toBeGreaterThanOrEqual(0);
          expect(share.active).toBeLessThan(Number.POSITIVE_INFINITY);
        }
        const given_idle = [...shares.values()].reduce((sum, share) => sum + share.idle, 0);
        expect(given_idle).toBeLessThanOrEqual(idle * (1 + 1e-9));
      }),
    );
  });

  it('gives equal shares for equal use, and nothing for none', () => {
    const { shares } = divide({
      joules: 100,
      idleJoules: 20,
      busySeconds: 4,
      used: [
        ['a', 1],
        ['b', 1],
        ['c', 0],
      ],
    });
    expect(shares.get('a')).toEqual({ active: 20, idle: 5 });
    expect(shares.get('b')).toEqual(shares.get('a'));
    expect(shares.get('c')).toEqual({ active: 0, idle: 0 });
  });

  it('never gives out more than was drawn when principals claim more time than the machine had', () => {
    const { shares, unattributed } = divide({
      joules: 90,
      idleJoules: 0,
      busySeconds: 1,
      used: [
        ['a', 2],
        ['b', 1],
      ],
    });
    expect(shares.get('a')?.active).toBe(60);
    expect(unattributed).toBe(0);
  });

  it('keeps what nobody used apart', () => {
    expect(divide({ joules: 50, idleJoules: undefined, busySeconds: 0, used: [] })).toMatchObject({
      idle: 0,
      unattributed: 50,
    });
  });
});
