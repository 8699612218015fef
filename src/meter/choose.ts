import {
  DOMAINS,
  type Domain,
  disjoint,
  PROVENANCES,
  type Provenance,
  SOURCE_NAMES,
  type SourceName,
} from '../model/index.js';

/** A domain of a source that gave a figure. */
export interface Candidate {
  readonly source: SourceName;
  readonly domain: Domain;
  readonly provenance: Provenance;
  readonly uncertainty: number;
}

/** The source whose figure counts, with those of its domains that do not lie within another. */
export interface Primary {
  readonly source: SourceName;
  readonly domains: readonly Domain[];
  readonly provenance: Provenance;
  readonly reason: string;
}

/**
 * The source that counts: a preferred one first, then measured before modelled before estimated, the widest domain, the
 * least uncertain, and at last the order in which sources are listed. A GPU alone is never the whole machine while
 * another source covers its processors.
 */
export function choosePrimary(
  candidates: readonly Candidate[],
  preference: readonly SourceName[] = [],
): Primary | undefined {
  const bySource = new Map<SourceName, Candidate[]>();
  for (const candidate of candidates) {
    bySource.set(candidate.source, [...(bySource.get(candidate.source) ?? []), candidate]);
  }
  const rank = (source: SourceName, all: readonly Candidate[]): number[] => {
    const preferred = preference.indexOf(source);
    return [
      preferred < 0 ? preference.length : preferred,
      all.every(({ domain }) => domain === 'gpu') ? 1 : 0,
      Math.min(...all.map(({ provenance }) => PROVENANCES.indexOf(provenance))),
      Math.min(...all.map(({ domain }) => DOMAINS.indexOf(domain))),
      Math.min(...all.map(({ uncertainty }) => uncertainty)),
      SOURCE_NAMES.indexOf(source),
    ];
  };
  const ranked = [...bySource]
    .map(([source, all]) => ({ source, all, rank: rank(source, all) }))
    .sort((a, b) => compare(a.rank, b.rank));
  const [best] = ranked;
  const provenance = best?.all[0]?.provenance;
  if (best === undefined || provenance === undefined) return undefined;
  const domains = disjoint(best.all.map(({ domain }) => domain));
  const why = preference.includes(best.source)
    ? 'preferred by the settings'
    : ranked.length === 1
      ? 'the only source that works here'
      : `the most trusted of ${ranked.length}: ${provenance}`;
  return { source: best.source, domains, provenance, reason: `${why}, domain ${domains.join(' + ')}` };
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
