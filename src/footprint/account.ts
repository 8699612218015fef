import type { Provenance } from '../model/index.js';
import type { Validation } from './validation/validation.js';

/** What one function took. Energies and grams are means per invocation. */
export interface FunctionAccount {
  readonly name: string;
  readonly invocations: number;
  readonly meanLatencySeconds: number;
  /** What it adds to the machine's power while one invocation of it runs, its share of the load floor included. */
  readonly powerWatts: number;
  readonly powerErrorWatts: number;
  /** Its own work and its share of the load floor. */
  readonly individualJoules: number;
  readonly individualErrorJoules: number;
  /** The part of `individualJoules` that is a share of the load floor. */
  readonly floorJoules: number;
  readonly controlPlaneJoules: number;
  readonly idleJoules: number;
  readonly totalJoules: number;
  /** What the machine would have drawn less without the function, per invocation; absent where that can't be told. */
  readonly marginalJoules?: number;
  /** One standard error. */
  readonly marginalErrorJoules?: number;
  /** Why a figure is absent, or can't be told apart from others'. */
  readonly remark?: string;
  readonly operationalGrams: number;
  /** Absent where the server's embodied emissions are not known. */
  readonly embodiedGrams?: number;
  readonly carbonGrams: number;
  readonly sciGrams: number;
  /** Coefficient of variation of the energy of its invocations. */
  readonly cov?: number;
}

/** Functions whose own figures can't be told from one another's, with the figure that can be told: their sum. */
export interface InseparableGroup {
  readonly functions: readonly string[];
  readonly individualJoules: number;
  readonly errorJoules: number;
  readonly reason: string;
}

/** Sums over the trace, in joules: the parts and `unattributed` make up `measured`. */
export interface AccountShares {
  readonly measuredJoules: number;
  readonly individualJoules: number;
  readonly controlPlaneJoules: number;
  readonly idleJoules: number;
  readonly unattributedJoules: number;
}

/** Something the reader of the account should know: rows left out, what could not be told. */
export interface Finding {
  readonly code: string;
  readonly message: string;
  /** How many rows or invocations it is about. */
  readonly count?: number;
}

/** Power over time, tick by tick, for a picture: measured, and what it is made of. */
export interface AccountCourse {
  /** End of each tick, seconds since the trace's start, on the clock of the work (lag undone). */
  readonly t: Float64Array;
  readonly measuredWatts: Float64Array;
  readonly predictedWatts: Float64Array;
  readonly idleWatts: Float64Array;
  readonly controlPlaneWatts: Float64Array;
  /** Watts of each function, in the order of `Account.functions`. */
  readonly functionWatts: readonly Float64Array[];
}

/** How a figure was got: from what, by which method, with what uncertainty. */
export interface AccountProvenance {
  readonly provenance: Provenance;
  readonly method: string;
  readonly reason?: string;
}

/** Who used the energy of a trace. */
export interface Account {
  readonly windowSeconds: number;
  readonly functions: readonly FunctionAccount[];
  readonly groups: readonly InseparableGroup[];
  readonly shares: AccountShares;
  /** Positive when power comes late; absent where it could not be found (then none was undone). */
  readonly lagSeconds?: number;
  readonly lagErrorSeconds?: number;
  readonly idleWatts?: number;
  readonly idleErrorWatts?: number;
  /** Of predicted system power, over all samples, those of the machine at rest before the work among them; absent where the power never moves. */
  readonly r2?: number;
  readonly validation?: Validation;
  readonly course: AccountCourse;
  readonly findings: readonly Finding[];
  /** By the name of the figure. */
  readonly provenance: Readonly<Record<string, AccountProvenance>>;
}
