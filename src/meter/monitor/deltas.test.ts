import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageDeltas } from './deltas.js';

describe('UsageDeltas', () => {
  it('gives what was used since the last call, newcomers from 0', () => {
    const deltas = new UsageDeltas();
    expect([...deltas.advance([['a', 5]])]).toEqual([]);
    expect(
      Object.fromEntries(
        deltas.advance([
          ['a', 7],
          ['b', 2],
        ]),
      ),
    ).toEqual({ a: 2, b: 2 });
  });

  it('takes a figure that fell for a new beginning, never for negative use', () => {
    const deltas = new UsageDeltas();
    deltas.advance([['a', 5]]);
    expect(deltas.advance([['a', 1]]).get('a')).toBe(1);
  });

  it('adds several figures of one principal', () => {
    const deltas = new UsageDeltas();
    deltas.advance([
      ['a', 1],
      ['a', 1],
    ]);
    expect(
      deltas
        .advance([
          ['a', 2],
          ['a', 3],
        ])
        .get('a'),
    ).toBe(3);
  });

  it('goes on from the last figure of what was away', () => {
    const deltas = new UsageDeltas();
    deltas.advance([['a', 5]]);
    deltas.advance([]);
    expect(deltas.advance([['a', 6]]).get('a')).toBe(1);
    deltas.advance([]);
    expect(deltas.advance([['a', 2]]).get('a')).toBe(2);
  });

  it('remembers what is away for long, not for ever', () => {
    const deltas = new UsageDeltas();
    deltas.advance([]);
    deltas.advance([['first', 5]]);
    for (let i = 0; i < 8192; i++) deltas.advance([[`pod${i}`, 1]]);
    expect(deltas.advance([['first', 6]]).get('first')).toBe(1);
    for (let i = 0; i < 8193; i++) deltas.advance([[`another${i}`, 1]]);
    expect(deltas.advance([['first', 7]]).get('first')).toBe(7);
  });

  it('adds up to what was used, whoever is missing in between', () => {
    const call = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.nat(100));
    fc.assert(
      fc.property(fc.array(call, { minLength: 1, maxLength: 30 }), (calls) => {
        const deltas = new UsageDeltas();
        const cumulative: Record<string, number> = {};
        const sum: Record<string, number> = {};
        deltas.advance([]);
        for (const work of calls) {
          for (const [key, seconds] of Object.entries(work))
            cumulative[key] = (cumulative[key] ?? 0) + seconds;
          // Who did nothing is not in this reading.
          const seen = Object.keys(work).map((key) => [key, cumulative[key] ?? 0] as const);
          for (const [key, used] of deltas.advance(seen)) sum[key] = (sum[key] ?? 0) + used;
        }
        expect(sum).toEqual(cumulative);
      }),
    );
  });
});
