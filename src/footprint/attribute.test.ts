import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WattloopError } from '../errors/index.js';
import type { Account, FunctionAccount } from './account.js';
import { attribute } from './attribute.js';
import { AttributeMode, type AttributeOptions } from './options.js';
import { anyTraceShape, randomTrace, type TraceShape } from './testing/random-trace.js';

/** An account of a minute may take a second on a machine that does other things as well: it isn't shrunk. */
const LIMIT_MILLISECONDS = 120_000;
const FEW = { endOnFailure: true, interruptAfterTimeLimit: LIMIT_MILLISECONDS };

/** Ticks and windows that divide neither one another nor the time between samples; windows shorter than a tick. */
const anyOptions = fc.record({
  tickSeconds: fc.constantFrom(0.1, 0.7, 1, 1, 1, 3, 10),
  windowSeconds: fc.constantFrom(undefined, 7, 0.3, 1e6),
});

/** With what the mode `combined` needs as well; it may still be too little for a model of the processor. */
const counted = (shape: TraceShape): TraceShape => ({
  ...shape,
  cpuPower: true,
  usage: shape.usage === 'nobody' ? 'everybody' : shape.usage,
});

/** The account, or undefined where the record holds no power to account for. */
function accountOf(shape: TraceShape, options: AttributeOptions): Account | undefined {
  try {
    return attribute(randomTrace(shape), options);
  } catch (error) {
    if (!(error instanceof WattloopError)) throw error;
    expect(error.code).toBe('bad_input');
    expect(error.message).toMatch(
      /^(no power of the whole machine is on record: \S|power is on record up to |the mode "combined" can't be used: \S)/,
    );
    return undefined;
  }
}

/** Where in an account a figure stands that is none. Courses have gaps, and are looked at by themselves. */
function noFigures(value: unknown, path = 'account'): string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [`${path} is ${value}`];
  if (typeof value !== 'object' || value === null || value instanceof Float64Array) return [];
  return Object.entries(value).flatMap(([key, inner]) => noFigures(inner, `${path}.${key}`));
}

/** Figures below 0. A lag may be, and what the published models leave unexplained. */
function negative({ functions, shares, groups }: Account, mode: AttributeMode): string[] {
  const found = (value: object, path: string): string[] =>
    Object.entries(value).flatMap(([key, figure]) =>
      typeof figure === 'number' && figure < 0 ? [`${path}.${key} is ${figure}`] : [],
    );
  const { unattributedJoules, ...rest } = shares;
  // But for rounding: it is what is left of a difference.
  const left = unattributedJoules + 1e-12 * shares.measuredJoules;
  const explained = mode === AttributeMode.law ? { unattributedJoules: left } : {};
  return [
    ...found({ ...rest, ...explained }, 'shares'),
    ...functions.flatMap((each) => found(each, each.name)),
    ...groups.flatMap((each) => found(each, each.functions.join())),
  ];
}

function expectConservation({ shares, functions }: Account): void {
  const { measuredJoules, individualJoules, controlPlaneJoules, idleJoules, unattributedJoules } = shares;
  const parts = [individualJoules, controlPlaneJoules, idleJoules, unattributedJoules];
  // The published models may say more than was measured: what is left is then below 0, and the parts are larger than the sum.
  const size = Math.max(measuredJoules, ...parts.map(Math.abs));
  const expectSum = (values: readonly number[], whole: number): void => {
    const sum = values.reduce((total, value) => total + value, 0);
    expect(Math.abs(sum - whole)).toBeLessThanOrEqual(1e-9 * size);
  };
  const all = (part: (each: FunctionAccount) => number): number[] =>
    functions.map((each) => part(each) * each.invocations);
  expectSum(parts, measuredJoules);
  expectSum(
    all((each) => each.individualJoules),
    individualJoules,
  );
  expectSum(
    all((each) => each.controlPlaneJoules),
    controlPlaneJoules,
  );
  expectSum(
    all((each) => each.idleJoules),
    idleJoules,
  );
  expectSum([...all((each) => each.totalJoules), unattributedJoules], measuredJoules);
}

/** In every tick the functions' own work, the control plane's and the rest make up what was measured, as far as it was. */
function expectCourse({ course, functions }: Account): void {
  const { t, measuredWatts, predictedWatts, idleWatts, controlPlaneWatts, functionWatts } = course;
  expect(functionWatts).toHaveLength(functions.length);
  for (const known of [t, predictedWatts, idleWatts, controlPlaneWatts, ...functionWatts]) {
    expect(known).toHaveLength(measuredWatts.length);
    expect(known.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
  }
  expect(measuredWatts.every((value) => Number.isNaN(value) || value >= 0)).toBe(true);
}

describe('attribute', () => {
  it.each(Object.values(AttributeMode))(
    'accounts for every joule once, whatever the record, in the mode %s',
    { timeout: LIMIT_MILLISECONDS },
    (mode) => {
      let [accounts, runs] = [0, 0];
      fc.assert(
        fc.property(anyTraceShape, anyOptions, (shape, options) => {
          runs++;
          const account = accountOf(mode === AttributeMode.combined ? counted(shape) : shape, {
            ...options,
            mode,
          });
          if (account === undefined) return;
          accounts++;
          expectConservation(account);
          expectCourse(account);
          expect(noFigures(account)).toEqual([]);
          expect(negative(account, mode)).toEqual([]);
        }),
        { ...FEW, numRuns: mode === AttributeMode.law ? 60 : 30 },
      );
      expect(accounts).toBeGreaterThan(runs / (mode === AttributeMode.combined ? 15 : 2));
    },
  );

  it('says the same of the same record', { timeout: LIMIT_MILLISECONDS }, () => {
    fc.assert(
      fc.property(anyTraceShape, anyOptions, (shape, options) => {
        expect(accountOf(shape, options)).toEqual(accountOf(shape, options));
      }),
      { ...FEW, numRuns: 10 },
    );
  });
});
