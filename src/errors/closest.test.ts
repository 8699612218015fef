import { describe, expect, it } from 'vitest';
import { closest } from './closest.js';

describe('closest', () => {
  it.each([
    ['rapll', 'rapl'],
    ['RAPL', 'rapl'],
    ['perf_power', 'perf-power'],
    ['', 'rapl'],
  ])('takes %j for %s', (word, candidate) => {
    expect(closest(word, ['rapl', 'perf-power', 'scaphandre'])).toBe(candidate);
  });

  it('finds nothing among nothing', () => {
    expect(closest('rapl', [])).toBeUndefined();
  });
});
