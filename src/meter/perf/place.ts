import type { PerfOptions } from '../native/perf-attributes.js';
import type { OpenPerfGroup, PerfGroup, PerfTarget } from '../native/perf-event.js';
import { ScaledCounter } from '../native/perf-scale.js';
import type { Metric, MetricEvent } from './events.js';

interface OpenGroup {
  readonly group: PerfGroup;
  readonly events: readonly MetricEvent[];
}

/** A count of one metric, summed over the kinds of core that have it. */
interface Sum {
  readonly counter: ScaledCounter;
  count: bigint;
  enabled: bigint;
  running: bigint;
}

/** The counters of one thread or of one processor, made whole: scaled for time off the counter, summed over kinds of core. */
export class Place {
  readonly #groups: OpenGroup[] = [];
  readonly #sums = new Map<Metric, Sum>();

  /** `batches` are groups of events. Throws a system error when one can't be opened; nothing stays open then. */
  constructor(
    open: OpenPerfGroup,
    batches: readonly (readonly MetricEvent[])[],
    target: PerfTarget,
    options: PerfOptions = {},
  ) {
    try {
      for (const events of batches) {
        this.#groups.push({ group: open(events, target, options), events });
      }
    } catch (error) {
      this.close();
      throw error;
    }
    for (const { metric } of batches.flat()) {
      this.#sums.set(metric, { counter: new ScaledCounter(), count: 0n, enabled: 0n, running: 0n });
    }
  }

  /** Reads all counters. Throws a system error; the totals stay as they were then. */
  read(): void {
    for (const sum of this.#sums.values()) sum.count = sum.enabled = sum.running = 0n;
    for (const { group, events } of this.#groups) {
      const { enabled, running, counts } = group.read();
      for (let index = 0; index < events.length; index++) {
        const sum = this.#sums.get(events[index]?.metric ?? 'cpuNanoseconds');
        if (sum === undefined) continue;
        // A thread is on one kind of core at a time: the times on a counter add up, the time to be counted is the same.
        sum.count += counts[index] ?? 0n;
        sum.running += running;
        if (enabled > sum.enabled) sum.enabled = enabled;
      }
    }
    for (const sum of this.#sums.values()) sum.counter.advance(sum);
  }

  /** The total of a metric; undefined when it is not counted here, or could not be. */
  total(metric: Metric): bigint | undefined {
    return this.#sums.get(metric)?.counter.total;
  }

  close(): void {
    for (const { group } of this.#groups) group.close();
    this.#groups.length = 0;
    // The totals stay readable.
  }
}

/** The sum of a metric over places; undefined when a single one is unknown: half a sum is no sum. */
export function sumOf(places: readonly Place[], metric: Metric): number | undefined {
  let sum = 0n;
  for (const place of places) {
    const total = place.total(metric);
    if (total === undefined) return undefined;
    sum += total;
  }
  return places.length === 0 ? undefined : Number(sum);
}
