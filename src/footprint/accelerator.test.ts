import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Account } from './account.js';
import { attribute } from './attribute.js';
import { AttributeMode } from './options.js';
import { imbalance, type PlainFunction, plainMachine } from './testing/plain-machine.js';

const FUNCTIONS: readonly PlainFunction[] = [
  { name: 'train', rate: 0.15, seconds: 2, cpus: 0.2, acceleratorWatts: 20 },
  { name: 'infer', rate: 0.2, seconds: 1, cpus: 0.2, acceleratorWatts: 8 },
  { name: 'count', rate: 0.3, seconds: 1.5, cpus: 1.5 },
];
const USERS = ['train', 'infer'];
/** The online mode knows of no accelerator, as a running machine's account doesn't; it says so. */
const MODES = Object.values(AttributeMode).filter((mode) => mode !== AttributeMode.online);

const wholeOf = ({ functions }: Account, name: string): number => {
  const own = functions.find((each) => each.name === name);
  return (own?.individualJoules ?? 0) * (own?.invocations ?? 0);
};
const codesOf = ({ findings }: Account): string[] => findings.map(({ code }) => code);

describe("the accelerator's power", () => {
  const machine = plainMachine({ functions: FUNCTIONS, seconds: 500, late: 1.4 });
  const truth = (name: string): number =>
    (machine.cpuJoules[name] ?? 0) + (machine.acceleratorJoules[name] ?? 0);

  it.each(MODES)('goes to those who use it alone, in the mode %s', (mode) => {
    const account = attribute(machine.trace, { mode, acceleratorFunctions: USERS });
    // In the mode full idle power is in everybody's figures.
    if (mode !== 'full')
      for (const { name } of FUNCTIONS)
        expect(Math.abs(wholeOf(account, name) - truth(name))).toBeLessThan(0.1 * truth('train'));
    expect(wholeOf(account, 'train')).toBeGreaterThan(0.97 * (machine.acceleratorJoules.train ?? 0));
    expect(imbalance(account.shares)).toBeLessThan(1e-9);
    if (mode !== 'full') expect(account.r2).toBeGreaterThan(0.9);
    const train = account.functions.find(({ name }) => name === 'train');
    const marginal = (train?.marginalJoules ?? 0) * (train?.invocations ?? 0);
    expect(marginal).toBeGreaterThan(0.9 * (machine.acceleratorJoules.train ?? 0));
  });

  it('is told to be no part of the online mode', () => {
    const account = attribute(machine.trace, { mode: 'online', acceleratorFunctions: USERS });
    expect(codesOf(account)).toContain('accelerator-not-apart');
    expect(imbalance(account.shares)).toBeLessThan(1e-9);
  });

  it('tells apart by it functions that running time alone would not', () => {
    // Both run all the time; only one is ever on the accelerator, now and then.
    const { trace, acceleratorJoules } = plainMachine({
      functions: [
        { name: 'a', rate: 2, seconds: 2, cpus: 0.5 },
        { name: 'b', rate: 0.1, seconds: 3, cpus: 0.5, acceleratorWatts: 15 },
      ],
      seconds: 400,
    });
    const account = attribute(trace, { acceleratorFunctions: ['b'] });
    const own = acceleratorJoules.b ?? 0;
    expect(wholeOf(account, 'b')).toBeGreaterThan(own);
    expect(wholeOf(account, 'b')).toBeLessThan(1.5 * own);
  });

  it('is named by the trace, which is outweighed by the option', () => {
    const told = { ...machine.trace, description: { acceleratorFunctions: USERS } };
    expect(attribute(told).functions).toEqual(
      attribute(machine.trace, { acceleratorFunctions: USERS }).functions,
    );
    const other = attribute(told, { acceleratorFunctions: ['infer', 'nobody'] });
    expect(wholeOf(other, 'train')).toBeLessThan(wholeOf(attribute(told), 'train'));
    expect(other.findings.find(({ code }) => code === 'accelerator-strangers')?.message).toMatch(/"nobody"$/);
  });

  it('changes nothing without its column, and says so', () => {
    const { trace } = plainMachine({ functions: FUNCTIONS, seconds: 200, without: ['accelerator'] });
    const [with_, without] = [attribute(trace, { acceleratorFunctions: USERS }), attribute(trace)];
    expect(with_.functions).toEqual(without.functions);
    expect(with_.shares).toEqual(without.shares);
    expect(codesOf(with_)).toContain('no-accelerator-power');
    expect(codesOf(without)).not.toContain('no-accelerator-power');
    expect(codesOf(attribute(machine.trace))).toContain('accelerator-unnamed');
  });

  it("is nobody's while none of its functions runs", () => {
    const seconds = 300;
    const { trace, acceleratorJoules } = plainMachine({
      functions: FUNCTIONS.map((each) =>
        each.name === 'count' ? { ...each, rate: 1 } : { ...each, rate: 0.05 },
      ),
      seconds,
      strangers: [[100, 160, 30]],
    });
    const account = attribute(trace, { acceleratorFunctions: USERS });
    expect(account.shares.unattributedJoules).toBeGreaterThan(0.6 * 60 * 30);
    const own = USERS.reduce((sum, name) => sum + (acceleratorJoules[name] ?? 0), 0);
    expect(wholeOf(account, 'count')).toBeLessThan(1.3 * 5 * 1.5 * 1.5 * seconds + own);
    expect(imbalance(account.shares)).toBeLessThan(1e-9);
  });

  it('is what its functions usually draw where readings are missing', () => {
    const { power } = machine.trace;
    const acceleratorWatts = power.acceleratorWatts?.map((watts, row) =>
      row % 5 === 0 ? Number.NaN : watts,
    );
    if (acceleratorWatts === undefined) throw new Error('the column is needed');
    const account = attribute(
      { ...machine.trace, power: { ...power, acceleratorWatts } },
      { acceleratorFunctions: USERS },
    );
    expect(account.findings.find(({ code }) => code === 'accelerator-missing')?.count).toBeGreaterThan(100);
    expect(Math.abs(wholeOf(account, 'train') / truth('train') - 1)).toBeLessThan(0.05);
    expect(imbalance(account.shares)).toBeLessThan(1e-9);
  });

  it('loses and makes no joule, in any mode', () => {
    const anyFunction = fc.record({
      rate: fc.double({ min: 0.02, max: 0.6, noNaN: true }),
      seconds: fc.double({ min: 0.1, max: 4, noNaN: true }),
      cpus: fc.constantFrom(0, 0.3, 2),
      acceleratorWatts: fc.constantFrom(0, 5, 40),
    });
    fc.assert(
      fc.property(
        fc.array(anyFunction, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 1e6 }),
        fc.double({ min: -4, max: 4, noNaN: true }),
        fc.constantFrom(...MODES.filter((mode) => mode !== 'combined')),
        fc.subarray(['f0', 'f1', 'f2', 'f3']),
        (functions, seed, late, mode, acceleratorFunctions) => {
          const named = functions.map((each, f) => ({ ...each, name: `f${f}` }));
          const { trace } = plainMachine({ functions: named, seconds: 100, seed, late, noiseWatts: 2 });
          const account = attribute(trace, { mode, acceleratorFunctions });
          expect(imbalance(account.shares)).toBeLessThan(1e-9);
        },
      ),
      { numRuns: 25 },
    );
  });
});
