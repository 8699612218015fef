import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AccountWindow, WindowAccount } from './account-window.js';
import { OnlineAccount } from './online-account.js';
import { anyWindows, anyWindowsShape } from './testing/any-window.js';

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);

const measuredJoules = ({ rows, watts }: AccountWindow): number =>
  sum(watts.map((value) => (value >= 0 ? value * rows.tickSeconds : 0)));

/** Every number in it, however deep. */
function* numbers(value: unknown): Iterable<number> {
  if (typeof value === 'number') yield value;
  else if (typeof value === 'object' && value !== null)
    for (const part of Object.values(value)) yield* numbers(part);
}

describe('any window', () => {
  test('all parts make up what was measured', () => {
    fc.assert(
      fc.property(anyWindowsShape, (shape) => {
        const online = new OnlineAccount();
        for (const window of anyWindows(shape)) {
          const { functions, shares } = online.advance(window);
          const measured = measuredJoules(window);
          const parts =
            sum(functions.map((f) => f.individualJoules + f.controlPlaneJoules + f.idleJoules)) +
            shares.unattributedJoules;
          expect(Math.abs(shares.measuredJoules - measured)).toBeLessThanOrEqual(1e-9 * measured);
          expect(Math.abs(parts - measured)).toBeLessThanOrEqual(1e-9 * measured);
        }
      }),
    );
  });

  test('no figure is below zero, and none is NaN but where there is no power or no idle', () => {
    const isSound = ({ functions, principalJoules, shares }: WindowAccount): boolean =>
      [...numbers([functions, principalJoules, shares])].every((value) => value >= -1e-9 && value < Infinity);
    fc.assert(
      fc.property(anyWindowsShape, (shape) => {
        const online = new OnlineAccount();
        for (const window of anyWindows(shape)) {
          const account = online.advance(window);
          expect(isSound(account)).toBe(true);
          for (let tick = 0; tick < window.rows.count; tick++) {
            const isMeasured = (window.watts[tick] ?? Number.NaN) >= 0;
            const [from, to] = [window.rows.rowStart[tick] ?? 0, window.rows.rowStart[tick + 1] ?? 0];
            const entries = account.entryJoules.subarray(from, to);
            expect(entries.every((joules) => (isMeasured ? joules >= 0 : Number.isNaN(joules)))).toBe(true);
            expect(Number.isNaN(account.tickIdleJoules[tick])).toBe(
              !isMeasured || Number.isNaN(window.idleWatts[tick]),
            );
          }
        }
      }),
    );
  });

  test('resumed from its saved state it goes on as if nothing had been, bit by bit', () => {
    fc.assert(
      fc.property(anyWindowsShape, (shape) => {
        const straight = new OnlineAccount();
        let resumed = new OnlineAccount();
        for (const window of anyWindows(shape)) {
          expect(resumed.advance(window)).toEqual(straight.advance(window));
          resumed = new OnlineAccount({}, JSON.parse(JSON.stringify(resumed)));
        }
      }),
    );
  });
});
