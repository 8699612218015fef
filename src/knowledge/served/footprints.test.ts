import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FootprintWindow } from '../../model/index.js';
import { Knowledge } from '../knowledge.js';
import { anyWindows } from '../testing/any-windows.js';
import { exampleWindow } from '../testing/example-window.js';
import { freshPath } from '../testing/folder.js';
import type { FootprintSums } from './footprints.js';

const open = (): Promise<Knowledge> => Knowledge.open(freshPath());
/** A full hour. */
const BEGIN = 1_775_001_600;
const DAY = 86_400;
const part = fc.double({ min: 0, max: 1, noNaN: true });

function conserves(sums: FootprintSums | FootprintWindow): void {
  const { measuredJoules, individualJoules, controlPlaneJoules, idleJoules, unattributedJoules } = sums;
  const parts = individualJoules + controlPlaneJoules + idleJoules + unattributedJoules;
  expect(Math.abs(parts - measuredJoules)).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(measuredJoules)));
}

const near = (a: number, b: number): void =>
  expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(a) + Math.abs(b)));

describe('footprints', () => {
  it('are absent where nothing is kept', async () => {
    const knowledge = await open();
    expect(knowledge.served.footprints({ from: 0, to: 1e10 })).toBeUndefined();
    knowledge.close();
  });

  it('of a window are the window', async () => {
    const knowledge = await open();
    // No two in one minute, or they would be added up.
    let windows = 0;
    fc.assert(
      fc.property(anyWindows({ begin: BEGIN, max: 1 }), fc.nat(30_000), ([window], hours) => {
        if (window === undefined) return;
        const shift = (hours + 30_001 * windows++) * 3_600;
        const moved = { ...window, from: window.from + shift, to: window.to + shift };
        knowledge.served.recordWindow(moved);
        const { seconds, functions, gramsPerKilowattHour, ...kept } =
          knowledge.served.footprints({ from: moved.from, to: moved.to }) ?? expect.fail('nothing kept');
        expect(seconds).toBe(moved.to - moved.from);
        near(gramsPerKilowattHour, moved.gramsPerKilowattHour);
        const byName = [...functions].sort((a, b) => (a.function < b.function ? -1 : 1));
        expect({ ...kept, functions: byName }).toEqual(
          (({ gramsPerKilowattHour: _rate, ...rest }) => rest)(moved),
        );
      }),
      { numRuns: 30, endOnFailure: true },
    );
    knowledge.close();
  });

  it('add up to what was measured, and share out every window among ranges that follow one another', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyWindows({ begin: BEGIN, max: 80 }),
        fc.array(fc.integer({ min: -4_000, max: 20_000 }), { maxLength: 5 }),
        async (windows, cuts) => {
          const knowledge = await open();
          for (const window of windows) knowledge.served.recordWindow(window);
          const whole = knowledge.served.footprints({ from: 0, to: 1e10 });
          if (whole === undefined) {
            expect(windows).toEqual([]);
            return;
          }
          conserves(whole);
          near(
            whole.measuredJoules,
            windows.reduce((sum, { measuredJoules }) => sum + measuredJoules, 0),
          );
          expect(whole.from).toBe(Math.min(...windows.map(({ from }) => from)));
          expect(whole.to).toBe(Math.max(...windows.map(({ to }) => to)));
          for (const { function: name, ...figures } of whole.functions) {
            const own = windows.flatMap(({ functions }) =>
              functions.filter((each) => each.function === name),
            );
            near(
              figures.individualJoules,
              own.reduce((sum, each) => sum + each.individualJoules, 0),
            );
            expect(figures.calls).toBe(own.reduce((sum, each) => sum + each.calls, 0));
            const alone = knowledge.served.footprints({ from: 0, to: 1e10, function: name });
            expect(alone?.functions).toEqual([{ function: name, ...figures }]);
          }
          const edges = [0, ...cuts.map((cut) => BEGIN + cut).sort((a, b) => a - b), 1e10];
          let measured = 0;
          let calls = 0;
          edges.slice(1).forEach((to, index) => {
            const from = edges[index] ?? 0;
            const part = knowledge.served.footprints({ from, to });
            if (part === undefined) return;
            conserves(part);
            // A range without the middle of a minute is answered with the minute around it.
            if (Math.ceil((from - 30) / 60) * 60 + 30 >= to) return;
            measured += part.measuredJoules;
            calls += part.functions.reduce((sum, each) => sum + each.calls, 0);
          });
          near(measured, whole.measuredJoules);
          expect(calls).toBe(whole.functions.reduce((sum, each) => sum + each.calls, 0));
          knowledge.close();
        },
      ),
      { numRuns: 40 },
    );
  });

  it('are the same when minutes are no longer kept, and lose whole hours when these are not', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyWindows({ begin: BEGIN, min: 20, max: 80 }),
        // Ranges that follow one another: one without length is answered with what is around it.
        fc.uniqueArray(fc.nat(100), { maxLength: 5 }),
        part,
        part,
        async (windows, cuts, minutesPart, hoursPart) => {
          const knowledge = await open();
          for (const window of windows) knowledge.served.recordWindow(window);
          const end = windows.at(-1)?.to ?? BEGIN;
          const minutesAge = minutesPart * (end - BEGIN);
          const hoursAge = hoursPart * (end - BEGIN);
          const tidyUp = (minutes: number, hours: number): void => {
            const keep = { raw_hours: 1, minutes_days: minutes / DAY, hours_days: hours / DAY, max_mib: 100 };
            while (!knowledge.served.tidy(end, keep).done);
          };
          const sumOf = (from: number, to: number): number =>
            knowledge.served.footprints({ from, to })?.measuredJoules ?? 0;
          const before = knowledge.served.footprints({ from: 0, to: 1e10 });
          tidyUp(minutesAge + 1, 1e9);
          const after = knowledge.served.footprints({ from: 0, to: 1e10 });
          if (before !== undefined && after !== undefined) {
            conserves(after);
            near(after.measuredJoules, before.measuredJoules);
            expect(after).toMatchObject({ from: before.from, to: before.to });
          } else expect(after).toBe(before);
          const edges = [0, ...cuts.map((cut) => BEGIN + cut * 3_600).sort((a, b) => a - b), 1e10];
          near(
            edges.slice(1).reduce((sum, to, index) => sum + sumOf(edges[index] ?? 0, to), 0),
            before?.measuredJoules ?? 0,
          );

          tidyUp(1 / 86_400, hoursAge + 1);
          const limit = end - (hoursAge + 1);
          const kept = windows.filter(
            ({ from, to }) => Math.floor((from + to) / 7_200) * 3_600 + 3_600 > limit,
          );
          near(
            sumOf(0, 1e10),
            kept.reduce((sum, each) => sum + each.measuredJoules, 0),
          );
          knowledge.close();
        },
      ),
      { numRuns: 40 },
    );
  });

  it('never cut an hour of which some minutes are gone', async () => {
    const knowledge = await open();
    for (let minute = 0; minute < 120; minute++)
      knowledge.served.recordWindow(exampleWindow(BEGIN + 60 * minute));
    const each = exampleWindow(0).measuredJoules;
    const of = (from: number, to: number): unknown => {
      const sums = knowledge.served.footprints({ from: BEGIN + from, to: BEGIN + to });
      return sums && [sums.from - BEGIN, sums.to - BEGIN, sums.measuredJoules / each];
    };
    expect(of(1_800, 5_400)).toEqual([1_800, 5_400, 60]);
    const keep = { raw_hours: 1, minutes_days: 6_000 / DAY, hours_days: 1, max_mib: 100 };
    while (!knowledge.served.tidy(BEGIN + 7_200, keep).done);
    // Twenty minutes of the first hour are gone. Its middle counts.
    expect(of(1_800, 5_400)).toEqual([0, 5_400, 90]);
    expect(of(1_801, 5_400)).toEqual([3_600, 5_400, 30]);
    expect(of(0, 7_200)).toEqual([0, 7_200, 120]);
    // A range that is too short for any middle gets the hour, or the minute, around it.
    expect(of(2_400, 2_500)).toEqual([0, 3_600, 60]);
    expect(of(4_001, 4_003)).toEqual([3_960, 4_020, 1]);
    expect(of(8_000, 9_000)).toBeUndefined();
    knowledge.close();
  });
});
