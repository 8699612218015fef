import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ScaledCounter, scaled, type TimedCount } from './perf-scale.js';

const big = (max: bigint) => fc.bigInt({ min: 0n, max });
/** Steps as a kernel gives them: never on a counter for longer than it was to be. */
const step = fc.tuple(big(2n ** 56n), big(10n ** 12n), big(10n ** 12n)).map(([count, a, b]): TimedCount => {
  const [running, enabled] = a < b ? [a, b] : [b, a];
  return { count: running === 0n ? 0n : count, enabled, running };
});

function run(steps: readonly TimedCount[]): (bigint | undefined)[] {
  const counter = new ScaledCounter();
  const now = { count: 0n, enabled: 0n, running: 0n };
  return steps.map(({ count, enabled, running }) => {
    now.count += count;
    now.enabled += enabled;
    now.running += running;
    counter.advance(now);
    return counter.total;
  });
}

describe('scaled', () => {
  it('stretches a count by the time that it was not counted', () => {
    expect(scaled({ count: 1000n, enabled: 300n, running: 100n })).toBe(3000n);
  });

  it('keeps every unit of a count that was always counted, beyond what a double holds', () => {
    const count = 2n ** 53n + 1n;
    expect(scaled({ count, enabled: 7n, running: 7n })).toBe(count);
  });

  it('knows nothing of an event that was never on a counter, and 0 of one that there was no time for', () => {
    expect(scaled({ count: 0n, enabled: 5n, running: 0n })).toBeUndefined();
    expect(scaled({ count: 0n, enabled: 0n, running: 0n })).toBe(0n);
  });
});

describe('ScaledCounter', () => {
  it('never goes backwards, whatever the ratio does', () => {
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        let last = 0n;
        for (const total of run(steps)) {
          if (total === undefined) continue;
          expect(total).toBeGreaterThanOrEqual(last);
          last = total;
        }
      }),
    );
  });

  it('never tells less than was counted', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1 }), (steps) => {
        const total = run(steps).at(-1);
        const counted = steps.reduce((sum, { count }) => sum + count, 0n);
        if (total !== undefined) expect(total).toBeGreaterThanOrEqual(counted);
      }),
    );
  });

  it('is exact when the event is always on a counter', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1 }), (steps) => {
        const always = steps.map((one) => ({ ...one, running: one.enabled }));
        expect(run(always).at(-1)).toBe(always.reduce((sum, { count }) => sum + count, 0n));
      }),
    );
  });

  it('scales each step by its own ratio', () => {
    // 100 in the one second of two, then one more in nine full seconds: 201, where the whole ratio would give 111.
    expect(
      run([
        { count: 100n, enabled: 2n, running: 1n },
        { count: 1n, enabled: 9n, running: 9n },
      ]),
    ).toEqual([200n, 201n]);
  });

  it('gives a step off the counter to the next step on it', () => {
    expect(
      run([
        { count: 10n, enabled: 1n, running: 1n },
        { count: 0n, enabled: 1n, running: 0n },
        { count: 10n, enabled: 1n, running: 1n },
      ]),
    ).toEqual([10n, 10n, 30n]);
  });

  it('is unknown, not 0, until the event was on a counter', () => {
    expect(
      run([
        { count: 0n, enabled: 0n, running: 0n },
        { count: 0n, enabled: 4n, running: 0n },
        { count: 3n, enabled: 4n, running: 4n },
      ]),
    ).toEqual([0n, undefined, 6n]);
  });

  it('leaves out a reading that went backwards', () => {
    const counter = new ScaledCounter();
    counter.advance({ count: 10n, enabled: 5n, running: 5n });
    counter.advance({ count: 3n, enabled: 6n, running: 6n });
    expect(counter.total).toBe(10n);
    counter.advance({ count: 12n, enabled: 7n, running: 7n });
    expect(counter.total).toBe(12n);
  });
});
