import { METRICS, type MetricDefinition, type MetricKey } from './definitions.js';

export interface MetricSample {
  readonly value: number;
  readonly labels: Readonly<Record<string, string>>;
}

/** A metric with what it says now. */
export interface MetricFamily {
  readonly definition: MetricDefinition;
  readonly samples: readonly MetricSample[];
}

/** A family from values and their labels; values that are absent (undefined) leave no sample. */
export function family(
  key: MetricKey,
  ...samples: readonly (readonly [value: number | undefined, labels?: Readonly<Record<string, string>>])[]
): MetricFamily {
  return {
    definition: METRICS[key],
    samples: samples.flatMap(([value, labels = {}]) => (value === undefined ? [] : [{ value, labels }])),
  };
}
