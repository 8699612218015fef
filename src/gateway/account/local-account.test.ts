import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../base/index.js';
import { attribute, OnlineAccount } from '../../footprint/index.js';
import { readTrace } from '../../lab/index.js';
import type { FootprintWindow } from '../../model/index.js';
import type { AccountTick } from './account.js';
import type { LocalAccount } from './local-account.js';
import { MemoryStore } from './store/memory-store.js';
import { AccountMachine } from './testing/account-machine.js';

const sum = (
  window: Pick<
    FootprintWindow,
    'individualJoules' | 'controlPlaneJoules' | 'idleJoules' | 'unattributedJoules'
  >,
) => window.individualJoules + window.controlPlaneJoules + window.idleJoules + window.unattributedJoules;

async function opened(idleWatts: number | undefined = 10) {
  const machine = new AccountMachine();
  machine.rapl.idle = idleWatts;
  const account = await machine.open();
  const windows: FootprintWindow[] = [];
  account.onUpdate((window) => windows.push(window));
  await machine.pass(1);
  return { machine, account, windows, start: machine.clock.wall() };
}

/** One call of a function that uses so much of the processor, in the second that follows. */
function ran(
  machine: AccountMachine,
  account: LocalAccount,
  name: string,
  seconds: number,
  cpu: number,
): void {
  const [key, at] = [machine.key(), machine.clock.wall()];
  account.began(key, name, at);
  machine.work(`${name}1`, cpu);
  account.ended(key, machine.call(name, at, at + seconds, { cpuSeconds: cpu }));
}

describe('the live account', () => {
  it('gives functions their energy, window by window, and keeps every joule', async () => {
    const { machine, account, start } = await opened();
    account.replicaStarted(machine.replica('a1', 'a'));
    account.replicaStarted(machine.replica('b1', 'b'));
    for (let second = 0; second < 10; second++) {
      ran(machine, account, 'a', 0.75, 0.5);
      if (second % 2 === 0) ran(machine, account, 'b', 0.5, 0.25);
      machine.work('gateway', 0.05);
      await machine.pass(1);
    }
    await machine.pass(1);
    const footprints = await account.footprints({ from: start, to: start + 10 });
    expect(footprints).toMatchObject({ from: start, to: start + 10, kind: 'shapley' });
    const { shares, functions } = footprints;
    // 10 s of 10 W idle, and 20 J for each of 10 · 0.55 + 5 · 0.25 CPU seconds.
    expect(shares.measuredJoules).toBeCloseTo(100 + 20 * 6.75, 9);
    expect(sum(shares)).toBeCloseTo(shares.measuredJoules, 9);
    const [a, b] = functions;
    expect(a).toMatchObject({ function: 'a', calls: 10, errors: 0, cold: 0 });
    expect(b).toMatchObject({ function: 'b', calls: 5 });
    expect(a?.meanSeconds).toBeCloseTo(0.75, 5);
    expect(a?.operationalGrams).toBeCloseTo(((a?.totalJoules ?? 0) / 3.6e6) * 360, 12);
    const { calls } = await account.calls({ limit: 100 });
    expect(calls).toHaveLength(15);
    const given = calls.reduce((total, { energy }) => total + (energy?.joules ?? Number.NaN), 0);
    expect(given).toBeCloseTo(shares.individualJoules, 6);
    await account.close();
  });

  it('tells what work costs at once, and what calls are expected to take', async () => {
    const { machine, account } = await opened();
    account.replicaStarted(machine.replica('a1', 'a'));
    ran(machine, account, 'a', 0.5, 0.5);
    const ticks: AccountTick[] = [];
    const end = account.onTick((tick) => ticks.push(tick));
    await machine.pass(1);
    expect(ticks).toMatchObject([
      { at: machine.clock.wall(), seconds: 1, watts: 20, idleWatts: 10, busyCpus: 0.5, functions: [] },
    ]);
    expect(account.tick?.rate).toEqual({ joulesPerCpuSecond: 20, source: 'rapl', provenance: 'measured' });
    // A tick without work says nothing of what work costs.
    await machine.pass(1);
    expect(account.tick?.rate?.joulesPerCpuSecond).toBe(20);
    end();
    await machine.pass(4);
    expect(ticks).toHaveLength(2);
    expect(account.tick?.functions).toMatchObject([{ function: 'a', meanSeconds: 0.5 }]);
    const { functions } = await account.footprints({ from: 0, to: 1e10 });
    const { wattsPerCall = Number.NaN } = account.tick?.functions[0] ?? {};
    expect(functions[0]?.marginalJoulesPerCall).toBe(wattsPerCall * 0.5);
    await account.close();
  });

  it('counts what the kind of footprint is about', async () => {
    const { machine, account } = await opened();
    account.replicaStarted(machine.replica('a1', 'a'));
    ran(machine, account, 'a', 1, 0.5);
    machine.work('gateway', 0.1);
    await machine.pass(7);
    const total = async (kind?: 'individual' | 'operational' | 'individual+idle'): Promise<number> => {
      const query = { from: 0, to: 1e10, ...(kind && { kind }) };
      return (await account.footprints(query)).functions[0]?.totalJoules ?? Number.NaN;
    };
    const row = (await account.footprints({ from: 0, to: 1e10 })).functions[0];
    if (row === undefined) throw new Error('there is no function');
    const { individualJoules, controlPlaneJoules, idleJoules } = row;
    expect(controlPlaneJoules).toBeGreaterThan(0);
    expect(await total()).toBe(individualJoules + controlPlaneJoules + idleJoules);
    expect(await total('individual')).toBe(individualJoules);
    expect(await total('individual+idle')).toBe(individualJoules + idleJoules);
    await expect(account.footprints({ from: 0, to: 1, kind: 'work' })).rejects.toMatchObject({
      code: 'bad_input',
    });
    const nothing = await account.footprints({ from: 5, to: 6, function: 'b' });
    expect(nothing).toMatchObject({ from: 5, to: 6, functions: [], shares: { measuredJoules: 0 } });
    await account.close();
  });

  it('neither loses nor makes a joule, whatever runs, fails and sleeps', async () => {
    // As clocks tell it: whole microseconds.
    const amount = fc.integer({ min: 0, max: 1_000_000 }).map((microseconds) => microseconds / 1e6);
    const second = fc.record({
      length: fc.constantFrom(1, 1, 1, 1, 0.5, 3.2, 17),
      cpu: fc.array(fc.tuple(fc.constantFrom('a', 'b', 'gateway', 'os', 'wattloop'), amount)),
      silent: fc.boolean(),
      calls: fc.array(
        fc.tuple(
          fc.constantFrom('a', 'b', 'c'),
          fc.integer({ min: 0, max: 4_000 }).map((milliseconds) => milliseconds / 1e3),
        ),
        {
          maxLength: 4,
        },
      ),
      set: fc.constantFrom(0, 0, 0, 0, 0, 7.3, -100, 86_400),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(second, { maxLength: 25 }), fc.boolean(), async (seconds, knowsIdle) => {
        const machine = new AccountMachine(new SettableClock());
        machine.rapl.idle = knowsIdle ? 10 : undefined;
        const account = await machine.open();
        const windows: FootprintWindow[] = [];
        account.onUpdate((window) => windows.push(window));
        const calls: unknown[] = [];
        account.onCalls((settled) => calls.push(...settled));
        for (const name of ['a', 'b']) account.replicaStarted(machine.replica(name, name));
        await machine.pass(1, 10);
        const before = machine.rapl.joules.get('package') ?? 0;
        for (const { length, cpu, silent, calls: began, set } of seconds) {
          (machine.clock as SettableClock).set(set);
          machine.rapl.silent.clear();
          if (silent) machine.rapl.silent.add('all');
          for (const [who, amount] of cpu) machine.work(who, amount);
          for (const [name, took] of began) {
            const [key, at] = [machine.key(), machine.clock.wall()];
            account.began(key, name, at);
            if (took < 3) account.ended(key, machine.call(name, at, at + took));
          }
          await machine.sleep(length, 10);
        }
        machine.rapl.silent.clear();
        await machine.pass(2, 10);
        await account.close();
        const drawn = (machine.rapl.joules.get('package') ?? 0) - before;
        const measured = windows.reduce((total, window) => total + window.measuredJoules, 0);
        for (const window of windows) expect(sum(window)).toBeCloseTo(window.measuredJoules, 6);
        expect(measured).toBeLessThanOrEqual(drawn + 1e-6);
        // What is left is in the tick that was not over when the account ended.
        expect(drawn - measured).toBeLessThan(10 * 2 + 1e-6);
        const ended = seconds.flatMap((each) => each.calls.filter(([, took]) => took < 3)).length;
        expect(calls).toHaveLength(ended);
      }),
      { numRuns: 60 },
    );
  });

  it('knows whose it was when a replica came and went between two ticks', async () => {
    const { machine, account, windows } = await opened();
    account.replicaStarted(machine.replica('a1', 'a'));
    ran(machine, account, 'a', 0.5, 0.5);
    account.replicaEnded('a1', 0.5);
    await machine.pass(7);
    expect(windows[0]?.functions).toMatchObject([{ function: 'a', calls: 1, cpuSeconds: 0.5 }]);
    expect(windows[0]?.functions[0]?.individualJoules).toBeCloseTo(10, 6);
    await account.close();
  });

  it('goes on by the new time when the clock is set, with the calls that run', async () => {
    const clock = new SettableClock();
    const machine = new AccountMachine(clock);
    machine.rapl.idle = 10;
    const account = await machine.open();
    const windows: FootprintWindow[] = [];
    account.onUpdate((window) => windows.push(window));
    account.replicaStarted(machine.replica('a1', 'a'));
    await machine.pass(1);
    const start = clock.wall();
    account.began(1, 'a', start);
    machine.work('a1', 1);
    await machine.pass(2);
    clock.set(3_600);
    machine.work('a1', 1);
    await machine.pass(3);
    account.ended(1, machine.call('a', start, clock.wall()));
    await machine.pass(3);
    expect(windows).toMatchObject([
      { from: start, to: start + 2 },
      { from: start + 3_602, to: start + 3_607 },
    ]);
    const { calls } = await account.calls({ limit: 10 });
    expect(calls[0]?.energy?.joules).toBeCloseTo(40, 6);
    expect(machine.warnings).toEqual(['the clock was set: the account goes on by its new time']);
    await account.close();
  });

  it('books what a source tells late as nobody’s', async () => {
    const { machine, account, windows } = await opened();
    machine.rapl.silent.add('all');
    await machine.pass(3);
    machine.rapl.silent.clear();
    await machine.pass(3);
    expect(windows).toMatchObject([{ measuredJoules: 50 }]);
    expect(windows[0]?.unattributedJoules).toBeGreaterThanOrEqual(30 - 1e-9);
    await account.close();
  });

  it('settles the last, shorter window when it ends', async () => {
    const { machine, account, windows, start } = await opened();
    account.replicaStarted(machine.replica('a1', 'a'));
    ran(machine, account, 'a', 0.5, 0.5);
    await machine.pass(2);
    await account.close();
    expect(windows).toMatchObject([{ from: start, to: start + 2, functions: [{ function: 'a', calls: 1 }] }]);
  });

  it('gives a window that can’t be shared out to nobody, and says so', async () => {
    const machine = new AccountMachine();
    machine.rapl.idle = 10;
    const account = await machine.open({
      account: {
        advance: () => {
          throw new Error('no');
        },
        toJSON: () => new OnlineAccount().toJSON(),
      },
    });
    await machine.pass(7);
    expect((await account.footprints({ from: 0, to: 1e10 })).shares).toMatchObject({
      measuredJoules: 50,
      unattributedJoules: 50,
    });
    expect(machine.warnings).toHaveLength(1);
    await account.close();
  });

  it('is ill when it does not tick, or when what it has can’t be kept', async () => {
    const machine = new AccountMachine();
    const store = new MemoryStore('the disk is full');
    const account = await machine.open({ store });
    await machine.pass(2);
    expect(account.ailment()).toBe('the disk is full');
    expect(account.metrics()).toContain('wattloop_accounted_joules_total');
    machine.clock.advance(0.5);
    machine.monitorFails = true;
    await machine.pass(7);
    expect(account.ailment()).toContain('last tick was');
    expect(account.metrics()).toBeUndefined();
    machine.monitorFails = false;
    await machine.pass(1);
    expect(account.ailment()).toBe('the disk is full');
    await account.close();
  });

  it('does not let one listener keep the others from being told', async () => {
    const { machine, account } = await opened();
    let told = 0;
    account.onTick(() => {
      throw new Error('no');
    });
    account.onTick(() => told++);
    await machine.pass(2);
    expect(told).toBe(2);
    await account.close();
  });

  it('is the same told again: a trace of it, replayed window by window, gives the same figures', async () => {
    const { machine, account, start } = await opened();
    for (const name of ['a', 'b']) account.replicaStarted(machine.replica(`${name}1`, name));
    const directory = join(mkdtempSync(join(tmpdir(), 'trace-')), 'live');
    const recording = await account.recordTrace(directory);
    for (let second = 0; second < 40; second++) {
      ran(machine, account, 'a', 0.3, 0.2 + 0.01 * second);
      if (second % 3 === 0) ran(machine, account, 'b', 2.5, 0.4);
      machine.work('os', 0.1);
      machine.work('gateway', 0.02);
      await machine.pass(1);
    }
    await machine.pass(1);
    await recording.stop();
    const range = { from: start, to: start + 40 };
    const live = await account.footprints(range);
    const kept = await account.trace(range);
    const recorded = await readTrace(directory);
    expect(recorded.power).toEqual(kept.power);
    expect(kept.invocations.start).toHaveLength(54);
    for (const trace of [kept, recorded]) {
      const replayed = attribute(trace, { mode: 'online', updateSeconds: 5 });
      expect(replayed.shares.measuredJoules).toBeCloseTo(live.shares.measuredJoules, 6);
      expect(replayed.shares.unattributedJoules).toBeCloseTo(live.shares.unattributedJoules, 6);
      for (const row of live.functions) {
        const account = replayed.functions.find(({ name }) => name === row.function);
        const whole = (account?.individualJoules ?? Number.NaN) * (account?.invocations ?? 0);
        expect(Math.abs(whole / row.individualJoules - 1)).toBeLessThan(0.001);
      }
    }
    await account.close();
  });
});

/** A clock whose wall time a test sets. */
class SettableClock extends ManualClock {
  #offset = 0;

  set(by: number): void {
    this.#offset += by;
  }

  override wall(): number {
    return super.wall() + this.#offset;
  }
}
