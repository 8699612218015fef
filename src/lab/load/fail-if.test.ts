import { describe, expect, it } from 'vitest';
import type { LoadFigures, LoadResult } from '../../model/index.js';
import { failCondition } from './fail-if.js';
import { Tally } from './tally.js';

const figures = (more: Partial<LoadFigures>): LoadFigures => ({ ...new Tally().figures(10), ...more });
const latency = { count: 100, mean: 0.1, min: 0.01, p50: 0.1, p90: 0.2, p99: 0.6, p999: 0.9, max: 1 };

const result: LoadResult = {
  startedAt: 0,
  measuredFrom: 0,
  endedAt: 10,
  warmUpSeconds: 0,
  seconds: 10,
  seed: 1,
  interrupted: false,
  total: figures({
    due: 200,
    failed: 3,
    perSecond: 19.7,
    latency,
    energy: { calls: 9, joules: 18, joulesPerCall: 2 },
  }),
  functions: [{ name: 'aes', url: '', arrival: '', ...figures({ due: 100, failed: 50 }) }],
  curve: [],
  generator: {
    lateness: undefined,
    heldBack: 0,
    cpuSeconds: 1,
    cpuSecondsPerCall: undefined,
    connections: 1,
  },
  findings: [],
};

describe('a condition under which a load fails', () => {
  it.each([
    ['p99>500ms', 'p99>500ms: it was 600 ms'],
    ['p99 > 0.7', undefined],
    ['p99.9>=900ms', 'p99.9>=900ms: it was 900 ms'],
    ['errors>1%', 'errors>1%: it was 1.50 %'],
    ['errors>1.5%', undefined],
    ['aes:errors>10%', 'aes:errors>10%: it was 50.00 %'],
    ['throughput<20', 'throughput<20: it was 19.7/s'],
    ['energy>1.5J', 'energy>1.5J: it was 2.00 J'],
    ['energy<=1', undefined],
    // What can't be known does not pass for good.
    ['aes:p99>1s', 'aes:p99>1s: p99 is not known'],
    ['other:p99>1s', 'other:p99>1s: there is no function other'],
  ])('%s', (text, broken) => {
    expect(failCondition(text).check(result)).toBe(broken);
  });

  it.each([
    ['p98>1s', /must compare one of errors, /],
    ['p99', /must compare/],
    ['p99=1s', /must compare/],
    ['errors>3', /no bound of errors/],
    ['p99>fast', /no bound of p99/],
    ['', /must compare/],
  ])('is refused when it is none: %j', (text, message) => {
    expect(() => failCondition(text)).toThrow(message);
  });
});
