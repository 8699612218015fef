import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UsageTable } from '../../model/index.js';
import { sharedColumns } from './shared-columns.js';
import { sum } from './testing/rows.js';
import { usageByTick } from './usage-by-tick.js';

/** t, principal, CPU seconds, cycles. */
type Sample = readonly [t: number, principal: string, cpuSeconds: number, cycles?: number];

function usageOf(samples: readonly Sample[]): UsageTable {
  const principals = [...new Set(samples.map(([, name]) => name))];
  const none = Float64Array.from(samples, () => Number.NaN);
  return {
    principals,
    principalIndex: Uint32Array.from(samples, ([, name]) => principals.indexOf(name)),
    t: Float64Array.from(samples, ([t]) => t),
    cpuSeconds: Float64Array.from(samples, ([, , cpuSeconds]) => cpuSeconds),
    cycles: Float64Array.from(samples, ([, , , cycles = Number.NaN]) => cycles),
    instructions: none,
    llcMisses: none,
  };
}

const NONE = Number.NaN;
const seconds = { start: 0, tickSeconds: 1, count: 4 };
const rounded = (values: Float64Array | undefined): number[] =>
  Array.from(values ?? [], (value) => Number(value.toFixed(9)));

describe('usageByTick', () => {
  it('spreads each sample over the time since the one before', () => {
    const { functions, others } = usageByTick(
      usageOf([
        [1, 'system', 1, 10],
        [1, 'fn:a', 0.5],
        [3, 'system', 4, 40],
        [3, 'fn:a', 1],
        [5, 'system', 2, 20],
        [5, 'fn:a', 0],
      ]),
      seconds,
    );
    expect(rounded(others.get('system')?.cpuSeconds)).toEqual(
      [1.25, 2, 2, 1].map((x, i) => (i === 0 ? 0.5 : x)),
    );
    expect(rounded(others.get('system')?.cycles)).toEqual([5, 20, 20, 10]);
    expect(rounded(functions.get('a')?.cpuSeconds)).toEqual([0.25, 0.5, 0.5, 0]);
    expect(functions.get('a')?.cycles).toBeUndefined();
    expect(others.get('system')?.instructions).toBeUndefined();
  });

  it('carries reference cycles where the trace has them', () => {
    const usage = usageOf([
      [1, 'system', 1, 10],
      [3, 'system', 4, 40],
      [5, 'system', 2, 20],
    ]);
    const { others } = usageByTick({ ...usage, referenceCycles: Float64Array.of(6, 20, 8) }, seconds);
    expect(rounded(others.get('system')?.referenceCycles)).toEqual([3, 10, 10, 4]);
    expect(usageByTick(usage, seconds).others.get('system')).not.toHaveProperty('referenceCycles');
  });

  it('takes a function that a sample leaves out for idle, and any other principal for not known', () => {
    const every = [1, 2, 3, 4];
    const { functions, others } = usageByTick(
      usageOf([
        ...every.map((t): Sample => [t, 'system', 1]),
        [2, 'fn:a', 0.5],
        [4, 'fn:a', 0.25],
        [2, 'os', 0.5],
        [3, 'os', 0.1],
      ]),
      seconds,
    );
    expect(rounded(functions.get('a')?.cpuSeconds)).toEqual([0, 0.5, 0, 0.25]);
    expect(rounded(others.get('os')?.cpuSeconds)).toEqual([NONE, 0.5, 0.1, NONE]);
  });

  it('fills a gap in sampling with what was used in it', () => {
    const times = [1, 2, 3, 4, 9, 10];
    const usage = usageOf(
      times.flatMap((t): Sample[] => [
        [t, 'system', t === 9 ? 5 : 1],
        [t, 'fn:a', t === 9 ? 2.5 : 0.5],
      ]),
    );
    const { functions, others } = usageByTick(usage, { start: 0, tickSeconds: 2, count: 5 });
    expect(rounded(others.get('system')?.cpuSeconds)).toEqual([2, 2, 2, 2, 2]);
    expect(rounded(functions.get('a')?.cpuSeconds)).toEqual([1, 1, 1, 1, 1]);
  });

  it('takes principals that are read one after another for one sample', () => {
    const usage = usageOf(
      [1, 2, 3, 4].flatMap((t): Sample[] => [
        [t, 'fn:a', 0.5],
        [t + 0.01, 'fn:b', t],
        [t + 0.02, 'system', 1],
      ]),
    );
    const { functions } = usageByTick(usage, { start: 1.51, tickSeconds: 1, count: 2 });
    expect(rounded(functions.get('b')?.cpuSeconds)).toEqual([2.5, 3.5]);
  });

  it('says nothing of ticks that samples do not tell of, nor of counters that had no figure', () => {
    const { others } = usageByTick(
      usageOf([
        [1.5, 'system', 1, 1],
        [2.5, 'system', NONE, 1],
        [3.5, 'system', 1, 1],
      ]),
      { start: -1, tickSeconds: 0.5, count: 12 },
    );
    const known = [NONE, NONE, NONE, 0.5, 0.5];
    expect(rounded(others.get('system')?.cpuSeconds)).toEqual([
      ...known,
      NONE,
      NONE,
      0.5,
      0.5,
      NONE,
      NONE,
      NONE,
    ]);
    expect(rounded(others.get('system')?.cycles)).toEqual([...known, 0.5, 0.5, 0.5, 0.5, NONE, NONE, NONE]);
    const once = usageByTick(usageOf([[1, 'system', 1]]), seconds);
    expect(rounded(once.others.get('system')?.cpuSeconds)).toEqual([NONE, NONE, NONE, NONE]);
  });

  it('keeps the sum of what was used, whatever the ticks', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.double({ min: 0.3, max: 3, noNaN: true }), fc.double({ min: 0, max: 9, noNaN: true })),
          { minLength: 3, maxLength: 30 },
        ),
        fc.double({ min: 0.05, max: 7, noNaN: true }),
        fc.constantFrom('system', 'fn:a'),
        (samples, tickSeconds, name) => {
          let t = 0;
          const usage = usageOf(
            samples.map(([length, amount]): Sample => {
              t += length;
              return [t, name, amount];
            }),
          );
          // From the first sample on to a tick after the last: the first one's own time is not told.
          const start = usage.t[0] ?? 0;
          const whole = Math.floor((t - start) / tickSeconds);
          const { functions, others } = usageByTick(usage, { start, tickSeconds, count: whole });
          const own = (functions.get('a') ?? others.get('system'))?.cpuSeconds ?? [];
          let expected = 0;
          let before = start;
          for (const [i, [, amount]] of samples.entries()) {
            if (i === 0) continue;
            const at = usage.t[i] ?? 0;
            const end = start + whole * tickSeconds;
            expected += (amount * Math.max(0, Math.min(at, end) - before)) / (at - before);
            before = at;
          }
          expect(sum(own)).toBeCloseTo(expected, 6);
        },
      ),
    );
  });
});

describe('sharedColumns', () => {
  it("gives each principal's part of the machine's CPU time", () => {
    const usage = usageOf(
      [1, 2, 3, 4].flatMap((t): Sample[] => [
        [t, 'wattloop', t === 4 ? 3 : 0.1],
        [t, 'system', t === 3 ? 0 : 2],
        [t, 'control-plane', t === 3 ? 0 : 0.5],
        [t, 'fn:a', 1],
      ]),
    );
    const { names, shares, findings } = sharedColumns(usage, seconds);
    expect(names).toEqual(['control-plane', 'wattloop']);
    expect(shares.map(rounded)).toEqual([
      [0.25, 0.25, 0, 0.25],
      [0.05, 0.05, NONE, 1],
    ]);
    expect(findings.map(({ code, count }) => [code, count])).toEqual([
      ['usage-above-system', 1],
      ['unknown-usage', 1],
    ]);
  });

  it('gives none where there is nothing to compare with, and says so', () => {
    const alone = sharedColumns(
      usageOf([
        [1, 'os', 1],
        [2, 'os', 1],
      ]),
      seconds,
    );
    expect(alone).toEqual({
      names: [],
      shares: [],
      findings: [expect.objectContaining({ code: 'no-system-usage' })],
    });
    expect(sharedColumns(usageOf([[1, 'system', 1]]), seconds)).toEqual({
      names: [],
      shares: [],
      findings: [],
    });
  });
});
