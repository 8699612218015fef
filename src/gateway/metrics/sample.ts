import { METRICS, type MetricDefinition, type MetricKey } from './definitions.js';

export interface MetricSample {
  readonly value: number;
  readonly labels: Readonly<Record<string, string>>;
  /** Of a counter: seconds since 1970 at which it began to count. */
  readonly since: number;
}

/** A metric with what it says now. */
export interface MetricFamily {
  readonly definition: MetricDefinition;
  readonly samples: readonly MetricSample[];
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

  constructor(key: MetricKey) {
    this.definition = METRICS[key];
  }

  add(value: number | undefined, since: number, labels: Readonly<Record<string, string>> = {}): void {
    if (value !== undefined) this.samples.push({ value, labels, since });
  }
}
