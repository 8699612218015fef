import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Domain } from '../../model/index.js';
import type { MeterReading } from '../meter-reading.js';
import type { EnergySource } from '../source.js';
import { anyAmount } from '../testing/amount.js';
import type { CpuScope } from './span.js';
import { SpanLedger } from './span-ledger.js';

/** A machine that is turned by hand: it draws `watts` and is busy with what the scopes do plus `others`. */
function machine(idleWatts?: number) {
  const source = {
    name: 'rapl',
    yields: 'energy',
    provenance: 'measured',
    uncertainty: 0.05,
  } as EnergySource;
  const state = { at: 0, joules: 0, busy: 0 };
  const read = (): MeterReading => ({
    at: state.at,
    energies: [{ source, domain: 'package' as Domain, joules: state.joules }],
    busySeconds: state.busy,
  });
  const ledger = new SpanLedger({ read, absent: [] }, () => idleWatts);
  const scope = (): CpuScope & { used: number } => {
    const clock = { used: 0, cpuSeconds: () => clock.used };
    return clock;
  };
  return { state, ledger, scope };
}

describe('SpanLedger', () => {
  it('gives a span alone on the machine all that work caused, and keeps idle apart', () => {
    const { state, ledger, scope } = machine(10);
    const own = scope();
    const span = ledger.begin('alone', own);
    Object.assign(state, { at: 2, joules: 100, busy: 2 });
    own.used = 2;
    expect(span.stop()).toMatchObject({
      wallSeconds: 2,
      cpuSeconds: 2,
      energies: [
        {
          source: 'rapl',
          domain: 'package',
          nodeJoules: 100,
          joules: 80,
          idleJoules: 20,
          provenance: 'measured',
        },
      ],
    });
  });

  it('shares with the rest of the machine by CPU time', () => {
    const { state, ledger, scope } = machine(0);
    const own = scope();
    const span = ledger.begin('half', own);
    Object.assign(state, { at: 1, joules: 60, busy: 2 });
    own.used = 0.5;
    expect(span.stop().energies[0]?.joules).toBeCloseTo(15);
  });

  it('halves the time of a clock that two overlapping spans share', () => {
    const { state, ledger, scope } = machine(0);
    const own = scope();
    const a = ledger.begin('a', own);
    Object.assign(state, { at: 1, joules: 10, busy: 1 });
    own.used = 1;
    const b = ledger.begin('b', own);
    Object.assign(state, { at: 2, joules: 20, busy: 2 });
    own.used = 2;
    expect(a.stop().energies[0]?.joules).toBeCloseTo(15);
    expect(b.stop().energies[0]?.joules).toBeCloseTo(5);
  });

  it('begins in a phase when that is named', () => {
    const { state, ledger, scope } = machine(0);
    const own = scope();
    const span = ledger.begin('work', own, 'read');
    Object.assign(state, { at: 1, joules: 5, busy: 1 });
    own.used = 1;
    expect(span.stop().phases).toMatchObject([{ name: 'read', wallSeconds: 1, cpuSeconds: 1 }]);
  });

  it('tells phases apart, and adds a phase that is entered twice', () => {
    const { state, ledger, scope } = machine(0);
    const own = scope();
    const span = ledger.begin('work', own);
    const step = (name: string, joules: number): void => {
      span.phase(name);
      state.at += 1;
      state.joules += joules;
      state.busy += 1;
      own.used += 1;
    };
    step('read', 1);
    step('compute', 10);
    step('read', 2);
    const result = span.stop();
    expect(result.phases.map((phase) => [phase.name, phase.wallSeconds, phase.energies[0]?.joules])).toEqual([
      ['read', 2, 3],
      ['compute', 1, 10],
    ]);
    expect(result.energies[0]?.joules).toBe(13);
  });

  it('says that idle is unknown rather than 0', () => {
    const { state, ledger } = machine(undefined);
    const span = ledger.begin('x');
    Object.assign(state, { at: 1, joules: 5, busy: 1 });
    expect(span.stop().energies[0]?.idleJoules).toBeUndefined();
  });

  it('returns the same result when stopped twice, and refuses a phase after that', () => {
    const { ledger } = machine();
    const span = ledger.begin('x');
    expect(span.stop()).toBe(span.stop());
    expect(() => span.phase('late')).toThrow(/has ended/);
  });

  it('never gives spans more than the machine drew, nor less than nothing, however they overlap', () => {
    const amount = anyAmount(100);
    const step = fc.record({
      seconds: amount,
      joules: amount,
      others: fc.double({ min: -1, max: 10, noNaN: true }),
      uses: fc.array(amount, { minLength: 3, maxLength: 3 }),
      act: fc.constantFrom('begin', 'stop', 'phase'),
      which: fc.nat({ max: 2 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.option(amount, { nil: undefined }), (steps, idle) => {
        const { state, ledger, scope } = machine(idle);
        const scopes = [scope(), scope(), scope()];
        const open: ReturnType<typeof ledger.begin>[] = [];
        const results: ReturnType<(typeof open)[number]['stop']>[] = [];
        for (const { seconds, joules, others, uses, act, which } of steps) {
          const [own] = scopes.slice(which);
          if (act === 'begin') open.push(ledger.begin('s', own));
          const [span] = open.slice(which);
          if (act === 'phase') span?.phase(String(which));
          if (act === 'stop' && span)
            results.push(...open.splice(open.indexOf(span), 1).map((s) => s.stop()));
          state.at += seconds;
          state.joules += joules;
          uses.forEach((used, index) => {
            const clock = scopes[index];
            if (clock) clock.used += used;
          });
          state.busy += Math.max(
            0,
            uses.reduce((sum, used) => sum + used, others),
          );
        }
        results.push(...open.map((span) => span.stop()));
        const all = results.flatMap((result) => result.energies);
        for (const energy of [...all, ...results.flatMap((r) => r.phases.flatMap((p) => p.energies))]) {
          expect(energy.joules).toBeGreaterThanOrEqual(0);
          expect(energy.idleJoules ?? 0).toBeGreaterThanOrEqual(0);
        }
        const total = all.reduce((sum, energy) => sum + energy.joules + (energy.idleJoules ?? 0), 0);
        expect(total).toBeLessThanOrEqual(state.joules * (1 + 1e-9) + 1e-9);
      }),
    );
  });
});
