import { describe, expect, it } from 'vitest';
import type { Account } from './account.js';
import { attribute } from './attribute.js';
import { imbalance, type PlainFunction, plainMachine } from './testing/plain-machine.js';

const FUNCTIONS: readonly PlainFunction[] = [
  { name: 'a', rate: 0.12, seconds: 2, cpus: 2 },
  { name: 'b', rate: 0.05, seconds: 5, cpus: 1, restWatts: 8 },
];
const HOUR = 3600;

const driftOf = ({ findings }: Account): string | undefined =>
  findings.find(({ code }) => code === 'lag-drift')?.message;
const figures = (text: string | undefined): number[] => (text?.match(/[+-]?\d+\.\d+/g) ?? []).map(Number);

describe('a lag that changes', () => {
  it('is undone where a clock runs fast', () => {
    const late = (t: number): number => 1.5 + (4 * t) / HOUR;
    const { trace } = plainMachine({ functions: FUNCTIONS, seconds: HOUR, late, noiseWatts: 1 });
    const account = attribute(trace);
    const [start = 0, end = 0, anHour = 0] = figures(driftOf(account));
    expect(start).toBeCloseTo(1.5, 0);
    expect(Math.abs(end - 5.5)).toBeLessThan(0.25);
    expect(Math.abs(anHour - 4)).toBeLessThan(0.25);
    expect(Math.abs((account.lagSeconds ?? 0) - 1.5)).toBeLessThan(0.25);
    expect(account.provenance.lag_s?.method).toMatch(
      /^from the work; as the work begins: it changes by 4\.\d+ s/,
    );
    const still = plainMachine({ functions: FUNCTIONS, seconds: HOUR, late: 1.5, noiseWatts: 1 });
    expect(account.r2).toBeGreaterThan((attribute(still.trace).r2 ?? 1) - 0.02);
    expect(imbalance(account.shares)).toBeLessThan(1e-9);
  });

  it('is undone where a clock was set, from the moment on at which it was', () => {
    const late = (t: number): number => (t < 1234 ? -1 : 4);
    const { trace } = plainMachine({ functions: FUNCTIONS, seconds: HOUR, late, noiseWatts: 1 });
    // The clock passes over the seconds by which it was set forward.
    const kept = [...trace.power.t.keys()].filter((row) => {
      const t = trace.power.t[row] ?? 0;
      return t < 1234 || t >= 1239;
    });
    const pick = (values: Float64Array): Float64Array =>
      Float64Array.from(kept, (row) => values[row] ?? Number.NaN);
    const { t, systemWatts, cpuWatts } = trace.power;
    const power = { t: pick(t), systemWatts: pick(systemWatts), cpuWatts: pick(cpuWatts) };
    const account = attribute({ ...trace, power });
    const message = driftOf(account);
    expect(message).toMatch(/at 12[0-9][0-9] s\)/);
    const [start = 0, end = 0, step = 0] = figures(message);
    expect(Math.abs(start + 1)).toBeLessThan(0.25);
    expect(Math.abs(end - 4)).toBeLessThan(0.25);
    expect(Math.abs(step - 5)).toBeLessThan(0.25);
    expect(Math.abs((account.lagSeconds ?? 0) + 1)).toBeLessThan(0.3);
    expect(account.r2).toBeGreaterThan(0.9);
    expect(imbalance(account.shares)).toBeLessThan(1e-9);
  });

  it('is left alone where there is none beyond doubt, or where it was given', () => {
    for (const seed of [1, 2, 3]) {
      const { trace } = plainMachine({
        functions: FUNCTIONS,
        seconds: HOUR,
        late: -3.3,
        noiseWatts: 3,
        seed,
      });
      expect(driftOf(attribute(trace))).toBeUndefined();
    }
    const late = (t: number): number => 1.5 + (4 * t) / HOUR;
    const { trace } = plainMachine({ functions: FUNCTIONS, seconds: HOUR, late });
    const account = attribute(trace, { lagSeconds: 2 });
    expect(driftOf(account)).toBeUndefined();
    expect(account.lagSeconds).toBe(2);
  });
});
