import { describe, expect, it } from 'vitest';
import type { PowerSeries } from '../../maths/index.js';
import { observe, restless } from '../../maths/testing/signal.js';
import { LagTracker } from './lag-tracker.js';

/** Feeds two series as they would come in: by the time of their stamps. */
function feed(tracker: LagTracker, first: PowerSeries, second: PowerSeries): void {
  const all = [
    ...first.samples.map((sample) => ({ side: 'first' as const, sample })),
    ...second.samples.map((sample) => ({ side: 'second' as const, sample })),
  ].sort((a, b) => a.sample.at - b.sample.at);
  for (const { side, sample } of all) tracker.add(side, sample);
}

const HOUR = 3600;
const machine = restless(42, 2 * HOUR, 3);
const first = observe(machine, { seconds: 2 * HOUR, interval: 1, noise: 1 });

describe('LagTracker', () => {
  it('finds how fast two clocks drift apart', () => {
    const tracker = new LagTracker('mean', 'mean');
    feed(
      tracker,
      first,
      observe(machine, { seconds: 2 * HOUR, interval: 1, noise: 2, late: (t) => 2 + 150e-6 * t, seed: 9 }),
    );
    const drift = tracker.driftPpm;
    expect(tracker.windows.length).toBeGreaterThanOrEqual(22);
    expect(drift?.standardError).toBeLessThan(25);
    expect(Math.abs((drift?.value ?? 0) - 150)).toBeLessThan(3 * (drift?.standardError ?? 0));
    expect(tracker.lagAt(HOUR)).toBeCloseTo(2.54, 1);
  });

  it('finds none where there is none', () => {
    const tracker = new LagTracker('mean', 'mean');
    feed(
      tracker,
      first,
      observe(machine, { seconds: 2 * HOUR, interval: 1, noise: 2, late: -11.2, seed: 9 }),
    );
    const drift = tracker.driftPpm;
    expect(Math.abs(drift?.value ?? Number.NaN)).toBeLessThan(3 * (drift?.standardError ?? 0));
    expect(tracker.lagAt(0)).toBeCloseTo(-11.2, 1);
  });

  it('knows nothing before a window is full, and counts windows that tell nothing', () => {
    const tracker = new LagTracker('mean', 'mean', { windowSeconds: 60 });
    expect(tracker.driftPpm).toBeUndefined();
    expect(tracker.lagAt(5)).toBeUndefined();
    const flat: PowerSeries = { ...first, samples: first.samples.map(({ at }) => ({ at, watts: 50 })) };
    const short = (series: PowerSeries) => ({
      ...series,
      samples: series.samples.filter(({ at }) => at < 300),
    });
    feed(tracker, short(first), short(flat));
    expect([tracker.windows.length, tracker.undetermined]).toEqual([0, 4]);
  });

  it('goes on when one of the two was silent for a while', () => {
    const tracker = new LagTracker('mean', 'mean', { windowSeconds: 100 });
    const second = observe(machine, { seconds: 2 * HOUR, interval: 1, noise: 1, late: 4, seed: 3 });
    feed(tracker, first, { ...second, samples: second.samples.filter(({ at }) => at < 1000 || at > 4000) });
    expect(tracker.undetermined).toBeGreaterThan(5);
    expect(tracker.windows.some(({ at }) => at > 1000 && at < 4000)).toBe(false);
    expect(tracker.windows.filter(({ at }) => at > 4000).length).toBeGreaterThan(20);
    expect(tracker.lagAt(5000)).toBeCloseTo(4, 1);
  });

  it('forgets what it does not need any more', () => {
    const tracker = new LagTracker('mean', 'mean', { windowSeconds: 60, maxWindows: 5 });
    feed(tracker, first, first);
    tracker.add('first', { at: 10, watts: 99 });
    tracker.add('first', { at: Number.NaN, watts: 99 });
    expect(tracker.windows).toHaveLength(5);
    expect(tracker.windows.at(-1)?.at).toBeGreaterThan(HOUR);
  });
});
