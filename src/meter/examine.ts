import type { Host } from '../base/index.js';
import type { Domain, Provenance, Settings, SourceName } from '../model/index.js';
import type { TdpRow } from './estimate/tdp-row.js';
import { type MachineIdentity, readMachineIdentity } from './machine/identity.js';
import { probeSafely } from './meter.js';
import { allSources } from './sources/index.js';
import { readEstimate } from './sources/tdp.js';

/** What was found of one source. */
export interface SourceFinding {
  readonly name: SourceName;
  readonly title: string;
  readonly yields: 'energy' | 'usage';
  readonly usable: boolean;
  readonly domains: readonly Domain[];
  readonly provenance: Provenance;
  /** Why it does not work, or what to know where it does. */
  readonly reason: string | undefined;
  /** What would enable it; undefined where it works. */
  readonly remedy: string | undefined;
}

export interface Examination {
  readonly machine: MachineIdentity;
  /** The design power that estimates start from, and where the figure comes from. */
  readonly tdp: TdpRow;
  readonly sources: readonly SourceFinding[];
}

/** Tries every source, changing nothing. */
export async function examine(host: Host, settings: Settings): Promise<Examination> {
  const sources = await Promise.all(
    allSources(host, settings).map(async (source): Promise<SourceFinding> => {
      const { name, title, yields } = source;
      const provenance = source.yields === 'energy' ? source.provenance : 'measured';
      const found = await probeSafely(source);
      const common = { name, title, yields, provenance };
      return found.usable
        ? { ...common, usable: true, domains: found.domains, reason: found.note, remedy: undefined }
        : { ...common, usable: false, domains: [], reason: found.reason, remedy: found.remedy };
    }),
  );
  return { machine: readMachineIdentity(host), tdp: readEstimate(host, settings.sources.tdp).tdp, sources };
}
