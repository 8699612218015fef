import type { Configuration } from './configuration.js';
import type { AxisName, MetricName } from './metric.js';

export const RECOMMENDATION_KINDS = [
  'fastest',
  'least-energy',
  'cheapest',
  'balanced',
  'no-difference',
  'fewer-workers',
  'less-cpu',
  'less-memory',
] as const;
export type RecommendationKind = (typeof RECOMMENDATION_KINDS)[number];

/** A piece of advice that the figures bear. */
export interface Recommendation {
  readonly kind: RecommendationKind;
  readonly stage: string;
  readonly configuration: Configuration;
  /** What it is recommended instead of, where it is something in particular. */
  readonly instead?: Configuration;
  /** What it is judged by, or changes. */
  readonly about: MetricName | AxisName | 'all';
  /** The advice as a sentence. */
  readonly advice: string;
  /** The figures that it stands on, as sentences. */
  readonly evidence: readonly string[];
}
