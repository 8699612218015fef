import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CallColumns, type NodeSecond } from '../../model/index.js';
import { Knowledge } from '../knowledge.js';
import { CALLS_BEGIN, exampleCall } from '../testing/example-call.js';
import { exampleWindow } from '../testing/example-window.js';
import { freshPath } from '../testing/folder.js';

let knowledge: Knowledge;

beforeEach(async () => {
  knowledge = await Knowledge.open(freshPath());
});
afterEach(() => knowledge.close());

const second = (index: number, changes: Partial<NodeSecond> = {}): NodeSecond => ({
  at: CALLS_BEGIN + 1 + index,
  seconds: 1,
  watts: 100 + index,
  cpuWatts: 60,
  idleWatts: 40,
  cpuSeconds: { 'fn:a': 0.5, 'control-plane': 0.125 },
  ...changes,
});

describe('seconds', () => {
  it('are read back as they were, in order, with what is absent absent', () => {
    const { watts: _watts, cpuWatts: _cpu, idleWatts: _idle, ...bare } = second(1);
    knowledge.served.recordSeconds([bare, second(0, { cpuSeconds: {} })]);
    const kept = knowledge.served.seconds({ from: CALLS_BEGIN, to: CALLS_BEGIN + 10 });
    expect(kept).toEqual([second(0, { cpuSeconds: {} }), bare]);
    expect(knowledge.served.seconds({ from: CALLS_BEGIN + 1, to: CALLS_BEGIN + 2 })).toHaveLength(1);
  });

  it('told twice are kept once, and refused when they are none', () => {
    knowledge.served.recordSeconds([second(0)]);
    knowledge.served.recordSeconds([second(0, { watts: 7 })]);
    expect(knowledge.served.seconds({ from: 0, to: 1e10 })).toEqual([second(0, { watts: 7 })]);
    for (const changes of [{ watts: Number.NaN }, { cpuSeconds: { os: Number.POSITIVE_INFINITY } }])
      expect(() => knowledge.served.recordSeconds([second(1), second(2, changes)])).toThrow(
        expect.objectContaining({ code: 'bad_input' }),
      );
    expect(knowledge.served.seconds({ from: 0, to: 1e10 })).toHaveLength(1);
  });
});

describe('a series', () => {
  it('shows power and calls step by step', () => {
    const { watts: _watts, ...unknown } = second(3);
    knowledge.served.recordSeconds([
      second(0),
      second(1),
      second(2, { seconds: 3, at: CALLS_BEGIN + 5 }),
      unknown,
    ]);
    const calls = [0, 500, 1_200, 9_999].map((number) => exampleCall(number, { function: 'a' }));
    knowledge.served.recordCalls(CallColumns.of(calls));
    knowledge.served.recordCalls(
      CallColumns.of([exampleCall(600, { function: 'b', status: 'failed', cold: true })]),
    );
    const range = { from: CALLS_BEGIN, to: CALLS_BEGIN + 10, stepSeconds: 2 };
    const { points, ...rest } = knowledge.served.series(range);
    expect(rest).toEqual({ stepSeconds: 2, of: 'calls' });
    expect(points).toEqual([
      {
        at: CALLS_BEGIN,
        watts: 100.5,
        cpuWatts: 60,
        idleWatts: 40,
        calls: 4,
        errors: 1,
        cold: 1,
        callSeconds: expect.closeTo(4 * 0.031, 6),
        individualJoules: expect.closeTo(4 * 0.41, 9),
      },
      // One tick of three seconds, and one of which nothing is known but that it was.
      { at: CALLS_BEGIN + 2, watts: 102, cpuWatts: 60, idleWatts: 40 },
      expect.objectContaining({ at: CALLS_BEGIN + 8, calls: 1 }),
    ]);
    const own = knowledge.served.series({ ...range, function: 'b' });
    expect(own.points).toEqual([expect.objectContaining({ at: CALLS_BEGIN, calls: 1, errors: 1, cold: 1 })]);
    expect(own.points[0]).not.toHaveProperty('watts');
    expect(knowledge.served.series({ ...range, function: 'nobody' }).points).toEqual([]);
  });

  it('is of minutes where the step is long, with the shares of a function', () => {
    for (let minute = 0; minute < 4; minute++)
      knowledge.served.recordWindow(exampleWindow(CALLS_BEGIN + 60 * minute));
    const range = { from: CALLS_BEGIN, to: CALLS_BEGIN + 240, stepSeconds: 100 };
    const counts = { calls: 60, errors: 2, cold: 4, callSeconds: 30 };
    const own = { individualJoules: 4_000, controlPlaneJoules: 500, idleJoules: 2_000 };
    expect(knowledge.served.series(range)).toEqual({
      stepSeconds: 120,
      of: 'minutes',
      points: [0, 120].map((at) => ({
        at: CALLS_BEGIN + at,
        watts: 100,
        calls: 120,
        errors: 4,
        cold: 8,
        callSeconds: 60,
        individualJoules: 6_000,
        controlPlaneJoules: 1_000,
        idleJoules: 4_000,
        unattributedJoules: 1_000,
        measuredJoules: 12_000,
      })),
    });
    expect(knowledge.served.series({ ...range, function: 'a' }).points).toEqual(
      [0, 120].map((at) => ({ at: CALLS_BEGIN + at, ...counts, ...own })),
    );
  });

  it('is as fine as what is kept of then', () => {
    const { served } = knowledge;
    for (let hour = 0; hour < 30; hour++) served.recordWindow(exampleWindow(CALLS_BEGIN + 3_600 * hour));
    const now = CALLS_BEGIN + 30 * 3_600;
    served.recordCalls(
      CallColumns.of([exampleCall(0, { endedAt: now - 800 }), exampleCall(1, { endedAt: now - 10 })]),
    );
    const retention = { raw_hours: 0.25, minutes_days: 0.5, hours_days: 365, max_mib: 100 };
    while (!served.tidy(now, retention).done);
    const of = (from: number): string => served.series({ from, to: now, stepSeconds: 10 }).of;
    expect(of(now - 600)).toBe('calls');
    expect(of(now - 6 * 3_600)).toBe('minutes');
    expect(of(now - 20 * 3_600)).toBe('hours');
    expect(served.series({ from: CALLS_BEGIN, to: now, stepSeconds: 1 * 3_600 }).points).toHaveLength(30);
  });

  it.each([
    { from: 10, to: 10, stepSeconds: 1 },
    { from: 0, to: Number.NaN, stepSeconds: 1 },
    { from: 0, to: 10, stepSeconds: 0 },
    { from: 0, to: 1e9, stepSeconds: 1 },
  ])('is not to be had for %j', (range) => {
    expect(() => knowledge.served.series(range)).toThrow(
      expect.objectContaining({ code: 'bad_input', remedy: expect.stringMatching(/Ask|Give/) }),
    );
  });
});
