import type { Configuration } from './configuration.js';
import type { EnergyShare } from './energy-share.js';
import type { Platform } from './platform.js';
import type { SourceName } from './source-name.js';
import type { Usage } from './usage.js';

/** The parts of an invocation, in the order in which they come. */
export const PHASES = ['cold_start', 'read', 'compute', 'write'] as const;
export type PhaseName = (typeof PHASES)[number];

export interface InvocationPhase {
  readonly name: PhaseName;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly energies: readonly EnergyShare[];
}

export const INVOCATION_STATUSES = [
  'done',
  'failed',
  'timed_out',
  'crashed',
  'out_of_memory',
  'cancelled',
] as const;
export type InvocationStatus = (typeof INVOCATION_STATUSES)[number];

/** Why an invocation failed, as plain data that can cross processes and years. */
export interface InvocationError {
  readonly name: string;
  readonly message: string;
  /** Of a WattloopError. */
  readonly code?: string;
  readonly remedy?: string;
  readonly stack?: string;
}

/** CPU time and other use, by the method that told it. */
export interface MethodUsage {
  /** A usage source, or `rusage`: the kernel's own books of the process. */
  readonly method: SourceName | 'rusage';
  readonly usage: Usage;
}

/** A method that gave nothing here, and why. */
export interface AbsentMethod {
  readonly name: SourceName;
  readonly reason: string;
}

/** One execution of a function, once: a retry is another one. */
export interface Invocation {
  readonly id: string;
  /** The run that it is part of, where it is part of one. */
  readonly run?: string;
  /** The function's, or the stage's, name. */
  readonly function: string;
  readonly partition: number;
  /** 1 for the first, 2 for its first retry. */
  readonly attempt: number;
  /** A second copy, begun because the first took suspiciously long. */
  readonly speculative: boolean;
  readonly configuration: Configuration;
  readonly worker: string;
  /** Seconds since 1970. */
  readonly submittedAt: number;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly cold: boolean;
  readonly status: InvocationStatus;
  readonly error?: InvocationError;
  /** From its first phase to its last; a cold start is in it. */
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly phases: readonly InvocationPhase[];
  readonly usage: readonly MethodUsage[];
  /** By every energy source that works where it ran. */
  readonly energies: readonly EnergyShare[];
  readonly absent: readonly AbsentMethod[];
  /** The largest resident set; with commands, of all that it ran together where that can be told, files in the page cache included. */
  readonly memoryPeakMib?: number;
  /** Bytes that it read from and wrote to storage. */
  readonly readBytes?: number;
  readonly writtenBytes?: number;
  /** Absent where no worker could be had at all. */
  readonly platform?: Platform;
  /** The file that keeps what it printed; absent where it printed nothing. */
  readonly log?: string;
}
