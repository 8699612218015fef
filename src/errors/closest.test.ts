import { describe, expect, it } from 'vitest';
import { closest, misspelt } from './closest.js';

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

describe('misspelt', () => {
  it.each([
    ['core', 'cores'],
    ['idle-w', 'idle_w'],
    ['Cores', 'cores'],
    ['notes', undefined],
    ['', undefined],
  ])('takes %j for a slip in writing %s', (word, meant) => {
    expect(misspelt(word, ['cores', 'idle_w'])).toBe(meant);
  });
});
