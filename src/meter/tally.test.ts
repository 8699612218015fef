import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EnergyReading } from '../model/index.js';
import { EnergyTally } from './tally.js';

const counter = (at: number, joules: number, device = 'package-0'): EnergyReading => ({
  kind: 'counter',
  domain: 'package',
  device,
  at,
  joules,
});
const power = (at: number, watts: number, device = 'meter'): EnergyReading => ({
  kind: 'power',
  domain: 'system',
  device,
  at,
  watts,
});

describe('EnergyTally', () => {
  it('adds the devices of a domain', () => {
    const tally = new EnergyTally();
    tally.advance([counter(0, 0), counter(0, 5, 'package-1')]);
    tally.advance([counter(1, 10), counter(1, 25, 'package-1')]);
    expect(tally.joules(1).get('package')).toBe(30);
  });

  it('integrates power by trapezoids and holds the last sample', () => {
    const tally = new EnergyTally();
    tally.advance([power(0, 10)]);
    tally.advance([power(2, 20)]);
    expect(tally.joules(2).get('system')).toBe(30);
    expect(tally.joules(3).get('system')).toBe(50);
  });

  it('takes figures that come late to speak of the time before', () => {
    const tally = new EnergyTally();
    tally.lagSeconds = 2;
    tally.advance([power(2, 10)]);
    tally.advance([power(4, 10)]);
    tally.advance([power(6, 30)]);
    expect(tally.joules(4).get('system')).toBe(60);
  });

  it('loses nothing when a device is away for a while', () => {
    const tally = new EnergyTally();
    tally.advance([counter(0, 0), counter(0, 0, 'package-1')]);
    tally.advance([counter(1, 1)]);
    tally.advance([counter(2, 2), counter(2, 8, 'package-1')]);
    expect(tally.joules(2).get('package')).toBe(10);
  });

  it('invents nothing for a gauge that does not answer any more', () => {
    const tally = new EnergyTally(15);
    tally.advance([power(0, 10)]);
    tally.advance([power(1, 10)]);
    tally.advance([]);
    expect(tally.domains(3600).get('system')).toEqual({ joules: 160, readAt: 1, inLastReading: false });
    tally.advance([power(3600, 30)]);
    expect(tally.domains(3600).get('system')).toEqual({ joules: 160, readAt: 3600, inLastReading: true });
    tally.advance([power(3601, 30)]);
    expect(tally.joules(3601).get('system')).toBe(190);
  });

  it('integrates over any interval while every reading has the gauge', () => {
    const tally = new EnergyTally(15);
    tally.advance([power(0, 10)]);
    tally.advance([power(60, 20)]);
    expect(tally.joules(120).get('system')).toBe(900 + 1200);
  });

  it('bridges a gauge that misses a reading or two', () => {
    const tally = new EnergyTally(15);
    tally.advance([power(0, 10)]);
    tally.advance([]);
    expect(tally.domains(1).get('system')).toMatchObject({ inLastReading: false });
    tally.advance([power(2, 20)]);
    expect(tally.joules(2).get('system')).toBe(30);
  });

  it('never goes backwards, whatever the readings say', () => {
    const value = fc.oneof(
      fc.double({ min: 0, max: 1e4 }),
      fc.constantFrom(Number.NaN, -1, Number.POSITIVE_INFINITY),
    );
    const step = fc.record({
      dt: fc.double({ min: 0, max: 5, noNaN: true }),
      value,
      kind: fc.constantFrom('counter', 'power', 'silent'),
    });
    const holds = fc.constantFrom(2, 15, Number.POSITIVE_INFINITY);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), holds, (steps, hold) => {
        const tally = new EnergyTally(hold);
        let at = 0;
        let before = 0;
        for (const { dt, value, kind } of steps) {
          at += dt;
          if (kind === 'silent') tally.advance([]);
          else
            tally.advance([
              kind === 'counter'
                ? { ...counter(at, value), domain: 'system', device: 'meter' }
                : power(at, value),
            ]);
          const now = tally.joules(at + dt).get('system') ?? 0;
          expect(now).toBeGreaterThanOrEqual(before);
          before = now;
        }
      }),
    );
  });
});
