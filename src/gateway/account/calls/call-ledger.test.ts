import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rows, WindowAccount } from '../../../footprint/index.js';
import type { AccountedCall, EnergyOrigin, ServedCall } from '../../../model/index.js';
import { CallLedger } from './call-ledger.js';
import { entryEnergies } from './entry-energies.js';

const ORIGIN: EnergyOrigin = { source: 'rapl', provenance: 'measured' };
const NOBODY = { names: [], shares: [] };

const call = (name: string, startedAt: number, endedAt: number, cpuSeconds?: number): ServedCall => ({
  id: `${name}-${startedAt}`,
  function: name,
  version: 'v',
  replica: 'r',
  attempt: 1,
  isAsync: false,
  arrivedAt: startedAt,
  startedAt,
  endedAt,
  cold: false,
  status: 'done',
  requestBytes: 0,
  responseBytes: 0,
  ...(cpuSeconds !== undefined && { cpuSeconds }),
});

/** An account in which every second that calls run costs so many joules, in each tick. */
function account(rows: Rows, joulesPerSecond: (tick: number) => number, idleJoules = 0): WindowAccount {
  const entryJoules = new Float64Array(rows.column.length);
  for (let tick = 0; tick < rows.count; tick++)
    for (let p = rows.rowStart[tick] ?? 0; p < (rows.rowStart[tick + 1] ?? 0); p++)
      entryJoules[p] = (rows.seconds[p] ?? 0) * joulesPerSecond(tick);
  const functions = rows.columns.map((name) => ({
    function: name,
    activations: 0,
    seconds: 0,
    individualJoules: 0,
    floorJoules: 0,
    controlPlaneJoules: 0,
    idleJoules,
    operationalGrams: 0,
    wattsPerCall: 0,
  }));
  const none = { measuredJoules: 0, individualJoules: 0, controlPlaneJoules: 0, idleJoules: 0 };
  return {
    functions,
    principalJoules: {},
    shares: { ...none, unattributedJoules: 0 },
    entryJoules,
    tickIdleJoules: new Float64Array(rows.count),
    predictedWatts: new Float64Array(rows.count),
    basis: 'calls',
    floorWatts: 0,
    tickControlPlaneJoules: new Float64Array(rows.count),
    findings: [],
  };
}

function settle(
  ledger: CallLedger,
  until: number,
  joulesPerSecond: (tick: number) => number = () => 1,
  idle?: number,
): AccountedCall[] {
  const rows = ledger.rows(until, NOBODY);
  const energies = entryEnergies(rows, account(rows, joulesPerSecond, idle), idle !== undefined);
  return [...ledger.settle(energies, ORIGIN)];
}

describe('the ledger of calls', () => {
  it('gives a call its part of every tick that it ran in', () => {
    const ledger = new CallLedger(0, 1);
    ledger.began(1, 'f', 0.5);
    ledger.ended(1, call('f', 0.5, 3.25));
    const done = settle(ledger, 5, (tick) => 10 * (tick + 1), 8);
    // Half of the first, the second and third, and a quarter of the fourth.
    expect(done).toMatchObject([{ energy: { joules: 5 + 20 + 30 + 10, idleJoules: 8, ...ORIGIN } }]);
  });

  it('adds up what a call had in several windows, and settles it when it is over', () => {
    const ledger = new CallLedger(0, 1);
    ledger.began(1, 'f', 0.5);
    expect(settle(ledger, 2)).toEqual([]);
    expect(settle(ledger, 4)).toEqual([]);
    ledger.ended(1, call('f', 0.5, 4.5));
    expect(settle(ledger, 6)).toMatchObject([{ energy: { joules: 4 } }]);
    expect(settle(ledger, 8)).toEqual([]);
  });

  it('leaves a call that ends after the window to the next one', () => {
    const ledger = new CallLedger(0, 1);
    ledger.began(1, 'f', 0);
    ledger.ended(1, call('f', 0, 2.5));
    expect(settle(ledger, 2)).toEqual([]);
    expect(settle(ledger, 4)).toMatchObject([{ energy: { joules: 2.5 } }]);
  });

  it('shares a tick by the calls’ own CPU time where all of them tell it, else by how long they ran', () => {
    const ledger = new CallLedger(0, 1);
    ledger.ended(1, call('f', 0, 1, 0.125));
    ledger.ended(2, call('f', 0, 1, 0.375));
    ledger.ended(3, call('g', 0, 1, 0.1));
    ledger.ended(4, call('g', 0, 0.5));
    const done = settle(ledger, 2, () => 10);
    expect(done.map(({ energy }) => energy?.joules)).toEqual([5, 15, 10, 5]);
  });

  it('tells no energy of calls that were told of too late, or that ran while nothing was measured', () => {
    const ledger = new CallLedger(0, 1);
    ledger.began(1, 'f', 0);
    settle(ledger, 2);
    ledger.ended(2, call('f', 0.5, 1));
    ledger.ended(3, call('f', 1.5, 2.5));
    ledger.ended(1, call('f', 0, 3));
    ledger.ended(4, call('g', 3.5, 4.5));
    const done = settle(ledger, 6, (tick) => (tick === 2 ? Number.NaN : 1));
    expect(done.map(({ id, energy }) => [id, energy])).toEqual([
      ['f-0.5', undefined],
      ['f-1.5', undefined],
      ['f-0', { joules: 3, ...ORIGIN }],
      ['g-3.5', undefined],
    ]);
  });

  it('gives a call without length its part', () => {
    const ledger = new CallLedger(0, 1);
    ledger.ended(1, call('f', 0.5, 0.5));
    expect(settle(ledger, 1, () => 1)).toMatchObject([{ energy: { joules: 0 } }]);
  });

  it('knows no energy where no source gives any', () => {
    const ledger = new CallLedger(0, 1);
    ledger.ended(1, call('f', 0, 1));
    const rows = ledger.rows(1, NOBODY);
    const done = ledger.settle(
      entryEnergies(
        rows,
        account(rows, () => Number.NaN),
        false,
      ),
      undefined,
    );
    expect([...done]).toEqual([call('f', 0, 1)]);
  });

  it('believes a list of what runs: others have ended, unheard', () => {
    const ledger = new CallLedger(0, 1);
    ledger.began(1, 'f', 0);
    ledger.began(2, 'g', 0);
    ledger.resume(
      [
        [2, 'g', 0],
        [3, 'h', 0.5],
      ],
      1,
    );
    const rows = ledger.rows(2, NOBODY);
    const seconds = new Map(rows.columns.map((name) => [name, 0]));
    rows.column.forEach((column, p) => {
      const name = rows.columns[column] ?? '';
      seconds.set(name, (seconds.get(name) ?? 0) + (rows.seconds[p] ?? 0));
    });
    expect(Object.fromEntries(seconds)).toEqual({ f: 1, g: 2, h: 1.5 });
  });

  it('goes on with what runs when the clock is set', () => {
    const ledger = new CallLedger(0, 1);
    ledger.began(1, 'f', 1);
    settle(ledger, 2);
    ledger.moveTo(1002, 1000);
    ledger.ended(1, call('f', 1001, 1003));
    expect(settle(ledger, 2)).toMatchObject([{ energy: { joules: 2 } }]);
  });

  it('settles what had ended shortly before the clock was set back', () => {
    const ledger = new CallLedger(5000, 1);
    ledger.began(1, 'f', 5002.25);
    settle(ledger, 2);
    ledger.ended(1, call('f', 5002.25, 5002.75));
    ledger.moveTo(2, -5000);
    expect(settle(ledger, 2)).toMatchObject([{ endedAt: 5002.75, energy: { joules: 0.5 } }]);
  });

  it('keeps calls beyond those that can wait for their energy, without any', () => {
    const ledger = new CallLedger(0, 1, 2);
    for (const start of [0, 0.25, 0.5, 0.75]) ledger.ended(start, call('f', start, start + 0.25));
    const done = settle(ledger, 1);
    expect(done.map(({ id, energy }) => [id, energy?.joules])).toEqual([
      ['f-0', 0.25],
      ['f-0.25', 0.25],
      ['f-0.5', undefined],
      ['f-0.75', undefined],
    ]);
    expect(ledger.unsettled).toBe(2);
    ledger.ended(5, call('f', 1, 1.5));
    expect(settle(ledger, 2)).toMatchObject([{ energy: { joules: 0.5 } }]);
  });

  it('gives calls all that their functions have, and never more', () => {
    const times = fc.record({
      name: fc.constantFrom('a', 'b', 'c'),
      start: fc.double({ min: 0, max: 9, noNaN: true }),
      seconds: fc.double({ min: 1e-3, max: 12, noNaN: true }),
      cpu: fc.option(fc.double({ min: 0.01, max: 5, noNaN: true }), { nil: undefined }),
    });
    fc.assert(
      fc.property(
        fc.array(times, { maxLength: 30 }),
        fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 6 }),
        (calls, lengths) => {
          const ledger = new CallLedger(0, 1);
          for (const [key, { name, start }] of calls.entries()) ledger.began(key, name, start);
          for (const [key, { name, start, seconds, cpu }] of calls.entries())
            ledger.ended(key, call(name, start, start + seconds, cpu));
          let until = 0;
          const done: AccountedCall[] = [];
          for (const length of [...lengths, 30]) {
            until += length;
            done.push(...settle(ledger, until));
          }
          const sum = (list: readonly number[]): number => list.reduce((total, each) => total + each, 0);
          for (const name of ['a', 'b', 'c']) {
            const own = done.filter((each) => each.function === name);
            expect(sum(own.map(({ energy }) => energy?.joules ?? Number.NaN))).toBeCloseTo(
              sum(calls.filter((each) => each.name === name).map(({ seconds }) => seconds)),
              6,
            );
          }
        },
      ),
    );
  });
});
