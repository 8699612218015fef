import { describe, expect, it } from 'vitest';
import { observations, PROCESSOR, type Processor, withoutCounters } from './testing/processor.js';
import { CpuModelTracker } from './tracker.js';
import type { CpuObservation, CpuTrackerState } from './tracker-state.js';

const scaled = (factor: number): Processor => ({
  ...PROCESSOR,
  idleWatts: factor * PROCESSOR.idleWatts,
  joulesPerGigacycle: factor * PROCESSOR.joulesPerGigacycle,
  joulesPerMegamiss: factor * PROCESSOR.joulesPerMegamiss,
});
const feed = (tracker: CpuModelTracker, seen: readonly CpuObservation[]) =>
  seen.flatMap((one) => tracker.observe(one) ?? []);

describe('CpuModelTracker', () => {
  it('has no model at first, and says why', () => {
    const tracker = new CpuModelTracker();
    expect(tracker.reason).toBe('nothing was observed yet');
    const trainings = feed(tracker, observations(PROCESSOR, { seed: 1, rows: 30 }));
    expect(trainings).toMatchObject([{ t: 30, reason: 'first', rows: 30 }]);
    expect(tracker.model?.inputs).toContain('cpuSeconds');
    expect(tracker.reason).toBeUndefined();
  });

  it('leaves a model alone that holds, but for more rows when there are few', () => {
    const tracker = new CpuModelTracker();
    feed(tracker, observations(PROCESSOR, { seed: 2, rows: 1000 }));
    expect(tracker.counts).toEqual({ first: 1, grown: 2, 'too-high': 0, 'too-low': 0, inputs: 0 });
    expect(Math.abs(tracker.error)).toBeLessThan(0.05);
  });

  // As published, a model is fitted anew only where it says too little.
  it.each([
    ['too-low', 1.4],
    ['too-high', 0.65],
  ] as const)('fits anew when the model is %s', (reason, factor) => {
    const tracker = new CpuModelTracker();
    feed(tracker, observations(PROCESSOR, { seed: 3, rows: 400 }));
    const trainings = feed(tracker, observations(scaled(factor), { seed: 4, rows: 400, from: 400 }));
    expect(trainings[0]?.reason).toBe(reason);
    expect(Math.abs(trainings[0]?.errorBefore ?? 0)).toBeGreaterThan(0.05);
    // The first time, nearly all rows are of the time before.
    expect(Math.abs(trainings.at(-1)?.errorAfter ?? 1)).toBeLessThan(0.05);
    expect(trainings.length).toBeLessThan(6);
    expect(tracker.counts[reason]).toBeGreaterThan(0);
    expect(Math.abs((tracker.model?.idleWatts ?? 0) - factor * 5)).toBeLessThan(1);
    expect(Math.abs(tracker.error)).toBeLessThan(0.05);
  });

  it('fits anew when performance counters go, and when they come back', () => {
    const tracker = new CpuModelTracker();
    feed(tracker, observations(PROCESSOR, { seed: 5, rows: 200 }));
    feed(tracker, withoutCounters(observations(PROCESSOR, { seed: 6, rows: 200, from: 200 })));
    expect(tracker.model?.inputs).toEqual(['cpuSeconds']);
    expect(tracker.counts.inputs).toBeGreaterThan(0);
    const before = tracker.counts.inputs;
    feed(tracker, observations(PROCESSOR, { seed: 7, rows: 200, from: 400 }));
    expect(tracker.model?.inputs).toContain('cycles');
    expect(tracker.counts.inputs).toBe(before + 1);
  });

  it('rests between fits that do not help, and keeps what it has', () => {
    const tracker = new CpuModelTracker({ restRows: 50 });
    const seen = observations(PROCESSOR, { seed: 8, rows: 600 });
    // Power has nothing to do with the counters, and drifts.
    const trainings = feed(
      tracker,
      seen.map((one, i) => ({ ...one, watts: 20 + 15 * Math.sin(i / 40) + 0.01 * one.watts })),
    );
    for (const [i, { t }] of trainings.slice(1).entries())
      expect(t - (trainings[i]?.t ?? 0)).toBeGreaterThanOrEqual(50);
  });

  it('leaves out and counts what can not be used', () => {
    const tracker = new CpuModelTracker({ cores: 8 });
    const [one] = observations(PROCESSOR, { seed: 9, rows: 1 });
    if (one === undefined) throw new Error('no observation');
    tracker.observe({ ...one, watts: Number.NaN });
    tracker.observe({ ...one, watts: -4 });
    tracker.observe({ ...one, seconds: 0 });
    tracker.observe({ ...one, counters: { ...one.counters, cpuSeconds: 900 } });
    expect(tracker.missed).toBe(4);
    expect(tracker.save().rows).toEqual([]);
  });

  it('keeps a bounded history', () => {
    const tracker = new CpuModelTracker({ historyRows: 100 });
    feed(tracker, observations(PROCESSOR, { seed: 10, rows: 500 }));
    expect(tracker.save().rows).toHaveLength(100);
  });

  it('goes on after a restart as if there had been none', () => {
    const seen = [
      ...observations(PROCESSOR, { seed: 11, rows: 150 }),
      ...withoutCounters(observations(PROCESSOR, { seed: 12, rows: 30, from: 150 })),
      ...observations(scaled(1.5), { seed: 13, rows: 200, from: 180 }),
    ];
    const whole = new CpuModelTracker();
    feed(whole, seen);
    const first = new CpuModelTracker();
    feed(first, seen.slice(0, 170));
    const saved = JSON.parse(JSON.stringify(first.save())) as CpuTrackerState;
    const second = new CpuModelTracker({}, saved);
    expect(second.model).toEqual(first.model);
    feed(second, seen.slice(170));
    expect(second.save()).toEqual(whole.save());
    expect(() => new CpuModelTracker({}, { ...saved, rows: [[null, 1, 2]] })).toThrow(
      'a row of the saved CPU model has no time or no power',
    );
  });
});
