import type { Provenance, SourceName, StageSample } from '../../model/index.js';

/** Samples by one source of energy: figures of several can't be mixed. */
export interface EnergySamples {
  readonly source?: SourceName;
  readonly provenance?: Provenance;
  readonly joulesOf: (sample: StageSample) => number | undefined;
  /** Why there is none. */
  readonly absent?: string;
}

/** A source must have told at least this part of the samples. */
const ENOUGH = 0.5;

/** The source that told most samples; joules of the others are left out. */
export function energySamples(samples: readonly StageSample[]): EnergySamples {
  const told = samples.filter(({ joules }) => joules !== undefined && joules > 0);
  const counts = new Map<SourceName | undefined, number>();
  for (const { source } of told) counts.set(source, (counts.get(source) ?? 0) + 1);
  const [best] = [...counts].sort(([, a], [, b]) => b - a);
  if (best === undefined) {
    const reason = samples.some(({ joules }) => joules !== undefined)
      ? 'every sample of its energy is 0'
      : 'no source told the energy of any sample';
    return { joulesOf: () => undefined, absent: reason };
  }
  const [source, count] = best;
  const joulesOf = (sample: StageSample): number | undefined =>
    sample.source === source ? sample.joules : undefined;
  if (count < ENOUGH * samples.length)
    return {
      joulesOf: () => undefined,
      absent: `${source ?? 'its source'} told the energy of ${count} of ${samples.length} samples only`,
    };
  const provenance = told.find((sample) => sample.source === source)?.provenance;
  return { ...(source && { source }), ...(provenance && { provenance }), joulesOf };
}
