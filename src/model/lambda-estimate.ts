import type { Provenance } from './provenance.js';

export type LambdaArchitecture = 'x86_64' | 'arm64';
/** By what a size can be the best of all. */
export type LambdaMerit = 'cost' | 'time' | 'energy';

/** What the same work would take on AWS Lambda, with one size of memory on one kind of processor. */
export interface LambdaOption {
  readonly memoryMib: number;
  readonly architecture: LambdaArchitecture;
  /** Processors that go with the memory. */
  readonly vcpus: number;
  /** Of all invocations together, and of the longest. */
  readonly totalSeconds: number;
  readonly longestSeconds: number;
  readonly costUsd: number;
  /** An estimate, as is the carbon that is made of it. */
  readonly joules: number;
  readonly carbonGrams: number;
  readonly best: readonly LambdaMerit[];
  /** Why it can't be had; such a size is never the best. */
  readonly impossible?: string;
}

export interface LambdaEstimate {
  readonly invocations: number;
  /** Cheapest first; what can't be had comes last. */
  readonly options: readonly LambdaOption[];
  readonly energy: {
    readonly provenance: Provenance;
    /** One standard deviation, relative. */
    readonly uncertainty: number;
    readonly model: string;
    readonly source: string;
  };
  readonly gramsPerKilowattHour: number;
  readonly pue: number;
  /** What had to be taken for granted, as sentences. */
  readonly assumptions: readonly string[];
}
