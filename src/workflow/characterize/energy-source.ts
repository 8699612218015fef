import type { Provenance, SourceName, StageSample } from '../../model/index.js';

interface EnergySource {
  readonly source: SourceName;
  readonly provenance: Provenance;
}

interface CountedSource extends EnergySource {
  readonly count: number;
}

function sourcesOf(samples: readonly StageSample[]): CountedSource[] {
  const counts = new Map<SourceName, CountedSource>();
  for (const { source, provenance, joules } of samples) {
    if (source === undefined || provenance === undefined || joules === undefined) continue;
    counts.set(source, { source, provenance, count: (counts.get(source)?.count ?? 0) + 1 });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count || (a.source < b.source ? -1 : 1));
}

/** Samples whose energies may be compared, and what was done for that. */
export interface ComparableEnergies {
  readonly samples: readonly StageSample[];
  readonly sources: readonly EnergySource[];
  readonly note?: string;
}

/** Joules of different sources are different figures: those of the source that most samples have are kept, the rest left out. */
export function comparableEnergies(samples: readonly StageSample[]): ComparableEnergies {
  const [most, ...others] = sourcesOf(samples);
  if (most === undefined) return { samples, sources: [] };
  const { source, provenance } = most;
  const sources = [{ source, provenance }];
  if (others.length === 0) return { samples, sources };
  const kept = samples.map((sample) => {
    if (sample.source === source) return sample;
    const { joules: _joules, carbonGrams: _carbonGrams, ...rest } = sample;
    return rest;
  });
  const left = others.map(({ source: name, count }) => `${count} by ${name}`).join(', ');
  return {
    samples: kept,
    sources,
    note: `Energies are those of ${source}: energies by other sources can't be compared with them and are left out (${left}).`,
  };
}
