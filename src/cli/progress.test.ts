import { describe, expect, it } from 'vitest';
import { progressLine } from './progress.js';

describe('progressLine', () => {
  it.each([
    [0, 100, 'reading [........................] 0 %'],
    [50, 100, 'reading [############............] 50 %'],
    [99.9, 100, 'reading [#######################.] 99 %'],
    [200, 100, 'reading [########################] 100 %'],
    [0, 0, 'reading…'],
    [undefined, undefined, 'reading…'],
  ])('shows %d of %d', (done, total, line) => {
    expect(progressLine('reading', done, total)).toBe(line);
  });
});
