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
});
