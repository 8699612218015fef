import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { fixtureHost } from '../testing/tree.js';
import { sampleWhile } from './sampling.js';

describe('sampleWhile', () => {
  it('samples soon at first and then at the interval, until it is told to stop', async () => {
    const host = fixtureHost({});
    const stop = new AbortController();
    const times: number[] = [];
    const sampling = sampleWhile(host, 0.1, stop.signal, () => times.push(host.clock.now()));
    for (let step = 0; step < 1200; step++) {
      host.clock.advance(0.001);
      await turn();
    }
    stop.abort();
    await sampling;
    const [first = 0, second = 0] = times;
    expect(first).toBeLessThan(0.0021);
    expect(second - first).toBeLessThan(0.0041);
    const last = times.slice(-5);
    for (const [index, time] of last.slice(1).entries())
      expect(time - (last[index] ?? 0)).toBeCloseTo(0.1, 2);
    const sampled = times.length;
    host.clock.advance(10);
    await turn();
    expect(times).toHaveLength(sampled);
  });
});
