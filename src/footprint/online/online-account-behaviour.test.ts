import { describe, expect, test } from 'vitest';
import { type Random, seededRandom } from '../../maths/index.js';
import type { AccountWindow, FunctionWindowAccount, WindowAccount } from './account-window.js';
import { OnlineAccount } from './online-account.js';
import { type ToldCall, type ToldWindow, toldWindow } from './testing/told-window.js';

const FLOOR_WATTS = 12;
/** A machine with a floor whose processors all draw alike, but those of `hot`. */
const wattsOf = (busy: ReadonlyMap<string, number>, presence: number): number =>
  FLOOR_WATTS * presence + [...busy].reduce((sum, [name, cpus]) => sum + cpus * (name === 'hot' ? 9 : 5), 0);

/** Calls that come by chance, each of half a second to two. */
function calls(random: Random, names: readonly string[], start: number, ticks: number, cpus = 1): ToldCall[] {
  return names.flatMap((name) =>
    Array.from({ length: Math.ceil((ticks * (0.3 + random.uniform())) / 2) }, () => {
      const from = start + ticks * random.uniform();
      return { name, from, to: Math.min(start + ticks, from + 0.5 + 1.5 * random.uniform()), cpus };
    }),
  );
}

const minute = (told: Partial<ToldWindow> & Pick<ToldWindow, 'calls'>): AccountWindow =>
  toldWindow({ start: 0, ticks: 60, idleWatts: 20, watts: wattsOf, ...told });

const named = ({ functions }: WindowAccount, name: string): FunctionWindowAccount => {
  const found = functions.find((each) => each.function === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
};

/** An account that has seen ten minutes of some functions. */
function seasoned(
  names: readonly string[],
  usage = true,
): { online: OnlineAccount; random: Random; at: number } {
  const [online, random] = [new OnlineAccount(), seededRandom(4)];
  for (let k = 0; k < 10; k++)
    online.advance(minute({ start: 60 * k, calls: calls(random, names, 60 * k, 60), usage }));
  return { online, random, at: 600 };
}

describe('OnlineAccount', () => {
  test('finds the floor, and what each draws beyond it', () => {
    const { online, random, at } = seasoned(['a', 'b', 'hot']);
    const account = online.advance(minute({ start: at, calls: calls(random, ['a', 'b', 'hot'], at, 60) }));
    expect(account.basis).toBe('processors');
    expect(account.floorWatts).toBeGreaterThan(0.85 * FLOOR_WATTS);
    expect(account.floorWatts).toBeLessThan(1.15 * FLOOR_WATTS);
    expect(named(account, 'a').wattsPerCall).toBeCloseTo(5, 0);
    expect(named(account, 'hot').wattsPerCall).toBeGreaterThan(8);
    const { individualJoules, floorJoules, cpuSeconds = 0 } = named(account, 'hot');
    expect((individualJoules - floorJoules) / cpuSeconds).toBeGreaterThan(8);
    expect(account.shares.unattributedJoules).toBeLessThan(0.01 * account.shares.measuredJoules);
  });

  test('charges calls that share processors with what the processors do, however long they take', () => {
    const online = new OnlineAccount();
    const random = seededRandom(1);
    let account: WindowAccount | undefined;
    for (let k = 0; k < 10; k++) {
      // Six calls of `slow` at a time have one processor between them; `lone` has one of its own.
      const slow = Array.from({ length: 6 }, () => ({
        name: 'slow',
        from: 60 * k,
        to: 60 * k + 30,
        cpus: 1 / 6,
      }));
      account = online.advance(
        minute({ start: 60 * k, calls: [...slow, ...calls(random, ['lone'], 60 * k, 60)] }),
      );
    }
    if (account === undefined) throw new Error('no account');
    const [slow, lone] = [named(account, 'slow'), named(account, 'lone')];
    const byProcessor = ({ individualJoules, floorJoules, cpuSeconds = 0 }: FunctionWindowAccount): number =>
      (individualJoules - floorJoules) / cpuSeconds;
    expect(byProcessor(slow) / byProcessor(lone)).toBeGreaterThan(0.8);
    expect(byProcessor(slow) / byProcessor(lone)).toBeLessThan(1.25);
    expect(slow.wattsPerCall).toBeLessThan(lone.wattsPerCall / 4);
  });

  test('finds what a call draws beside the processor, and leaves it out of what processors draw', () => {
    const [online, random] = [new OnlineAccount(), seededRandom(8)];
    let account: WindowAccount | undefined;
    for (let k = 0; k < 6; k++) {
      const start = 60 * k;
      const own = calls(random, ['a', 'b'], start, 60);
      const trained = calls(random, ['train'], start, 60, 0.1);
      account = online.advance(
        minute({
          start,
          calls: [...own, ...trained],
          // Its calls keep a tenth of a processor busy, and draw 40 W on something else.
          watts: (busy, presence) => wattsOf(busy, presence) + 400 * (busy.get('train') ?? 0),
        }),
      );
    }
    if (account === undefined) throw new Error('no account');
    expect(Math.abs(named(account, 'train').wattsPerCall - 40.5)).toBeLessThan(2);
    expect(Math.abs(named(account, 'a').wattsPerCall - 5)).toBeLessThan(1);
    expect(Math.abs(account.floorWatts - FLOOR_WATTS)).toBeLessThan(3);
  });

  test('what calls usually take follows what they take now', () => {
    const online = new OnlineAccount();
    for (let k = 0; k < 60; k++) {
      const seconds = k < 30 ? 1 : 4;
      const told = Array.from({ length: 6 }, (_, i) => ({
        name: 'a',
        from: 60 * k + 10 * i,
        to: 60 * k + 10 * i + seconds,
        cpus: 1,
      }));
      online.advance(minute({ start: 60 * k, calls: told }));
    }
    expect(online.forecast('a')?.meanSeconds).toBeGreaterThan(3.7);
  });

  test('takes a newcomer for a usual function, and soon knows better', () => {
    const [online, random] = [new OnlineAccount(), seededRandom(6)];
    const noisy = (busy: ReadonlyMap<string, number>, presence: number): number =>
      wattsOf(busy, presence) + 3 * random.normal();
    const advance = (k: number, more: readonly ToldCall[], names: readonly string[]): WindowAccount =>
      online.advance(
        minute({ start: 60 * k, calls: [...calls(random, names, 60 * k, 60), ...more], watts: noisy }),
      );
    for (let k = 0; k < 10; k++) advance(k, [], ['a', 'b']);
    const first = advance(10, [{ name: 'hot', from: 610.2, to: 610.4, cpus: 1 }], ['a', 'b']);
    const early = named(first, 'hot');
    // A fifth of a second says next to nothing: it is what processors usually draw, give or take half.
    expect(Math.abs(early.wattsPerCall - 5)).toBeLessThan(1.5);
    expect(early.standardError).toBeGreaterThan(3 * (named(first, 'a').standardError ?? 0));
    let last = first;
    for (let k = 11; k < 18; k++) last = advance(k, [], ['a', 'b', 'hot']);
    const late = named(last, 'hot');
    expect(late.wattsPerCall).toBeGreaterThan(7.5);
    expect(late.standardError).toBeLessThan((early.standardError ?? 0) / 2);
  });

  test('of a function that is silent nothing is said but the forecast, which stays', () => {
    const { online, random, at } = seasoned(['a', 'hot']);
    const before = online.forecast('hot');
    const account = online.advance(
      minute({ start: at, calls: calls(random, ['a'], at, 60), known: ['hot'] }),
    );
    expect(account.functions.map((each) => each.function)).toEqual(['a']);
    const after = online.forecast('hot');
    expect(after?.meanSeconds).toBe(before?.meanSeconds);
    expect(after?.wattsPerCall).toBeGreaterThan(7);
    expect(online.forecast('nobody')).toBeUndefined();
  });

  test('one function alone has all there is', () => {
    const online = new OnlineAccount();
    const account = online.advance(minute({ calls: [{ name: 'a', from: 0, to: 60, cpus: 1 }] }));
    expect(named(account, 'a').individualJoules).toBeCloseTo(60 * (FLOOR_WATTS + 5), 6);
    expect(named(account, 'a').idleJoules).toBeCloseTo(60 * 20, 6);
    expect(named(account, 'a').operationalGrams).toBeCloseTo(((37 * 60) / 3.6e6) * 360, 9);
  });

  test('a window of one tick, and one of none', () => {
    const { online, at } = seasoned(['a']);
    const one = online.advance(
      minute({ start: at, ticks: 1, calls: [{ name: 'a', from: at + 0.5, to: at + 9, cpus: 1 }] }),
    );
    expect(one.shares.measuredJoules).toBeGreaterThan(20);
    expect(named(one, 'a').activations).toBe(1);
    const none = online.advance(minute({ start: at + 1, ticks: 0, calls: [], known: ['a'] }));
    expect(none.shares.measuredJoules).toBe(0);
  });

  test('a machine at rest owes nobody anything but idle', () => {
    const { online, at } = seasoned(['a', 'b']);
    online.advance(minute({ start: at, calls: [], known: ['a', 'b'] }));
    const resting = online.advance(
      minute({ start: at + 60, calls: [], known: ['a', 'b'], watts: () => 0.4 }),
    );
    expect(resting.functions).toEqual([]);
    expect(resting.shares.unattributedJoules).toBeCloseTo(60 * 20.4, 6);
  });

  test('without power there are no joules; what runs is remembered nevertheless', () => {
    const { online, random, at } = seasoned(['a']);
    const window = minute({ start: at, calls: calls(random, ['a'], at, 60) });
    const account = online.advance({ ...window, watts: new Float64Array(60).fill(Number.NaN) });
    expect(account.shares.measuredJoules).toBe(0);
    expect(named(account, 'a').individualJoules).toBe(0);
    expect(named(account, 'a').wattsPerCall).toBeCloseTo(5, 0);
    expect(account.entryJoules.every(Number.isNaN)).toBe(true);
    expect(account.findings.map(({ code, count }) => [code, count])).toEqual([['unmeasured-ticks', 60]]);
  });

  test('a gap may be filled by what the model says', () => {
    const online = new OnlineAccount({ fillGaps: true });
    const random = seededRandom(4);
    for (let k = 0; k < 5; k++)
      online.advance(minute({ start: 60 * k, calls: calls(random, ['a'], 60 * k, 60) }));
    const window = minute({ start: 300, calls: calls(random, ['a'], 300, 60) });
    const measured = window.watts.reduce((sum, watts) => sum + watts, 0);
    const gappy = {
      ...window,
      watts: window.watts.map((watts, tick) => (tick % 4 === 0 ? Number.NaN : watts)),
    };
    const { shares, findings } = online.advance(gappy);
    expect(Math.abs(shares.measuredJoules / measured - 1)).toBeLessThan(0.05);
    expect(findings.map(({ code, count }) => [code, count])).toEqual([['gaps-filled', 15]]);
  });

  test('while idle is unknown it is contained in what work draws, and no more once it is known', () => {
    const [online, random] = [new OnlineAccount(), seededRandom(2)];
    const unknown = online.advance(
      toldWindow({ start: 0, ticks: 60, watts: wattsOf, calls: [{ name: 'a', from: 0, to: 60, cpus: 1 }] }),
    );
    expect(named(unknown, 'a').idleJoules).toBe(0);
    expect(named(unknown, 'a').individualJoules).toBeCloseTo(60 * (20 + FLOOR_WATTS + 5), 6);
    expect(unknown.tickIdleJoules.every(Number.isNaN)).toBe(true);
    let known = unknown;
    for (let k = 1; k < 6; k++)
      known = online.advance(minute({ start: 60 * k, calls: calls(random, ['a', 'b'], 60 * k, 60) }));
    expect(known.floorWatts).toBeGreaterThan(0.8 * FLOOR_WATTS);
    expect(known.floorWatts).toBeLessThan(1.2 * FLOOR_WATTS);
  });

  test("what a function's processes do between its calls is its own, and makes it share no idle", () => {
    const { online, random, at } = seasoned(['a', 'b']);
    const window = minute({ start: at, calls: calls(random, ['a'], at, 60), known: ['b'] });
    const usage = new Map(window.cpuSeconds);
    usage.set('b', new Float64Array(60).fill(0.1));
    // The account before knew `b` as active a minute ago: this window is a minute, so that is over.
    const account = online.advance({
      ...window,
      cpuSeconds: usage,
      watts: window.watts.map((watts) => watts + 0.5),
    });
    const b = named(account, 'b');
    expect(b.activations).toBe(0);
    expect(b.cpuSeconds).toBeCloseTo(6, 9);
    expect(b.individualJoules).toBeGreaterThan(10);
    expect(b.idleJoules).toBe(0);
    expect(b.floorJoules).toBe(0);
  });

  test('shared principals have their own joules, and the functions that were invoked pay for them', () => {
    const [online, random] = [new OnlineAccount(), seededRandom(3)];
    let account: WindowAccount | undefined;
    for (let k = 0; k < 10; k++)
      account = online.advance(
        minute({
          start: 60 * k,
          calls: calls(random, ['a', 'b'], 60 * k, 60),
          shared: { 'control-plane': 0.4, wattloop: 0.05 },
        }),
      );
    if (account === undefined) throw new Error('no account');
    const own = account.principalJoules;
    expect(Object.keys(own)).toEqual(['control-plane', 'wattloop']);
    expect(own['control-plane']).toBeGreaterThan(60);
    const paid = account.functions.reduce((sum, each) => sum + each.controlPlaneJoules, 0);
    expect(paid).toBeCloseTo((own['control-plane'] ?? 0) + (own.wattloop ?? 0), 6);
  });

  test('a function may be called as a shared principal is', () => {
    const online = new OnlineAccount();
    const account = online.advance(
      minute({ calls: [{ name: 'os', from: 0, to: 30, cpus: 1 }], shared: { os: 0.1 } }),
    );
    expect(named(account, 'os').individualJoules).toBeGreaterThan(0);
    expect(account.principalJoules.os).toBeGreaterThan(0);
  });

  test('what nothing explains is nobody’s', () => {
    const { online, random, at } = seasoned(['a', 'b']);
    const window = minute({ start: at, calls: calls(random, ['a', 'b'], at, 60) });
    const spiked = {
      ...window,
      watts: window.watts.map((watts, tick) => (tick === 20 ? watts + 400 : watts)),
    };
    const { shares } = online.advance(spiked);
    expect(shares.unattributedJoules).toBeGreaterThan(100);
  });

  test('short windows share idle among all that were active in the last minute', () => {
    const [online, random] = [new OnlineAccount(), seededRandom(5)];
    const early = [{ name: 'early', from: 1, to: 2, cpus: 1 }];
    const accounts = Array.from({ length: 8 }, (_, k) =>
      online.advance(
        minute({
          start: 10 * k,
          ticks: 10,
          calls: [...(k === 0 ? early : []), ...calls(random, ['late'], 10 * k, 10)],
          known: ['early', 'late'],
        }),
      ),
    );
    const idleOf = (k: number): number[] =>
      accounts[k]?.functions.map((each) => Math.round(each.idleJoules)) ?? [];
    expect(idleOf(0)).toEqual([100, 100]);
    expect(idleOf(5)).toEqual([100, 100]);
    // Ten seconds later it is a minute ago.
    expect(accounts[6]?.functions.map((each) => each.function)).toEqual(['late']);
    expect(idleOf(6)).toEqual([200]);
  });

  test('every joule meets the intensity of its tick', () => {
    const online = new OnlineAccount();
    const window = minute({ calls: [{ name: 'a', from: 0, to: 60, cpus: 1 }] });
    const half = window.watts.map((_, tick) => (tick < 30 ? 100 : 500));
    const told = online.advance({ ...window, gramsPerKilowattHour: half, pue: 1.5 });
    expect(named(told, 'a').operationalGrams).toBeCloseTo(((37 * 60) / 3.6e6) * 300 * 1.5, 9);
    const unsaid = half.map((grams, tick) => (tick === 3 ? Number.NaN : grams));
    expect(
      named(new OnlineAccount().advance({ ...window, gramsPerKilowattHour: unsaid }), 'a').operationalGrams,
    ).toBeGreaterThan(0);
  });

  test.each<[string, (window: AccountWindow) => AccountWindow, RegExp]>([
    ['power', (window) => ({ ...window, watts: new Float64Array(3) }), /3 figures of watts for 60 ticks/],
    [
      'usage',
      (window) => ({ ...window, cpuSeconds: new Map([['a', new Float64Array(2)]]) }),
      /2 figures of cpuSeconds of a/,
    ],
    ['intensity', (window) => ({ ...window, gramsPerKilowattHour: Number.NaN }), /grid intensity/],
    [
      'running time',
      (window) => ({
        ...window,
        rows: { ...window.rows, seconds: window.rows.seconds.map(() => Number.NaN) },
      }),
      /ran for NaN s/,
    ],
    ['PUE', (window) => ({ ...window, pue: 0.5 }), /a PUE of 0.5/],
  ])('refuses a window whose %s is none', (_, spoil, message) => {
    const window = minute({ calls: [{ name: 'a', from: 0, to: 5, cpus: 1 }] });
    expect(() => new OnlineAccount().advance(spoil(window))).toThrow(message);
  });

  test('figures that can be none leave no trace', () => {
    const { online, random, at } = seasoned(['a', 'b']);
    const window = minute({ start: at, calls: calls(random, ['a', 'b'], at, 60) });
    const absurd = [1e308, Number.POSITIVE_INFINITY, -5, Number.NaN, 1e12];
    const odd = (values: Float64Array): Float64Array =>
      values.map((value, i) => (i < 20 ? value : (absurd[i % 5] ?? value)));
    const { shares } = online.advance({
      ...window,
      watts: odd(window.watts),
      idleWatts: odd(window.idleWatts),
      cpuSeconds: new Map(Array.from(window.cpuSeconds ?? [], ([name, seconds]) => [name, odd(seconds)])),
    });
    expect(shares.measuredJoules).toBeLessThan(20 * 60);
    const after = online.advance(minute({ start: at + 60, calls: calls(random, ['a', 'b'], at + 60, 60) }));
    expect(named(after, 'a').wattsPerCall).toBeCloseTo(5, 0);
    expect(after.floorWatts).toBeCloseTo(FLOOR_WATTS, -1);
  });

  test('a saved state that is none is refused', () => {
    const state = JSON.parse(JSON.stringify(seasoned(['a']).online));
    expect(() => new OnlineAccount({}, { ...state, version: 99 })).toThrow(/another version/);
    expect(() => new OnlineAccount({}, { ...state, model: { ...state.model, curve: {} } })).toThrow(/curve/);
  });
});
