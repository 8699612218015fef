import type { Domain, Principal, Provenance, SourceName } from '../../model/index.js';
import type { WindowDisagreement } from '../disagreement-monitor.js';
import type { AbsentSource } from '../meter-reading.js';
import type { CrossCheckReport } from './cross-check.js';

/** One source's domain over the last tick and since the monitor began. */
export interface NodeEnergy {
  readonly source: SourceName;
  readonly domain: Domain;
  readonly provenance: Provenance;
  readonly watts: number;
  readonly joulesTotal: number;
}

/** One principal over the last tick and since the monitor began. */
export interface PrincipalShare {
  readonly principal: Principal;
  /** Active power: what its work caused, without idle; undefined where no source gives power. */
  readonly watts: number | undefined;
  /** Processors used on average. */
  readonly cpus: number;
  readonly joulesTotal: number;
  readonly idleJoulesTotal: number;
  readonly cpuSecondsTotal: number;
}

/** The machine at one tick. Never changed after it was made: readers may keep it. */
export interface NodeSnapshot {
  /** Seconds since 1970. */
  readonly time: number;
  /** Length of the tick. */
  readonly seconds: number;
  readonly logicalCpus: number;
  /** Processors busy on average. */
  readonly busyCpus: number;
  readonly energies: readonly NodeEnergy[];
  /** The source that is split, and the domains of it that count; undefined when no source works. */
  readonly primary:
    | { readonly source: SourceName; readonly domains: readonly Domain[]; readonly reason: string }
    | undefined;
  readonly watts: number | undefined;
  /** Idle part of `watts`; undefined while nobody knows. */
  readonly idleWatts: number | undefined;
  readonly unattributedWatts: number | undefined;
  readonly totals: {
    readonly joules: number;
    readonly idleJoules: number;
    readonly unattributedJoules: number;
    readonly endedJoules: number;
  };
  /** By watts, most first. */
  readonly shares: readonly PrincipalShare[];
  /** What principals are told apart by: the source of their CPU time. */
  readonly usageSource: SourceName | undefined;
  readonly self: { readonly cpuSecondsTotal: number; readonly joulesTotal: number };
  readonly disagreements: readonly WindowDisagreement[];
  /** Lag, gain and offset of sources against more trusted ones. */
  readonly crossChecks: readonly CrossCheckReport[];
  /** Sources that are read. */
  readonly used: readonly SourceName[];
  readonly absent: readonly AbsentSource[];
}
