import { describe, expect, it } from 'vitest';
import { seededRandom } from '../maths/index.js';
import type { Account, FunctionAccount } from './account.js';
import { attribute } from './attribute.js';
import { type Reading, type Run, readingsOf, writtenTrace } from './testing/written-trace.js';

const seconds = (count: number, watts: (t: number) => number): Reading[] =>
  Array.from({ length: count }, (_, i) => [i + 1, watts(i + 1)]);

function named({ functions }: Account, name: string): FunctionAccount {
  const found = functions.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no function ${name}`);
  return found;
}

/** Runs of each function at random moments; functions of one group run together, always. */
function randomRuns(groups: readonly (readonly string[])[], seed: number, until: number): Run[] {
  const random = seededRandom(seed);
  return groups.flatMap((group) => {
    const runs: Run[] = [];
    for (let t = 60 + 15 * random.uniform(); t < until; t += 3 + 20 * random.uniform()) {
      const end = t + 1 + 4 * random.uniform();
      runs.push(...group.map((name): Run => [name, t, end]));
      t = end;
    }
    return runs;
  });
}

/** Two functions of 10 and 5 W on a machine of 15 W. */
function twoApart(shift: number, everySeconds = 1): { account: Account; runs: Run[] } {
  const runs = randomRuns([['heavy'], ['light']], 5, 800).map(
    ([name, start, end]): Run => [name, start + shift, end + shift],
  );
  const random = seededRandom(1);
  const readings = readingsOf(
    runs,
    { heavy: 10, light: 5 },
    {
      idleWatts: 15,
      from: shift,
      to: shift + 820,
      everySeconds,
      noise: () => 0.1 * random.normal(),
    },
  );
  return { account: attribute(writtenTrace(readings, runs)), runs };
}

function expectTwoApart({ account, runs }: ReturnType<typeof twoApart>, part: number): void {
  for (const [name, watts] of [
    ['heavy', 10],
    ['light', 5],
  ] as const) {
    const own = runs.filter(([each]) => each === name);
    const truth = (watts * own.reduce((sum, [, start, end]) => sum + end - start, 0)) / own.length;
    const { marginalJoules = Number.NaN } = named(account, name);
    expect(Math.abs(marginalJoules / truth - 1)).toBeLessThan(part);
  }
}

describe('an account of next to nothing', () => {
  it('of one tick can be made, and claims to know nothing of who took what', () => {
    const account = attribute(writtenTrace([[1, 50]], [['a', 0, 1]]));
    expect(account.shares.measuredJoules).toBe(50);
    expect(account.findings.map(({ code }) => code)).not.toContain('gaps-filled');
    const { individualJoules, individualErrorJoules, marginalErrorJoules, remark } = named(account, 'a');
    // Anything from nothing to all of it.
    expect(individualErrorJoules).toBeGreaterThan(Math.max(individualJoules, 50 - individualJoules));
    expect(marginalErrorJoules).toBeGreaterThan(25);
    expect(remark).toMatch(/tells next to nothing/);
    expect(account.provenance['functions.a.individual_j']?.reason).toBe(remark);
    expect(account.provenance.idle_w?.reason).toMatch(/never seen at rest/);
    expect(account.provenance.lag_s?.reason).toMatch(/too short/);
    expect(account).not.toHaveProperty('lagSeconds');
    expect(account).not.toHaveProperty('r2');
  });

  it('of one tick with known idle power knows the sum, and not how it is divided', () => {
    const runs: Run[] = [
      ['a', 0.2, 0.7],
      ['b', 0.1, 0.3],
    ];
    const account = attribute(writtenTrace([[1, 50]], runs, { idleWatts: 20 }));
    expect(account.shares.individualJoules).toBeCloseTo(30, 9);
    expect(account.shares.idleJoules).toBeCloseTo(20, 9);
    for (const { individualJoules, individualErrorJoules } of account.functions)
      expect(individualErrorJoules).toBeGreaterThan(individualJoules / 2);
  });

  it('of power without work leaves it with nobody', () => {
    const account = attribute(
      writtenTrace(
        seconds(100, (t) => 20 + (t % 3)),
        [],
      ),
    );
    expect(account.functions).toEqual([]);
    expect(account.shares.unattributedJoules).toBeCloseTo(account.shares.measuredJoules, 6);
    expect(account.idleWatts).toBeCloseTo(21, 0);
  });

  it('of work outside the time of the power says so', () => {
    const runs: Run[] = [
      ['before', -20, -10],
      ['after', 500, 501],
    ];
    const account = attribute(
      writtenTrace(
        seconds(100, () => 20),
        runs,
      ),
    );
    expect(account.functions).toEqual([]);
    expect(account.findings).toContainEqual(
      expect.objectContaining({ code: 'invocations-outside', count: 2 }),
    );
  });

  it('of work without power is refused', () => {
    const runs: Run[] = [['a', 0, 5]];
    expect(() => attribute(writtenTrace([], runs))).toThrow(
      'no power of the whole machine is on record: the record has no rows',
    );
    expect(() =>
      attribute(
        writtenTrace(
          seconds(9, () => Number.NaN),
          runs,
        ),
      ),
    ).toThrow('9 of 9 readings of system power are blank');
    // All of it from before the work.
    const before: Reading[] = Array.from({ length: 50 }, (_, i) => [i - 100, 20]);
    expect(() => attribute(writtenTrace(before, runs))).toThrow(/^power is on record up to -51 s/);
  });

  it('of more ticks than there is memory for is refused', () => {
    const readings: Reading[] = [
      [1, 20],
      [2, 20],
      [1e12, 20],
    ];
    expect(() => attribute(writtenTrace(readings, [['a', 0, 1]]))).toThrow(/ticks of 1 s; up to 10000000/);
  });

  it('of a power that never moves says that it tells nothing of functions', () => {
    const runs = Array.from({ length: 100 }, (_, i): Run => [i % 2 ? 'a' : 'b', 3 * i, 3 * i + 1 + (i % 3)]);
    const account = attribute(
      writtenTrace(
        seconds(300, () => 50),
        runs,
      ),
    );
    expect(account.findings).toContainEqual(
      expect.objectContaining({
        code: 'power-flat',
        message: expect.stringContaining('never moves from 50 W'),
      }),
    );
    expect(account).not.toHaveProperty('r2');
    expect(account.shares.measuredJoules).toBeCloseTo(15000, 6);
  });
});

describe('functions that the power tells little of', () => {
  const together = randomRuns([['a', 'b'], ['c']], 3, 700);
  const random = seededRandom(2);
  const readings = readingsOf(
    together,
    { a: 10, b: 5, c: 8 },
    {
      idleWatts: 15,
      from: 0,
      to: 720,
      noise: () => 0.2 * random.normal(),
    },
  );

  it('and that always run together have no marginal energy of their own, but a sum', () => {
    const account = attribute(writtenTrace(readings, together));
    for (const [name, other] of ['ab', 'ba']) {
      const one = named(account, name ?? '');
      expect(one).not.toHaveProperty('marginalJoules');
      expect(one).not.toHaveProperty('marginalErrorJoules');
      expect(one.remark).toBe(`always ran together with ${other}`);
      expect(account.provenance[`functions.${name}.marginal_j`]).toMatchObject({ reason: one.remark });
    }
    expect(named(account, 'c')).toHaveProperty('marginalJoules');
    expect(account.groups).toHaveLength(1);
    const [group] = account.groups;
    expect(group?.functions).toEqual(['a', 'b']);
    const ran = together
      .filter(([name]) => name === 'a')
      .reduce((sum, [, start, end]) => sum + end - start, 0);
    expect(Math.abs((group?.individualJoules ?? 0) / (15 * ran) - 1)).toBeLessThan(0.03);
  });

  it('and that run once, for 10 ms, beside others get next to nothing, with an error as large', () => {
    const rare: Run[] = [...together, ['rare', 333.3, 333.31]];
    const account = attribute(writtenTrace(readings, rare));
    const {
      individualJoules,
      marginalJoules = Number.NaN,
      individualErrorJoules,
      invocations,
      remark,
    } = named(account, 'rare');
    expect(invocations).toBe(1);
    expect(individualJoules).toBeLessThan(0.5);
    expect(marginalJoules).toBeLessThan(0.5);
    expect(individualErrorJoules).toBeGreaterThan(individualJoules / 3);
    expect(remark).toMatch(/next to nothing/);
  });

  it('and that never run alone are told apart by when they run beside others', () => {
    const random = seededRandom(9);
    const base: Run[] = [['base', 60, 760]];
    const beside = randomRuns([['x'], ['y']], 4, 750);
    const runs = [...base, ...beside];
    const account = attribute(
      writtenTrace(
        readingsOf(
          runs,
          { base: 20, x: 10, y: 4 },
          {
            idleWatts: 15,
            from: 0,
            to: 800,
            noise: () => 0.2 * random.normal(),
          },
        ),
        runs,
      ),
    );
    expect(account.groups).toEqual([]);
    for (const [name, watts] of [
      ['x', 10],
      ['y', 4],
    ] as const) {
      const {
        marginalJoules = Number.NaN,
        marginalErrorJoules = 0,
        meanLatencySeconds,
      } = named(account, name);
      expect(Math.abs(marginalJoules - watts * meanLatencySeconds)).toBeLessThan(
        3 * marginalErrorJoules + 0.05 * watts * meanLatencySeconds,
      );
    }
  });

  it('keep their names, whatever these are', () => {
    const names = ['__proto__', 'constructor', ''];
    const runs = names.flatMap((name, i): Run[] => [
      [name, 10 + 9 * i, 14 + 9 * i],
      [name, 45 + 7 * i, 50 + 7 * i],
    ]);
    const account = attribute(
      writtenTrace(readingsOf(runs, { constructor: 5, '': 9 }, { idleWatts: 15, from: -40, to: 100 }), runs),
    );
    expect(account.functions.map(({ name, invocations }) => [name, invocations])).toEqual(
      names.map((name) => [name, 2]),
    );
  });
});

describe('records of unusual times', () => {
  it('may have been begun at any moment: the account begins with the power', () => {
    const { account, runs } = twoApart(1e9);
    expectTwoApart({ account, runs }, 0.08);
    expect(account.windowSeconds).toBe(820);
    expect(account.shares).toMatchObject({ unattributedJoules: expect.any(Number) });
    expect(account.course.t[0]).toBe(1e9 + 1);
    expect(account.lagSeconds).toBeCloseTo(0, 0);
  });

  it.each([0.1, 5])('may have a sample every %s s', (everySeconds) => {
    expectTwoApart(twoApart(0, everySeconds), everySeconds > 1 ? 0.25 : 0.08);
  });

  it('may have a lag that is given and beyond all that would be looked for', () => {
    const { runs } = twoApart(0);
    const readings = readingsOf(runs, { heavy: 10, light: 5 }, { idleWatts: 15, from: 0, to: 820 }).map(
      ([t, watts]): Reading => [t + 100, watts],
    );
    const account = attribute(writtenTrace(readings, runs), { lagSeconds: 100 });
    expectTwoApart({ account, runs }, 0.08);
    expect(account.lagSeconds).toBe(100);
  });
});
