import { afterEach, describe, expect, it, vi } from 'vitest';
import { ManualClock, systemClock } from './clock.js';

afterEach(() => void vi.useRealTimers());

describe('systemClock', () => {
  it('sleeps for longer than a timer can be set', async () => {
    vi.useFakeTimers();
    let awake = false;
    const days = 60;
    void systemClock.sleep(days * 86_400).then(() => {
      awake = true;
    });
    await vi.advanceTimersByTimeAsync((days - 1) * 86_400_000);
    expect(awake).toBe(false);
    await vi.advanceTimersByTimeAsync(86_400_000);
    expect(awake).toBe(true);
  });

  it('wakes at once when it is told to, and leaves no timer behind', async () => {
    vi.useFakeTimers();
    const stop = new AbortController();
    const slept = systemClock.sleep(3600, stop.signal);
    stop.abort();
    await slept;
    expect(vi.getTimerCount()).toBe(0);
    await systemClock.sleep(3600, stop.signal);
  });

  it('never goes backwards', () => {
    const times = Array.from({ length: 1000 }, () => systemClock.now());
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });
});

describe('ManualClock', () => {
  it('wakes sleepers in the order of their times', async () => {
    const clock = new ManualClock();
    const woken: number[] = [];
    const all = [3, 1, 2].map((seconds) => clock.sleep(seconds).then(() => woken.push(seconds)));
    clock.advance(5);
    await Promise.all(all);
    expect(woken).toEqual([1, 2, 3]);
    expect(clock.now()).toBe(5);
  });
});
