import {
  type Domain,
  disjoint,
  type Invocation,
  type RunRecord,
  type SourceName,
} from '../../model/index.js';

/** What one stage used by one source. */
export interface StageEnergy {
  readonly stage: string;
  readonly source: SourceName;
  /** Without the share of idle, where that is known. */
  readonly joules: number;
  readonly idleJoules: number;
}

interface Tally {
  joules: number;
  idleJoules: number;
}

/**
 * Sums over all invocations, by stage and source, in the order of the run's stages. Domains that lie within one another are
 * never added.
 */
export function stageEnergies(run: RunRecord, invocations: readonly Invocation[]): StageEnergy[] {
  const tallies = new Map<string, Map<SourceName, Map<Domain, Tally>>>();
  for (const { function: stage, energies } of invocations)
    for (const { source, domain, joules, idleJoules } of energies) {
      const sources = entry(tallies, stage, () => new Map());
      const domains = entry(sources, source, () => new Map());
      const tally = entry(domains, domain, () => ({ joules: 0, idleJoules: 0 }));
      tally.joules += joules;
      tally.idleJoules += idleJoules ?? 0;
    }
  const order = run.stages.map(({ name }) => name);
  const place = (stage: string): number => (order.includes(stage) ? order.indexOf(stage) : order.length);
  return [...tallies]
    .sort(([a], [b]) => place(a) - place(b))
    .flatMap(([stage, sources]) =>
      [...sources].map(([source, domains]) => {
        const counted = disjoint(domains.keys());
        const sum = (of: 'joules' | 'idleJoules'): number =>
          counted.reduce((all, domain) => all + (domains.get(domain)?.[of] ?? 0), 0);
        return { stage, source, joules: sum('joules'), idleJoules: sum('idleJoules') };
      }),
    );
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
