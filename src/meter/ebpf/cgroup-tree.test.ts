import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Amount, nothing } from './amount.js';
import { CgroupTree } from './cgroup-tree.js';

const used = (ns: number): Amount => ({ ...nothing(), ns });
const figures = (sums: ReadonlyMap<string, Amount>): Record<string, number> =>
  Object.fromEntries([...sums].map(([path, { ns }]) => [path, ns]));

describe('CgroupTree', () => {
  it('gives every group what those below it used', () => {
    const tree = new CgroupTree();
    const living = new Map([
      ['/', used(1)],
      ['/a', used(2)],
      ['/a/b', used(4)],
      ['/c/d', used(8)],
    ]);
    expect(figures(tree.report(living))).toEqual({ '/': 15, '/a': 6, '/a/b': 4, '/c': 8, '/c/d': 8 });
  });

  it('hands a removed group over once, and the groups above keep what it used', () => {
    const tree = new CgroupTree();
    tree.report(new Map([['/a/b', used(4)]]));
    tree.remove('/a/b', used(5));
    expect(figures(tree.report(new Map([['/a', used(1)]])))).toEqual({ '/': 6, '/a': 6, '/a/b': 5 });
    expect(figures(tree.report(new Map([['/a', used(1)]])))).toEqual({ '/': 6, '/a': 6 });
  });

  it('goes on counting when a group with the same path is made again', () => {
    const tree = new CgroupTree();
    tree.report(new Map([['/a', used(4)]]));
    tree.remove('/a', used(5));
    tree.report(new Map());
    expect(figures(tree.report(new Map([['/a', used(2)]])))).toEqual({ '/': 7, '/a': 7 });
  });

  it('never loses anything of the root, however many groups come and go', () => {
    const step = fc.record({ path: fc.integer({ min: 0, max: 2000 }), ns: fc.nat(1000) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 3000, minLength: 1200 }), (steps) => {
        const tree = new CgroupTree();
        let total = 0;
        for (const [index, { path, ns }] of steps.entries()) {
          tree.remove(`/${path % 7}/${path}`, used(ns));
          total += ns;
          if (index % 100 === 0) expect(tree.report(new Map()).get('/')?.ns).toBe(total);
        }
        expect(tree.report(new Map()).get('/')?.ns).toBe(total);
      }),
      { numRuns: 10 },
    );
  });
});
