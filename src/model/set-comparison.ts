import type { Configuration } from './configuration.js';
import type { Difference } from './difference.js';
import type { MetricName } from './metric.js';

/** A metric of a stage under one configuration, in two sets of results: from the first to the second. */
export interface MatchedComparison {
  readonly stage: string;
  readonly configuration: Configuration;
  readonly metric: MetricName;
  readonly difference: Difference;
}

/** What only one set has, or has too little of, and why it isn't compared. */
export interface Unmatched {
  readonly stage: string;
  readonly configuration: Configuration;
  /** A single metric of it; everything where not given. */
  readonly metric?: MetricName;
  readonly reason: string;
}

/** Two sets of results: one machine against another, one place against another. */
export interface SetComparison {
  readonly labels: readonly [first: string, second: string];
  readonly matched: readonly MatchedComparison[];
  readonly unmatched: readonly Unmatched[];
  readonly notes: readonly string[];
}
