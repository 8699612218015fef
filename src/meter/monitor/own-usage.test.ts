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

  it('forgets removed groups without giving their use to anybody', () => {
    const usage = new OwnUsage();
    let total = 5;
    for (let i = 0; i < 10_000; i++) {
      total += 1;
      own(usage, { '/': total, [`/pod${i}`]: 1 });
    }
    expect(own(usage, { '/': total })).toEqual({ '/': 5 });
  });
});
