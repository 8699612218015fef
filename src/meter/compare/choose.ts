import {
  DOMAINS,
  type Domain,
  disjoint,
  PROVENANCES,
  type Provenance,
  SOURCE_NAMES,
  type SourceName,
} from '../../model/index.js';

/** A source that is open, and the domains for which it gives figures here. */
export interface Candidate {
  readonly name: SourceName;
  readonly provenance: Provenance;
  /** Relative standard uncertainty of its energies. */
  readonly uncertainty: number;
  readonly domains: readonly Domain[];
}

/** The source whose figures are the machine's, and the domains of it that are added up. */
export interface Choice {
  readonly source: SourceName;
  /** No two of them hold each other. */
  readonly domains: readonly Domain[];
  readonly reason: string;
}

interface Rank {
  /** Less is better; compared place by place, a missing place counting as worst. */
  readonly key: readonly number[];
  /** Why the first should go before the second, which is worse by this. */
  readonly why: (better: Candidate, worse: Candidate) => string;
}

const SPEAKS_FOR_PROCESSORS: readonly Domain[] = ['system', 'psys', 'package', 'core'];

const placeIn = <T>(order: readonly T[], item: T): number => {
  const place = order.indexOf(item);
  return place < 0 ? order.length : place;
};

const listed = (domains: readonly Domain[]): string => disjoint(domains).join(' + ');

/** What is compared, in this order. */
const ranksOf = (candidate: Candidate, preference: readonly SourceName[]): Rank[] => [
  {
    key: [placeIn(preference, candidate.name)],
    why: () => 'preferred by the settings (meter.primary)',
  },
  {
    // The memory's or the accelerator's energy alone is not the machine's, however well it is measured.
    key: [candidate.domains.some((domain) => SPEAKS_FOR_PROCESSORS.includes(domain)) ? 0 : 1],
    why: (_, worse) => `it covers the processors, ${worse.name} only ${listed(worse.domains)}`,
  },
  {
    key: [PROVENANCES.indexOf(candidate.provenance)],
    why: (better, worse) => `${better.provenance}, while ${worse.name} is ${worse.provenance}`,
  },
  {
    key: disjoint(candidate.domains).map((domain) => DOMAINS.indexOf(domain)),
    why: (better, worse) => `it covers ${listed(better.domains)}, ${worse.name} ${listed(worse.domains)}`,
  },
  {
    key: [Number.isFinite(candidate.uncertainty) ? candidate.uncertainty : Number.POSITIVE_INFINITY],
    why: (better, worse) =>
      `its uncertainty is ${percent(better.uncertainty)}, that of ${worse.name} ${percent(worse.uncertainty)}`,
  },
  {
    key: [SOURCE_NAMES.indexOf(candidate.name)],
    why: (_, worse) => `as good as ${worse.name}, and before it in the list of sources`,
  },
];

const percent = (part: number): string =>
  Number.isFinite(part) ? `${+(part * 100).toFixed(1)} %` : 'unknown';

/** Below 0 when `a` goes before `b`. */
function compareKeys(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [x = Number.POSITIVE_INFINITY, y = Number.POSITIVE_INFINITY] = [a[i], b[i]];
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}

/** The rank that decides between two, and which way. */
function decide(
  a: Candidate,
  b: Candidate,
  preference: readonly SourceName[],
): { order: number; why: Rank['why'] } | undefined {
  const other = ranksOf(b, preference);
  for (const [i, rank] of ranksOf(a, preference).entries()) {
    const order = compareKeys(rank.key, other[i]?.key ?? []);
    if (order !== 0) return { order, why: rank.why };
  }
  return undefined;
}

/**
 * The one source whose figures count as the machine's: what the settings prefer; else what speaks for the processors;
 * then measured before modelled before estimated; then the widest domain, the lowest uncertainty, and the order of
 * SOURCE_NAMES. Undefined when no candidate has a domain.
 */
export function choosePrimary(
  candidates: readonly Candidate[],
  preference: readonly SourceName[] = [],
): Choice | undefined {
  const ranked = candidates
    .filter(({ domains }) => domains.length > 0)
    .sort((a, b) => decide(a, b, preference)?.order ?? 0);
  const [best, next] = ranked;
  if (best === undefined) return undefined;
  const decision = next && decide(best, next, preference);
  const reason = next === undefined ? 'the only source of energy' : decision?.why(best, next);
  return { source: best.name, domains: disjoint(best.domains), reason: reason ?? `as good as ${next?.name}` };
}

/** Candidates from figures that come one domain at a time. */
export function candidatesOf(
  figures: Iterable<{
    readonly source: SourceName;
    readonly domain: Domain;
    readonly provenance: Provenance;
    readonly uncertainty: number;
  }>,
): Candidate[] {
  const candidates = new Map<SourceName, Candidate>();
  for (const { source, domain, provenance, uncertainty } of figures) {
    const domains = [...(candidates.get(source)?.domains ?? []), domain];
    candidates.set(source, { name: source, provenance, uncertainty, domains });
  }
  return [...candidates.values()];
}
