import type { Configuration } from './configuration.js';
import type { Domain } from './domain.js';
import type { Provenance } from './provenance.js';
import type { SourceName } from './source-name.js';

/** Stands for the stage in a sample of a whole run: no stage is called so. */
export const WHOLE_RUN = '';

/** One source's and domain's joules for all that a sample is of, the share of idle included where it is known. */
export interface MethodEnergy {
  readonly source: SourceName;
  readonly domain: Domain;
  readonly joules: number;
  readonly provenance: Provenance;
}

/** What one stage took in one run: what profiles, statistics and models are made of. */
export interface StageSample {
  readonly workflow: string;
  /** Its name; `WHOLE_RUN` where the sample is of the run from its beginning to its end, all stages together. */
  readonly stage: string;
  readonly run: string;
  readonly configuration: Configuration;
  /** From 1; warm-ups count apart. */
  readonly repetition: number;
  readonly warmUp: boolean;
  /** Seconds since 1970, where it is known: tells whether figures drift while an experiment goes on. */
  readonly startedAt?: number;
  readonly invocations: number;
  /** From the first invocation's start to the last one's end. */
  readonly wallSeconds: number;
  /** Absent in profiles of others, which do not tell it. */
  readonly cpuSeconds?: number;
  /** Sums over the stage's invocations, by phase. */
  readonly coldStartSeconds: number;
  readonly readSeconds: number;
  readonly computeSeconds: number;
  readonly writeSeconds: number;
  /** Absent in profiles of others: they tell how long a start took, not whether a worker was there. */
  readonly coldStarts?: number;
  /** By the primary source, its share of idle included where that is known; absent where no source works. */
  readonly joules?: number;
  readonly source?: SourceName;
  readonly provenance?: Provenance;
  /** By every source that worked, the primary one among them. */
  readonly energies?: readonly MethodEnergy[];
  readonly carbonGrams?: number;
  readonly costUsd?: number;
  /** Units of work that the stage did, where the workflow counts them (rows, samples, frames). */
  readonly work?: number;
}
