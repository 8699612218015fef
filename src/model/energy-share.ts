import type { Domain } from './domain.js';
import type { Provenance } from './provenance.js';
import type { SourceName } from './source-name.js';

/** One source's and domain's figure for a piece of work. */
export interface EnergyShare {
  readonly source: SourceName;
  readonly domain: Domain;
  /** What the machine drew meanwhile. */
  readonly nodeJoules: number;
  /** The work's own share of what work caused. */
  readonly joules: number;
  /** The work's share of idle; undefined where nobody knows what the machine draws idle (then `joules` contains it). */
  readonly idleJoules: number | undefined;
  readonly provenance: Provenance;
  /** Relative standard uncertainty of the source. */
  readonly uncertainty: number;
}
