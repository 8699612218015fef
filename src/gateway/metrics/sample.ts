import { METRICS, type MetricDefinition, type MetricKey } from './definitions.js';

export interface MetricSample {
  readonly value: number;
  readonly labels: Readonly<Record<string, string>>;
  /** Of a counter: seconds since 1970 at which it began to count. */
  readonly since: number;
}

/** One observation, with the trace in which it was made. */
export interface Exemplar {
  readonly traceId: string;
  readonly value: number;
  /** Seconds since 1970. */
  readonly at: number;
}

/** Observations by size. */
export interface HistogramSample {
  readonly labels: Readonly<Record<string, string>>;
  /** Seconds since 1970 at which it began to count. */
  readonly since: number;
  /** Upper edges of its buckets, growing. */
  readonly edges: readonly number[];
  /** Observations up to each edge, and last all of them: one more than edges. */
  readonly cumulative: readonly number[];
  readonly sum: number;
  /** The latest of a bucket that has one, by the bucket's index. */
  readonly exemplar?: (bucket: number) => Exemplar | undefined;
}

/** A metric with what it says now. */
export interface MetricFamily {
  readonly definition: MetricDefinition;
  readonly samples: readonly MetricSample[];
  /** What a histogram says in place of samples. */
  readonly histograms?: readonly HistogramSample[];
}

/** What is said now: all metrics, as of one moment. */
export interface MetricPage {
  /** Seconds since 1970. */
  readonly time: number;
  readonly families: readonly MetricFamily[];
}

/** Puts families together. Values that are absent (undefined) leave no sample, and samples none leave no family. */
export class FamilyWriter {
  readonly definition: MetricDefinition;
  readonly samples: MetricSample[] = [];
  readonly histograms: HistogramSample[] = [];

  constructor(key: MetricKey) {
    this.definition = METRICS[key];
  }

  add(value: number | undefined, since: number, labels: Readonly<Record<string, string>> = {}): void {
    if (value !== undefined) this.samples.push({ value, labels, since });
  }

  addHistogram(histogram: HistogramSample): void {
    this.histograms.push(histogram);
  }
}
