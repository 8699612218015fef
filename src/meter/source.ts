import { ErrorCode, WattloopError } from '../base/index.js';
import type {
  CgroupUsage,
  Domain,
  EnergyReading,
  MachineUsage,
  ProcessIdentity,
  ProcessUsage,
  Provenance,
  SourceName,
  Usage,
} from '../model/index.js';

/** Whether a source works here: what it gives, or why it does not and what would enable it. */
export type Availability =
  | { readonly usable: true; readonly domains: readonly Domain[]; readonly note?: string }
  | { readonly usable: false; readonly reason: string; readonly remedy: string };

interface SourceBase {
  readonly name: SourceName;
  /** One line: what it reads. */
  readonly title: string;
  /** Tries it without leaving anything open or changed. Never throws: what is wrong is the answer. */
  probe(): Promise<Availability>;
  /** Takes hold of what it reads (files, counters, connections). Throws a WattloopError when it can't. */
  open(): Promise<void>;
  /** Lets go of everything. Safe to call twice, and without open. */
  close(): Promise<void>;
}

interface EnergyBase extends SourceBase {
  readonly yields: 'energy';
  readonly provenance: Provenance;
  /** Relative standard uncertainty of its energies, known once it is open (0.05 is 5 %). */
  readonly uncertainty: number;
  /** What the machine draws idle in a domain, where the source's own model says so. Measured sources don't know. */
  idleWatts?(domain: Domain): number | undefined;
}

/** Energy that is read in microseconds, from memory or a kernel file: inside spans. */
export interface InstantEnergySource extends EnergyBase {
  readonly instant: true;
  /** The figures now. A device that vanished is left out; garbage is left out and logged; it never throws for those. */
  read(): EnergyReading[];
}

/** Energy that takes a process, a socket or a bus to read: polled beside the work. */
export interface PolledEnergySource extends EnergyBase {
  readonly instant: false;
  /** Seconds between polls that make sense for it. */
  readonly interval: number;
  /** Rejects with a WattloopError when the instrument did not answer; the next poll tries again. */
  read(): Promise<EnergyReading[]>;
}

export type EnergySource = InstantEnergySource | PolledEnergySource;

/** A process and all that descend from it, followed from one moment on. */
export interface FollowedTree {
  /** What it has used since it was followed, dead descendants included where the source can see them. */
  read(): Usage;
  /** Members that live now. */
  living(): ProcessIdentity[];
  close(): void;
}

/** CPU time and other use by principal. Each method is there only when the source can do it. All figures are cumulative. */
export interface UsageSource extends SourceBase {
  readonly yields: 'usage';
  /** Follows a process tree. Called before the process runs what is to be measured. */
  follow?(pid: number): FollowedTree;
  /** Follows a control group, by its path below the hierarchy's root, with all groups below it. */
  followCgroup?(path: string): FollowedTree;
  machine?(): MachineUsage;
  /** Processes that used anything since the source was opened, those that ended since the last call included once more. */
  processes?(): ProcessUsage[];
  cgroups?(): CgroupUsage[];
  /** True when a group's figures contain those of the groups below it, as the kernel's own files do. */
  readonly cgroupsContainOthers?: boolean;
}

export type Source = EnergySource | UsageSource;

export const usable = (domains: readonly Domain[], note?: string): Availability =>
  note === undefined ? { usable: true, domains } : { usable: true, domains, note };

export const unusable = (reason: string, remedy: string): Availability => ({ usable: false, reason, remedy });

/** Why a source can't be opened, as the error that says so. */
export function unavailable(
  name: SourceName,
  { reason, remedy }: { reason: string; remedy: string },
): WattloopError {
  return new WattloopError(ErrorCode.sourceUnavailable, `${name}: ${reason}`, { remedy });
}
