import { candidatesOf, choosePrimary } from '../../meter/index.js';
import type { MethodEnergy, StageSample } from '../../model/index.js';
import { energyField } from './energy-field.js';
import type { ProfileEntry } from './profile.js';

/**
 * A repetition's energy by each method that knows all workers, and by the most trusted of them, whose domains are added
 * where they don't lie within one another. Nothing where there is no such method.
 */
export function sampleEnergy(
  { fields, provenance }: ProfileEntry,
  repetition: number,
): Pick<StageSample, 'joules' | 'source' | 'provenance' | 'energies'> {
  const known = Object.entries(fields).flatMap(([name, column]) => {
    const field = energyField(name);
    const row = column[repetition];
    if (field === undefined || row === undefined) return [];
    let joules = 0;
    for (const value of row) {
      if (typeof value !== 'number') return [];
      joules += value;
    }
    // The file does not say how far its methods may be trusted.
    return [{ ...field, provenance: provenance[name] ?? field.provenance, uncertainty: Number.NaN, joules }];
  });
  const choice = choosePrimary(candidatesOf(known));
  if (choice === undefined) return {};
  const counted = known.filter(
    ({ source, domain }) => source === choice.source && choice.domains.includes(domain),
  );
  const [first] = counted;
  if (first === undefined) return {};
  return {
    joules: counted.reduce((sum, { joules }) => sum + joules, 0),
    source: choice.source,
    provenance: first.provenance,
    energies: known.map(
      ({ source, domain, joules, provenance: how }): MethodEnergy => ({
        source,
        domain,
        joules,
        provenance: how,
      }),
    ),
  };
}
