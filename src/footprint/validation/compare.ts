import { cosineSimilarity } from './cosine.js';
import type { Figure } from './figure.js';
import { coverage, individualDifference, relativeDifferences } from './individual-difference.js';
import { type Energies, pairUp } from './pairs.js';
import type { Comparison, ReferenceKind } from './validation.js';

/** What is said of a function, per invocation. */
export interface Estimated {
  readonly name: string;
  readonly joules?: number | undefined;
  /** One standard error. */
  readonly errorJoules?: number | undefined;
  readonly meanLatencySeconds: number;
}

/** Sorts figures from what could not be told. */
export function told<Name extends string>(
  figures: Readonly<Record<Name, Figure>>,
): { values: Partial<Record<Name, number>>; absent: Record<string, string> } {
  const values: Partial<Record<Name, number>> = {};
  const absent: Record<string, string> = {};
  for (const name of Object.keys(figures) as Name[]) {
    const found = figures[name];
    if ('value' in found) values[name] = found.value;
    else absent[name] = found.reason;
  }
  return { values, absent };
}

/** Names may be anything, `__proto__` too, so that the record has no prototype. */
function energies(
  estimates: readonly Estimated[],
  of: (estimate: Estimated) => number | undefined,
): Energies {
  const record: Record<string, number | undefined> = Object.create(null);
  for (const estimate of estimates) record[estimate.name] = of(estimate);
  return record;
}

export function compare(
  against: ReferenceKind,
  estimates: readonly Estimated[],
  references: Energies,
): Comparison {
  const pairs = pairUp(
    energies(estimates, ({ joules }) => joules),
    references,
  );
  const latencies = energies(estimates, ({ meanLatencySeconds }) => meanLatencySeconds);
  const errors = energies(estimates, ({ errorJoules }) => errorJoules);
  const values = (record: Energies): Float64Array =>
    Float64Array.from(pairs.names, (name) => record[name] ?? Number.NaN);
  const { values: figures, absent } = told({
    cosineSimilarity: cosineSimilarity(pairs.estimates, pairs.references),
    naiveCosineSimilarity: cosineSimilarity(values(latencies), pairs.references),
    individualDifference: individualDifference(pairs),
    withinTwoErrors: coverage(pairs, values(errors), 2),
  });
  return {
    against,
    compared: pairs.names,
    withoutEstimate: pairs.withoutEstimate,
    ...figures,
    differences: relativeDifferences(pairs),
    absent,
  };
}
