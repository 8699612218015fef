import type { Exemplar } from '../../metrics/sample.js';

/** Upper edges in seconds: from a call of a millisecond to one of a minute, so that percentiles of both can be told. */
export const SECONDS_BUCKETS: readonly number[] = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
];

/** Durations by bucket, as Prometheus wants them. */
export class Histogram {
  /** By bucket, not added up; the last is beyond all edges. */
  readonly #counts = new Float64Array(SECONDS_BUCKETS.length + 1);
  readonly #exemplars: (Exemplar | undefined)[] = [];
  count = 0;
  sum = 0;

  add(seconds: number, traceId: string | undefined): void {
    let bucket = 0;
    while (bucket < SECONDS_BUCKETS.length && seconds > (SECONDS_BUCKETS[bucket] ?? 0)) bucket++;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.count++;
    this.sum += seconds;
    if (traceId !== undefined) this.#exemplars[bucket] = { traceId, value: seconds, at: Date.now() / 1e3 };
  }

  /** Observations up to each edge, the last up to infinity. */
  cumulative(): number[] {
    let sum = 0;
    return Array.from(this.#counts, (count) => {
      sum += count;
      return sum;
    });
  }

  /** What another one counted, counted here too. */
  addAll(other: Histogram): void {
    for (const [bucket, count] of other.#counts.entries()) {
      this.#counts[bucket] = (this.#counts[bucket] ?? 0) + count;
      const exemplar = other.#exemplars[bucket];
      if (exemplar && exemplar.at > (this.#exemplars[bucket]?.at ?? 0)) this.#exemplars[bucket] = exemplar;
    }
    this.count += other.count;
    this.sum += other.sum;
  }

  exemplar(bucket: number): Exemplar | undefined {
    return this.#exemplars[bucket];
  }
}
