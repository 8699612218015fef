import type { Domain, SourceName } from '../model/index.js';

/** Two sources that cover the same domain, and how far apart they are. */
export interface Disagreement {
  readonly a: SourceName;
  readonly b: SourceName;
  readonly domain: Domain;
  /** |a − b| over their mean: symmetric, 0 when equal, 2 when one of them says nothing was drawn. */
  readonly relative: number;
  readonly aJoules: number;
  readonly bJoules: number;
  /** True when it is larger than the limit. */
  readonly warn: boolean;
}

export interface DomainEnergy {
  readonly source: SourceName;
  readonly domain: Domain;
  readonly joules: number;
}

export function relativeDifference(a: number, b: number): number {
  const mean = (a + b) / 2;
  return mean > 0 ? Math.abs(a - b) / mean : 0;
}

/** Compares every two sources over the same domain and time. */
export function disagreements(energies: readonly DomainEnergy[], limit: number): Disagreement[] {
  return energies.flatMap((first, index) =>
    energies.slice(index + 1).flatMap((second) => {
      if (first.domain !== second.domain || first.source === second.source) return [];
      const relative = relativeDifference(first.joules, second.joules);
      const { source: a, domain, joules: aJoules } = first;
      return [
        { a, b: second.source, domain, relative, aJoules, bJoules: second.joules, warn: relative > limit },
      ];
    }),
  );
}
