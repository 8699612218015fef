import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BusyAccount } from './busy-account.js';

const START = 1_700_000_000_000_000n;
const sample = (pid: number, seconds: number, smPercent: number) => ({
  pid,
  timestamp: START + BigInt(Math.round(seconds * 1e6)),
  smPercent,
});
const at = (seconds: number): bigint => START + BigInt(Math.round(seconds * 1e6));

describe('BusyAccount', () => {
  it('adds up what each process kept busy', () => {
    const account = new BusyAccount(START);
    account.add([sample(7, 1, 50), sample(8, 1, 25), sample(7, 2, 100)], at(2));
    expect(account.secondsOf(7)).toBeCloseTo(1.5);
    expect(account.secondsOf(8)).toBeCloseTo(0.25);
    expect(account.secondsOf(9)).toBe(0);
  });

  it('does not count time in which nobody was busy', () => {
    const account = new BusyAccount(START);
    account.add([], at(60));
    account.add([sample(7, 61, 50)], at(61));
    expect(account.secondsOf(7)).toBeCloseTo(0.5);
  });

  it('takes no sample twice, none from the future and none that can not be', () => {
    const account = new BusyAccount(START);
    account.add([sample(7, 1, 50)], at(1));
    account.add([sample(7, 1, 50), sample(7, 5, 50), sample(7, 1.5, 4_294_967_295)], at(2));
    expect(account.secondsOf(7)).toBeCloseTo(0.5);
    account.add([sample(7, 5, 50)], at(5));
    expect(account.secondsOf(7)).toBeCloseTo(0.5 + 0.5 * 3);
  });

  it('never lets a process be busy for longer than has passed, nor take anything back', () => {
    const samples = fc.array(
      fc.record({
        pid: fc.integer({ min: 1, max: 3 }),
        seconds: fc.double({ min: -5, max: 200, noNaN: true }),
        percent: fc.integer({ min: 0, max: 120 }),
      }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.record({ step: fc.double({ min: 0, max: 10, noNaN: true }), samples })),
        (looks) => {
          const account = new BusyAccount(START);
          let now = 0;
          for (const look of looks) {
            now += look.step;
            const before = [1, 2, 3].map((pid) => account.secondsOf(pid));
            account.add(
              look.samples.map(({ pid, seconds, percent }) => sample(pid, seconds, percent)),
              at(now),
            );
            for (const pid of [1, 2, 3]) {
              expect(account.secondsOf(pid)).toBeLessThanOrEqual(now + 1e-5);
              expect(account.secondsOf(pid)).toBeGreaterThanOrEqual(before[pid - 1] ?? 0);
            }
          }
        },
      ),
    );
  });
});
