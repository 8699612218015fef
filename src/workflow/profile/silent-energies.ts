import { energyField } from './energy-field.js';
import type { Profile, ProfileColumn } from './profile.js';

export interface SilentEnergies {
  /** Fields that look like energies and say nothing. */
  readonly fields: ReadonlySet<string>;
  readonly warnings: readonly string[];
}

/** What published files hold under names of energies that is something else. */
const NOT_ENERGIES: Readonly<Record<string, string>> = {
  TDP: 'is CPU time of the whole machine, not energy: left out',
  RAPL: 'is not what a counter told: left out',
  RAPL2: 'is CPU time, not energy: left out',
  RAPL_wrong: 'is not what a counter told: left out',
};

const TOTAL = /_energy_total$/;

interface Seen {
  samples: number;
  above: number;
}

/**
 * Fields whose every figure is 0, in all of the file: no machine draws nothing, so the source did not work where they were
 * taken. And fields that are no energies at all.
 */
export function silentEnergies({ stages }: Profile): SilentEnergies {
  const seen = new Map<string, Seen>();
  const count = (name: string, column: ProfileColumn): void => {
    const tally = seen.get(name) ?? { samples: 0, above: 0 };
    for (const value of column.flat()) {
      if (typeof value !== 'number') continue;
      tally.samples++;
      if (value > 0) tally.above++;
    }
    seen.set(name, tally);
  };
  for (const { entries } of stages)
    for (const { fields } of entries)
      for (const [name, column] of Object.entries(fields)) count(name, column);

  const silent = new Set<string>();
  const warnings: string[] = [];
  for (const [name, { samples, above }] of seen) {
    const other = Object.hasOwn(NOT_ENERGIES, name) ? NOT_ENERGIES[name] : undefined;
    if (other !== undefined && above > 0) warnings.push(`${name}: ${other}`);
    else if (TOTAL.test(name) && above > 0)
      warnings.push(`${name}: adds up domains that lie within one another: left out`);
    else if (energyField(name) !== undefined && samples > 0 && above === 0) {
      silent.add(name);
      warnings.push(`${name}: 0 J in all ${samples} samples: the source did not work`);
    }
  }
  return { fields: silent, warnings };
}
