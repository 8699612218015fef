import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WattloopError } from '../errors/index.js';
import type { Trace } from '../model/index.js';
import type { Account } from './account.js';
import { attribute } from './attribute.js';
import { imbalance, type PlainFunction, plainMachine } from './testing/plain-machine.js';

/** Two functions that run for as long, one on the processor and one beside it. */
const FUNCTIONS: readonly PlainFunction[] = [
  { name: 'count', rate: 0.3, seconds: 1.5, cpus: 2, restWatts: 1 },
  { name: 'fetch', rate: 0.3, seconds: 1.5, cpus: 0.1, restWatts: 6 },
];

const wholeOf = ({ functions }: Account, name: string): number => {
  const own = functions.find((each) => each.name === name);
  return (own?.individualJoules ?? 0) * (own?.invocations ?? 0);
};

/** The account, or why there is none. */
function accountOrReason(trace: Trace): Account | string {
  try {
    return attribute(trace, { mode: 'combined' });
  } catch (error) {
    if (error instanceof WattloopError) return error.line;
    throw error;
  }
}

describe('the mode combined', () => {
  it('gives each what its processor time and its running time took', () => {
    const { trace, cpuJoules, restJoules } = plainMachine({ functions: FUNCTIONS, seconds: 600, late: 2.3 });
    const account = attribute(trace, { mode: 'combined' });
    for (const { name } of FUNCTIONS) {
      const truth = (cpuJoules[name] ?? 0) + (restJoules[name] ?? 0);
      expect(Math.abs(wholeOf(account, name) / truth - 1)).toBeLessThan(0.03);
    }
    expect(account.r2).toBeGreaterThan(0.95);
    expect(account.provenance.individual_j?.method).toMatch(
      /^CPU power by a .*on CPU time.* beside it by non-negative/,
    );
  });

  it('tells apart what always runs at the same times, by its processor time', () => {
    const [count, fetch] = FUNCTIONS;
    if (count === undefined || fetch === undefined) throw new Error('two functions are needed');
    const { trace, cpuJoules } = plainMachine({ functions: [{ ...count, restWatts: 0 }], seconds: 400 });
    const { invocations, usage } = trace;
    if (usage === undefined) throw new Error('usage is needed');
    // A twin that runs at the same moments, and used a quarter of the processor time.
    const quarter = usage.principals.map((_, i) => (i === 0 ? 0.75 : 1));
    const rows = [...usage.t.keys()];
    const own = rows.filter((row) => usage.principalIndex[row] === 0);
    const twin = {
      ...usage,
      principals: [...usage.principals, 'fn:twin'],
      principalIndex: Uint32Array.from([...usage.principalIndex, ...own.map(() => usage.principals.length)]),
      t: Float64Array.from([...usage.t, ...own.map((row) => usage.t[row] ?? 0)]),
      cpuSeconds: Float64Array.from([
        ...rows.map((row) => (usage.cpuSeconds[row] ?? 0) * (quarter[usage.principalIndex[row] ?? 0] ?? 1)),
        ...own.map((row) => (usage.cpuSeconds[row] ?? 0) / 4),
      ]),
      ...Object.fromEntries(
        ['cycles', 'instructions', 'llcMisses'].map((name) => [
          name,
          new Float64Array(rows.length + own.length).fill(Number.NaN),
        ]),
      ),
    };
    const both = {
      functions: ['count', 'twin'],
      functionIndex: Uint32Array.from([
        ...invocations.functionIndex,
        ...invocations.functionIndex.map(() => 1),
      ]),
      start: Float64Array.from([...invocations.start, ...invocations.start]),
      end: Float64Array.from([...invocations.end, ...invocations.end]),
    };
    const account = attribute({ ...trace, usage: twin, invocations: both }, { mode: 'combined' });
    const whole = cpuJoules.count ?? 0;
    expect(wholeOf(account, 'count') / whole).toBeCloseTo(0.75, 1);
    expect(wholeOf(account, 'twin') / whole).toBeCloseTo(0.25, 1);
  });

  it('says what is missing, and what would mend it', () => {
    const lineOf = (without: 'usage' | 'cpu') =>
      accountOrReason(plainMachine({ functions: FUNCTIONS, seconds: 100, without: [without] }).trace);
    expect(lineOf('usage')).toBe(
      'the mode "combined" can\'t be used: the trace has no usage of the processor. Record usage.csv beside it (t,principal,cpu_s and counters where there are any), or choose another mode',
    );
    expect(lineOf('cpu')).toMatch(/the trace has no CPU power\. Fill the column cpu_w/);
    const { trace } = plainMachine({ functions: FUNCTIONS, seconds: 100 });
    const flat = { ...trace.power, cpuWatts: trace.power.cpuWatts.map(() => 9) };
    expect(() => attribute({ ...trace, power: flat }, { mode: 'combined' })).toThrow(
      /does not grow with CPU time/,
    );
  });

  it('leaves what usage does not tell of to nobody', () => {
    const { trace } = plainMachine({ functions: FUNCTIONS, seconds: 300 });
    const { usage } = trace;
    if (usage === undefined) throw new Error('usage is needed');
    const unknown = usage.cpuSeconds.map((value, row) => ((usage.t[row] ?? 0) > 150 ? Number.NaN : value));
    const account = attribute({ ...trace, usage: { ...usage, cpuSeconds: unknown } }, { mode: 'combined' });
    expect(account.findings.find(({ code }) => code === 'cpu-untold')?.count).toBeGreaterThan(150);
    expect(imbalance(account.shares)).toBeLessThan(1e-9);
    expect(account.shares.unattributedJoules).toBeGreaterThan(0.01 * account.shares.measuredJoules);
  });

  it('loses and makes no joule', () => {
    const anyFunction = fc.record({
      rate: fc.double({ min: 0.02, max: 1, noNaN: true }),
      seconds: fc.double({ min: 0.1, max: 4, noNaN: true }),
      cpus: fc.double({ min: 0.05, max: 4, noNaN: true }),
      restWatts: fc.double({ min: 0, max: 20, noNaN: true }),
    });
    fc.assert(
      fc.property(
        fc.array(anyFunction, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 1e6 }),
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.double({ min: 0, max: 5, noNaN: true }),
        (functions, seed, late, noiseWatts) => {
          const named = functions.map((each, f) => ({ ...each, name: `f${f}` }));
          const { trace } = plainMachine({ functions: named, seconds: 120, seed, late, noiseWatts });
          if (trace.invocations.start.length === 0) return;
          const account = accountOrReason(trace);
          if (typeof account === 'string') expect(account).toMatch(/no model of CPU power can be found/);
          else expect(imbalance(account.shares)).toBeLessThan(1e-9);
        },
      ),
      { numRuns: 15 },
    );
  });
});
