import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../base/index.js';
import { Agenda } from './agenda.js';

describe('an agenda', () => {
  it('brings everything in order of time, and nothing before its time', async () => {
    const delays = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(delays, fc.array(fc.integer({ min: 1, max: 5 })), async (seconds, moves) => {
        const clock = new ManualClock();
        const due: { at: number; now: number }[] = [];
        const agenda = new Agenda<number>(clock, (at) => due.push({ at, now: clock.now() }));
        for (const each of seconds) agenda.add(each, each);
        for (const move of [...moves, 21]) {
          clock.advance(move);
          await setImmediate();
        }
        expect(agenda.length).toBe(0);
        expect(due.map(({ at }) => at)).toEqual([...seconds].sort((a, b) => a - b));
        for (const { at, now } of due) expect(now).toBeGreaterThanOrEqual(at);
      }),
      { numRuns: 50 },
    );
  });

  it('wakes for what comes in between', async () => {
    const clock = new ManualClock();
    const due: string[] = [];
    const agenda = new Agenda<string>(clock, (item) => due.push(item));
    agenda.add(100, 'late');
    agenda.add(1, 'soon');
    clock.advance(2);
    await setImmediate();
    expect(due).toEqual(['soon']);
    agenda.close();
    clock.advance(200);
    await setImmediate();
    expect(due).toEqual(['soon']);
    expect(agenda.items()).toEqual(['late']);
  });
});
