import type { Domain, Principal, Provenance, SourceName } from '../../model/index.js';
import type { WindowDisagreement } from '../compare/disagreement-monitor.js';
import type { AbsentSource } from '../meter-reading.js';
import type { CrossCheckReport } from './cross-check.js';

/** One source's domain over the last tick and since the monitor began. */
export interface NodeEnergy {
  readonly source: SourceName;
  readonly domain: Domain;
  readonly provenance: Provenance;
  /** Undefined when its source did not answer at both ends of the tick. */
  readonly watts: number | undefined;
  readonly joulesTotal: number;
}

/** One principal over the last tick and since the monitor began. */
export interface PrincipalShare {
  readonly principal: Principal;
  /** Seconds since 1970 at which its totals began. */
  readonly since: number;
  /** It is there no more; its totals are its last. */
  readonly isGone: boolean;
  /** Active power: what its work caused, without idle; undefined where no source gives power. */
  readonly watts: number | undefined;
  /** Processors used on average. */
  readonly cpus: number;
  /** Undefined while nothing was shared out. */
  readonly joulesTotal: number | undefined;
  /** Undefined while nobody knows what the machine draws idle. */
  readonly idleJoulesTotal: number | undefined;
  readonly cpuSecondsTotal: number;
}

/** What was shared out since the monitor began: `joules` is the sum of the others and of all principals' own. */
export interface NodeSums {
  readonly joules: number;
  /** Undefined while nobody knows what the machine draws idle. */
  readonly idleJoules: number | undefined;
  readonly unattributedJoules: number;
  /** Of principals that are gone and not listed any more. */
  readonly endedJoules: number;
}

/** The machine at one tick. Never changed after it was made: readers may keep it. */
export interface NodeSnapshot {
  /** Seconds since 1970. */
  readonly time: number;
  /** Seconds since 1970 at which the monitor began. */
  readonly since: number;
  /** Length of the tick. */
  readonly seconds: number;
  readonly logicalCpus: number;
  /** Processors busy on average; undefined where nothing tells. */
  readonly busyCpus: number | undefined;
  readonly energies: readonly NodeEnergy[];
  /** The source that is split, and the domains of it that count; undefined when no source answers. */
  readonly primary:
    | { readonly source: SourceName; readonly domains: readonly Domain[]; readonly reason: string }
    | undefined;
  readonly watts: number | undefined;
  /** Idle part of `watts`; undefined while nobody knows. */
  readonly idleWatts: number | undefined;
  readonly unattributedWatts: number | undefined;
  /** Undefined until something was shared out. */
  readonly totals: NodeSums | undefined;
  /** By watts, most first. */
  readonly shares: readonly PrincipalShare[];
  /** What principals are told apart by: the source of their CPU time. */
  readonly usageSource: SourceName | undefined;
  readonly self: { readonly cpuSecondsTotal: number; readonly joulesTotal: number | undefined };
  readonly disagreements: readonly WindowDisagreement[];
  /** Lag, gain and offset of sources against more trusted ones. */
  readonly crossChecks: readonly CrossCheckReport[];
  /** Sources that are read. */
  readonly used: readonly SourceName[];
  /** Sources that do not work here, and those that do not answer now. */
  readonly absent: readonly AbsentSource[];
}
