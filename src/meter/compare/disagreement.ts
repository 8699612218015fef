import { DOMAINS, type Domain, SOURCE_NAMES, type SourceName } from '../../model/index.js';

/** The energy that a source found in a domain. */
export interface DomainEnergy {
  readonly source: SourceName;
  readonly domain: Domain;
  readonly joules: number;
}

/** How far two sources are apart on the same domain over the same time. */
export interface Disagreement {
  readonly a: SourceName;
  readonly b: SourceName;
  readonly domain: Domain;
  readonly joulesA: number;
  readonly joulesB: number;
  /** The difference of the two over their mean: 0 when equal, 2 when one of them is 0. */
  readonly relative: number;
}

/** The difference of two energies over their mean, whichever is taken first; 0 for two zeros. */
export function relativeDifference(a: number, b: number): number {
  // By their ratio, since the sum of two huge figures may be too great for a double.
  const ratio = a === b ? 1 : Math.min(a, b) / Math.max(a, b);
  return (2 * (1 - ratio)) / (1 + ratio);
}

const isEnergy = (joules: number): boolean => Number.isFinite(joules) && joules >= 0;

/** Every pair of sources that cover the same domain. Figures that are no energies are left out; a source's zones are summed. */
export function disagreements(energies: Iterable<DomainEnergy>): Disagreement[] {
  const byDomain = new Map<Domain, Map<SourceName, number>>();
  for (const { source, domain, joules } of energies) {
    if (!isEnergy(joules)) continue;
    const bySource = byDomain.get(domain) ?? new Map<SourceName, number>();
    byDomain.set(domain, bySource.set(source, (bySource.get(source) ?? 0) + joules));
  }
  return DOMAINS.flatMap((domain) => {
    const bySource = byDomain.get(domain) ?? new Map<SourceName, number>();
    const names = SOURCE_NAMES.filter((name) => bySource.has(name));
    return names.flatMap((a, i) =>
      names.slice(i + 1).map((b) => {
        const [joulesA, joulesB] = [bySource.get(a) ?? 0, bySource.get(b) ?? 0];
        return { a, b, domain, joulesA, joulesB, relative: relativeDifference(joulesA, joulesB) };
      }),
    );
  });
}
