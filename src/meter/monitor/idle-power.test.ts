import { describe, expect, it } from 'vitest';
import { LearntIdlePower } from './idle-power.js';

describe('LearntIdlePower', () => {
  it('knows nothing at first, learns in quiet ticks, and stands while the machine works', () => {
    const idle = new LearntIdlePower();
    expect(idle.learn('rapl', 'package', 20, 0.01)).toBeUndefined();
    let watts: number | undefined;
    for (let tick = 0; tick < 60; tick++) watts = idle.learn('rapl', 'package', 20, 0.01);
    expect(watts).toBe(20);
    expect(idle.learn('rapl', 'package', 90, 0.9)).toBe(20);
  });

  it('learns each source and domain by itself', () => {
    const idle = new LearntIdlePower();
    for (let tick = 0; tick < 60; tick++) idle.learn('rapl', 'package', 20, 0.01);
    expect(idle.learn('rapl', 'dram', 3, 0.01)).toBeUndefined();
    expect(idle.learn('ipmi', 'package', 30, 0.01)).toBeUndefined();
  });
});
