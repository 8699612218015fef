import { describe, expect, it } from 'vitest';
import { FakePerf, systemError } from '../testing/fake-perf.js';
import type { Metric, MetricEvent } from './events.js';
import { Place, sumOf } from './place.js';

const event = (metric: Metric, type: number, config: bigint): MetricEvent => ({ metric, type, config });
const CYCLES = event('cycles', 0, 0n);
const INSTRUCTIONS = event('instructions', 0, 1n);
const MISSES = event('llcMisses', 0, 3n);
const CLOCK = event('cpuNanoseconds', 1, 1n);
const TARGET = { pid: 1 };

describe('a place', () => {
  it('opens its events in groups and tells each total', () => {
    const kernel = new FakePerf();
    kernel.count = ({ type, config }) => ({ count: BigInt(type) * 100n + config });
    const place = new Place(kernel.openGroup, [[CLOCK], [CYCLES, INSTRUCTIONS]], TARGET);
    expect(kernel.open.size).toBe(2);
    place.read();
    expect([place.total('cpuNanoseconds'), place.total('cycles'), place.total('instructions')]).toEqual([
      101n,
      0n,
      1n,
    ]);
    expect(place.total('llcMisses')).toBeUndefined();
  });

  it('adds up kinds of core without taking time on the other kind for time off the counter', () => {
    const kernel = new FakePerf();
    // A thread that was a quarter of its time on one kind and the rest on the other.
    kernel.count = ({ config }) =>
      config === 0n
        ? { count: 250n, enabled: 100n, running: 25n }
        : { count: 300n, enabled: 100n, running: 75n };
    const place = new Place(kernel.openGroup, [[CYCLES], [{ ...CYCLES, config: 9n }]], TARGET);
    place.read();
    expect(place.total('cycles')).toBe(550n);
  });

  it('stretches a count by the time that it shared its counter', () => {
    const kernel = new FakePerf();
    kernel.count = () => ({ count: 10n, enabled: 30n, running: 10n });
    const place = new Place(kernel.openGroup, [[CYCLES]], TARGET);
    place.read();
    expect(place.total('cycles')).toBe(30n);
  });

  it('leaves nothing open when it can not be opened whole', () => {
    const kernel = new FakePerf();
    kernel.refuse = ({ config }) => (config === 3n ? 'EMFILE' : undefined);
    const open = () => new Place(kernel.openGroup, [[CLOCK], [CYCLES], [MISSES]], TARGET);
    expect(open).toThrow(expect.objectContaining({ code: 'EMFILE' }));
    expect(kernel.open.size).toBe(0);
  });

  it('keeps its totals when it can no longer be read, and after it was closed', () => {
    const kernel = new FakePerf();
    kernel.count = () => ({ count: 5n });
    const place = new Place(kernel.openGroup, [[CYCLES]], TARGET);
    place.read();
    kernel.count = () => {
      throw systemError('EIO');
    };
    expect(() => place.read()).toThrow();
    place.close();
    expect(place.total('cycles')).toBe(5n);
  });
});

describe('sumOf', () => {
  it('adds places, and knows nothing when one of them is unknown', () => {
    const kernel = new FakePerf();
    const places = [1, 2].map((pid) => new Place(kernel.openGroup, [[CYCLES]], { pid }));
    kernel.count = () => ({ count: 2n ** 52n });
    for (const place of places) place.read();
    expect(sumOf(places, 'cycles')).toBe(2 ** 53);
    const starved = new Place(kernel.openGroup, [[CYCLES]], { pid: 3 });
    kernel.count = () => ({ count: 0n, enabled: 5n, running: 0n });
    starved.read();
    expect(sumOf([...places, starved], 'cycles')).toBeUndefined();
    expect(sumOf([], 'cycles')).toBeUndefined();
  });
});
