import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OwnUsage } from './own-usage.js';

const own = (usage: OwnUsage, figures: Record<string, number>) =>
  Object.fromEntries(usage.advance(new Map(Object.entries(figures))));

describe('OwnUsage', () => {
  it('takes the groups below out of a group', () => {
    const figures = { '/': 100, '/a': 60, '/a/b': 25, '/c': 10 };
    expect(own(new OwnUsage(), figures)).toEqual({ '/': 30, '/a': 35, '/a/b': 25, '/c': 10 });
  });

  it('does not give a parent what a removed child used', () => {
    const usage = new OwnUsage();
    own(usage, { '/': 100, '/a': 60 });
    expect(own(usage, { '/': 101 })).toEqual({ '/': 41 });
    expect(own(usage, { '/': 161, '/a': 120 })).toEqual({ '/': 41, '/a': 120 });
  });

  it('never falls when figures are read a moment apart', () => {
    const usage = new OwnUsage();
    own(usage, { '/': 10, '/a': 4 });
    expect(own(usage, { '/': 10, '/a': 5 })).toEqual({ '/': 6, '/a': 5 });
  });

  it('takes a group up where it was when it comes back', () => {
    const usage = new OwnUsage();
    own(usage, { '/': 100, '/a': 60, '/a/b': 20 });
    expect(own(usage, { '/': 103 })).toEqual({ '/': 43 });
    expect(own(usage, { '/': 110, '/a': 66, '/a/b': 21 })).toEqual({ '/': 44, '/a': 45, '/a/b': 21 });
  });

  it('counts a group that its source forgot from 0, and gives its earlier use to nobody', () => {
    const usage = new OwnUsage();
    own(usage, { '/': 100, '/a': 60, '/a/b': 20 });
    own(usage, { '/': 100 });
    expect(own(usage, { '/': 107, '/a': 6, '/a/b': 2 })).toEqual({ '/': 41, '/a': 4, '/a/b': 2 });
  });

  it('counts a group for the one above it that is seen later', () => {
    const usage = new OwnUsage();
    own(usage, { '/a/b': 20 });
    expect(own(usage, { '/a': 25, '/a/b': 21 })).toEqual({ '/a': 4, '/a/b': 21 });
  });

  it('forgets removed groups without giving their use to anybody, and without remembering for ever', () => {
    const usage = new OwnUsage();
    let total = 5;
    for (let i = 0; i < 10_000; i++) {
      total += 3;
      own(usage, { '/': total, [`/pod${i}`]: 3, [`/pod${i}/container`]: 2 });
    }
    expect(own(usage, { '/': total })).toEqual({ '/': 5 });
    expect(usage.remembered).toBeLessThanOrEqual(8192);
  });

  it('splits whatever happens into parts that never fall and never exceed the whole', () => {
    const groups = ['/a', '/a/b', '/a/b/c', '/d', '/d/e'];
    const call = fc.record({
      present: fc.subarray(groups),
      work: fc.dictionary(fc.constantFrom('/', ...groups), fc.nat(50)),
    });
    fc.assert(
      fc.property(fc.array(call, { maxLength: 30 }), (calls) => {
        const usage = new OwnUsage();
        const truth = new Map<string, number>();
        const told = new Map<string, number>();
        for (const { present, work } of calls) {
          // A group is there with all above it; only what is there works.
          const there = [
            '/',
            ...groups.filter((path) => present.some((p) => `${p}/`.startsWith(`${path}/`))),
          ];
          for (const path of there) truth.set(path, (truth.get(path) ?? 0) + (work[path] ?? 0));
          const inclusive = (path: string): number =>
            [...truth].reduce(
              (sum, [other, seconds]) =>
                path === '/' || `${other}/`.startsWith(`${path}/`) ? sum + seconds : sum,
              0,
            );
          const figures = usage.advance(new Map(there.map((path) => [path, inclusive(path)])));
          for (const [path, seconds] of figures) {
            expect(seconds).toBeGreaterThanOrEqual(told.get(path) ?? 0);
            expect(seconds).toBe(truth.get(path));
            told.set(path, seconds);
          }
        }
      }),
    );
  });
});
