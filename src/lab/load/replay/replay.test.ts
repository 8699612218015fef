import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LoadDescription } from '../load-description.js';
import { type PreparedLoad, prepareLoad } from '../prepare-load.js';
import { dealFunctions } from './deal-functions.js';

const folder = mkdtempSync(join(tmpdir(), 'load-replay-'));
function file(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}
const prepared = (trace: string, more: Partial<LoadDescription> = {}): Promise<PreparedLoad> =>
  prepareLoad({ gateway: 'http://127.0.0.1:8080', forAll: {}, functions: [], trace, ...more });

function calls({ replay, plan }: PreparedLoad): [at: number, name: string | undefined][] {
  const all: [number, string | undefined][] = [];
  for (; replay !== undefined && replay.at < Number.POSITIVE_INFINITY; replay.advance())
    all.push([Number(replay.at.toFixed(6)), plan.targets[replay.target]?.name]);
  return all;
}

/** A day of two functions: `counts[minute]` calls, 0 beyond. */
const day = (counts: Readonly<Record<string, readonly number[]>>): string[] => [
  `HashOwner,HashApp,HashFunction,Trigger,${Array.from({ length: 1440 }, (_, minute) => minute + 1).join(',')}`,
  ...Object.entries(counts).map(
    ([name, of]) =>
      `o,a,${name},http,${Array.from({ length: 1440 }, (_, minute) => of[minute] ?? 0).join(',')}`,
  ),
];

describe('a replayed trace', () => {
  const invocations = file('invocations.csv', [
    'function,start,end',
    'b,12,13',
    'a,10,11',
    'a,14.5,15',
    'b,20,',
  ]);

  it('calls each function when it was called, from the first call on', async () => {
    const load = await prepared(invocations);
    expect(calls(load)).toEqual([
      [0, 'a'],
      [2, 'b'],
      [4.5, 'a'],
      [10, 'b'],
    ]);
    expect(load.plan.durationSeconds).toBeCloseTo(10, 9);
    expect(load.plan.targets.map(({ url }) => url.pathname).sort()).toEqual(['/function/a', '/function/b']);
  });

  it('may be a trace directory, go faster, begin later and end sooner', async () => {
    const load = await prepared(folder, { speed: 2, skipSeconds: 1, durationSeconds: 2 });
    expect(calls(load)).toEqual([
      [0.5, 'b'],
      [1.75, 'a'],
    ]);
  });

  it('may stand for functions of other names, and says what is left out', async () => {
    const dealt = await prepared(invocations, { functions: [{ name: 'x' }] });
    expect(calls(dealt).map(([, name]) => name)).toEqual(['x', 'x', 'x', 'x']);
    const own = await prepared(invocations, { functions: [{ name: 'x', traceFunction: 'b' }] });
    expect(calls(own).map(([at]) => at)).toEqual([2, 10]);
    expect(own.findings).toEqual([
      '2 calls of 1 functions of the trace are left out: no function stands for them',
    ]);
  });

  it('of Azure in 2019 has as many calls in each minute, at moments that the seed settles', async () => {
    const path = file('2019.csv', day({ f1: [3, 0, 40], f2: [5, 7] }));
    const load = await prepared(path, { seed: 3 });
    const all = calls(load);
    const inMinute = (name: string, minute: number): number =>
      all.filter(([at, of]) => of === name && Math.floor(at / 60) === minute).length;
    expect([inMinute('f1', 0), inMinute('f1', 1), inMinute('f1', 2)]).toEqual([3, 0, 40]);
    expect([inMinute('f2', 0), inMinute('f2', 1), inMinute('f2', 2)]).toEqual([5, 7, 0]);
    expect(all).toEqual([...all].sort(([a], [b]) => a - b));
    expect(calls(await prepared(path, { seed: 3 }))).toEqual(all);
    expect(calls(await prepared(path, { seed: 4 }))).not.toEqual(all);
    expect(load.plan.durationSeconds).toBe(180);
    // The second minute alone, ten times as fast.
    const part = calls(await prepared(path, { skipSeconds: 60, durationSeconds: 6, speed: 10 }));
    expect(part).toHaveLength(7);
    expect(part.every(([at]) => at < 6)).toBe(true);
  });

  it('of Azure in 2021 has a row a call, with its end and how long it took', async () => {
    const path = file('2021.txt', [
      'app,func,end_timestamp,duration',
      'p,f,100.5,0.5',
      'p,g,102,1.25',
      'p,f,101,0.1',
    ]);
    expect(calls(await prepared(path))).toEqual([
      [0, 'f'],
      [0.75, 'g'],
      [0.9, 'f'],
    ]);
  });

  it('can be thinned out', async () => {
    const path = file('thin.csv', day({ f: [20_000] }));
    const count = calls(await prepared(path, { sample: 0.25 })).length;
    expect(count).toBeGreaterThan(4_500);
    expect(count).toBeLessThan(5_500);
  });

  it.each([
    ['no-such', /there is no such file or folder/],
    [file('words.csv', ['function,begin', 'a,1']), /words.csv, line 1: no column "start"/],
    [file('bad.csv', ['function,start', 'a,1', 'b,x']), /bad.csv, line 3: start is "x", which is no number/],
    [file('none.csv', ['function,start']), /nothing is called in that time/],
    [
      file('half.csv', [...day({ f: [1] }).slice(0, 1), `o,a,f,http,${Array(1440).fill('1.5').join(',')}`]),
      /half.csv, line 2: 1.5 calls/,
    ],
  ])('that is none is refused: %s', async (path, message) => {
    await expect(prepared(path)).rejects.toThrow(message);
  });
});

describe('dealing functions', () => {
  it('gives the most called to each in turn', () => {
    const functions = [
      { name: 'seldom', calls: 1 },
      { name: 'most', calls: 9 },
      { name: 'never', calls: 0 },
      { name: 'often', calls: 5 },
    ];
    expect([...dealFunctions(functions, [{ name: 'x' }, { name: 'y' }])]).toEqual([0, 0, -1, 1]);
    expect([...dealFunctions(functions, [{ name: 'x', traceFunction: 'often' }, { name: 'y' }])]).toEqual([
      1, 1, -1, 0,
    ]);
    expect([...dealFunctions(functions, [{ name: 'often' }])]).toEqual([-1, -1, -1, 0]);
  });

  it('leaves nothing out where anybody is free', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(9), { minLength: 1 }),
        fc.integer({ min: 1, max: 5 }),
        (counts, targets) => {
          const dealt = dealFunctions(
            counts.map((calls, index) => ({ name: `f${index}`, calls })),
            Array.from({ length: targets }, (_, index) => ({ name: `t${index}` })),
          );
          for (const [index, target] of dealt.entries()) {
            if ((counts[index] ?? 0) > 0) expect(target).toBeGreaterThanOrEqual(0);
            expect(target).toBeLessThan(targets);
          }
        },
      ),
    );
  });
});
