import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyAmount } from '../testing/amount.js';
import { NodeAccount } from './node-account.js';

const amount = anyAmount(1e5);
const tick = fc.record({
  joules: amount,
  idleJoules: fc.option(amount, { nil: undefined }),
  busySeconds: amount,
  used: fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), amount), { maxLength: 8 }),
  end: fc.option(fc.constantFrom('a', 'b', 'c', 'd'), { nil: undefined }),
});

describe('NodeAccount', () => {
  it('accounts for every joule at every tick and in total, whoever comes and goes', () => {
    fc.assert(
      fc.property(fc.array(tick, { maxLength: 50 }), (ticks) => {
        const account = new NodeAccount();
        let drawn = 0;
        for (const { end, ...interval } of ticks) {
          const { shares, idle, unattributed } = account.tick(interval);
          const active = [...shares.values()].reduce((sum, share) => sum + share.active, 0);
          expect(Math.abs(active + idle + unattributed - interval.joules)).toBeLessThanOrEqual(
            1e-9 * interval.joules,
          );
          drawn += interval.joules;
          if (end !== undefined) account.end(end);
          const { totals } = account;
          const open = [...account.principals.values()].reduce((sum, total) => sum + total.active, 0);
          const parts = open + totals.ended + totals.idle + totals.unattributed;
          expect(Math.abs(parts - drawn)).toBeLessThanOrEqual(1e-9 * drawn);
          expect(Math.abs(totals.joules - drawn)).toBeLessThanOrEqual(1e-9 * drawn);
        }
      }),
    );
  });

  it('keeps what a principal used when it is forgotten', () => {
    const account = new NodeAccount();
    account.tick({ joules: 10, idleJoules: 4, busySeconds: 1, used: [['a', 1]] });
    account.end('a');
    account.end('nobody');
    expect(account.totals).toEqual({ joules: 10, idle: 4, unattributed: 0, ended: 6 });
    expect(account.principal('a')).toBeUndefined();
  });
});
