import type { Statistics } from '../../maths/index.js';
import type { Domain, ProcessIdentity, Provenance, SourceName } from '../../model/index.js';
import type { Disagreement } from '../compare/disagreement.js';
import type { AbsentSource } from '../meter-reading.js';
import type { MethodUsage } from './follow.js';
import type { Exit } from './launch.js';

/** A figure over the repetitions: its mean, and how far it can be trusted. */
export interface MeasuredEnergy {
  readonly source: SourceName;
  readonly domain: Domain;
  readonly provenance: Provenance;
  readonly uncertainty: number;
  /** Mean over the repetitions of what the machine drew, of the command's own share, and of its share of idle. */
  readonly nodeJoules: number;
  readonly joules: number;
  readonly idleJoules: number | undefined;
  readonly statistics: Statistics | undefined;
  /** Counts towards the command's energy: one source's domains, none within another. */
  readonly primary: boolean;
}

/** One repetition in short. */
export interface Repetition {
  readonly exit: Exit;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  /** Own share and share of idle by the primary source; undefined when there is none. */
  readonly joules: number | undefined;
  /** A signal cut it short: it does not count for the means, where there are whole runs. */
  readonly interrupted: boolean;
}

/** What a command took, all methods side by side; figures are means when it was repeated. */
export interface Measurement {
  readonly command: readonly string[];
  /** Of several runs the first that failed, else the last. */
  readonly exit: Exit;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  /** The most in any run. */
  readonly memoryPeakMib: number | undefined;
  readonly usages: readonly MethodUsage[];
  readonly energy: readonly MeasuredEnergy[];
  readonly primary: SourceName | undefined;
  readonly primaryReason: string | undefined;
  /** `warn`: it is larger than the limit in the settings. */
  readonly disagreements: readonly (Disagreement & { readonly warn: boolean })[];
  /** Own share and share of idle, by the primary source. */
  readonly joules: number | undefined;
  readonly carbonGrams: number | undefined;
  readonly carbonIntensity: number;
  /** In `carbonGrams`, not in `joules`. */
  readonly pue: number;
  readonly statistics: {
    readonly wallSeconds: Statistics | undefined;
    readonly cpuSeconds: Statistics | undefined;
    readonly joules: Statistics | undefined;
  };
  readonly repeats: readonly Repetition[];
  /** Processes that ran on when the command had ended, in all runs. */
  readonly outlived: readonly ProcessIdentity[];
  readonly absent: readonly AbsentSource[];
  /** Why the share of idle is unknown, where it is. */
  readonly idleUnknown: string | undefined;
  /** A signal ended the measurement before all repetitions were done. */
  readonly interrupted: boolean;
}
