import type { Configuration, Provenance } from '../../model/index.js';

/** A figure or a word of one worker; null where it is not known. */
export type ProfileValue = number | string | boolean | null;

/** By repetition, and in it by worker. */
export type ProfileColumn = readonly (readonly ProfileValue[])[];

/** What a stage did under one configuration. */
export interface ProfileEntry {
  readonly configuration: Configuration;
  /** By the field's name in the file; times in seconds, energies in joules. */
  readonly fields: Readonly<Record<string, ProfileColumn>>;
  /** How energies were got, by field, where the file says. */
  readonly provenance: Readonly<Record<string, Provenance>>;
}

export interface ProfileStage {
  readonly name: string;
  readonly entries: readonly ProfileEntry[];
}

/** What a profile file says, as it says it. */
export interface Profile {
  readonly stages: readonly ProfileStage[];
}
