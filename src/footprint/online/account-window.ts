import type { AccountShares, Finding } from '../account.js';
import type { Rows } from '../rows/rows.js';
import type { OnlineOptions } from './online.js';

export interface OnlineAccountOptions {
  /** How functions' powers are followed. */
  readonly powers?: OnlineOptions;
  /** Idle and the control plane are shared among the functions that were active in so many seconds: 60 when not given. */
  readonly shareSeconds?: number;
  /** Whether ticks without power get what the model says; else no energy of theirs is in any figure. */
  readonly fillGaps?: boolean;
}

/** What a machine's load is counted in: processors kept busy, or calls that run where nobody counts those. */
export type LoadBasis = 'processors' | 'calls';

/** What ran and what the machine drew since the last update. Arrays are by tick of `rows`. */
export interface AccountWindow {
  /** Functions first, then shared principals (`control-plane`, `os`, `wattloop`), known again by name. */
  readonly rows: Rows;
  /** Mean power of the primary source; NaN where unknown. */
  readonly watts: Float64Array;
  /** What the machine would have drawn idle; NaN while nobody knows: then it is contained in what work drew. */
  readonly idleWatts: Float64Array;
  /** The processor's alone, where it is told apart from the whole. */
  readonly cpuWatts?: Float64Array;
  /** By name of a column: processor seconds in each tick, NaN where unknown. Columns that are missing are unknown throughout. */
  readonly cpuSeconds?: ReadonlyMap<string, Float64Array>;
  /** NaN in ticks whose intensity nobody knows: the mean of the others counts there. */
  readonly gramsPerKilowattHour: number | Float64Array;
  /** What the building draws for each joule of the machine: 1 when not given. */
  readonly pue?: number;
  /** Of making the machine; absent where that is not known. */
  readonly embodiedGramsPerSecond?: number;
}

/** What a call is expected to take. */
export interface CallForecast {
  /** What one more running call adds at the load at hand; where nobody runs, the floor comes to that. */
  readonly wattsPerCall: number;
  /** One standard error of it; absent where the method has none. */
  readonly standardError?: number;
  /** Own joules of a call; absent while none was seen to start. */
  readonly joulesPerCall?: number;
  /** Seconds that a call runs; absent while none was seen to start. */
  readonly meanSeconds?: number;
}

/** What one function had of a window: sums, and what its calls are expected to take. */
export interface FunctionWindowAccount extends CallForecast {
  readonly function: string;
  /** Calls that started in the window. */
  readonly activations: number;
  /** Seconds that its calls ran in the window, overlaps added. */
  readonly seconds: number;
  /** Processor seconds, where they are known in every tick that it ran in. */
  readonly cpuSeconds?: number;
  /** Own work, and its share of the load floor. */
  readonly individualJoules: number;
  /** The part of `individualJoules` that is a share of the load floor. */
  readonly floorJoules: number;
  readonly controlPlaneJoules: number;
  readonly idleJoules: number;
  /** What the machine would have drawn less without it, others doing the same in the same time; absent where processors aren't counted. */
  readonly marginalJoules?: number;
  readonly operationalGrams: number;
  readonly embodiedGrams?: number;
}

/** A window's account. The functions' parts and `unattributedJoules` make up `measuredJoules`, to rounding. */
export interface WindowAccount {
  /** Those that ran in the window or shortly before, or used the processor, in order of the rows. */
  readonly functions: readonly FunctionWindowAccount[];
  /** What load was counted in. */
  readonly basis: LoadBasis;
  /** What the machine draws beyond idle as soon as any function runs, whatever it does. */
  readonly floorWatts: number;
  /** By shared principal: what it drew itself. The functions' control-plane shares contain it, or `unattributedJoules` where no function was active. */
  readonly principalJoules: Readonly<Record<string, number>>;
  readonly shares: AccountShares;
  /** By entry of the window's rows: own work and share of the floor, to settle calls by; NaN in ticks without power. */
  readonly entryJoules: Float64Array;
  /** By tick: what the machine would have drawn idle, as far as it was drawn; NaN in ticks without power, or while idle is unknown. */
  readonly tickIdleJoules: Float64Array;
  /** By tick: what shared principals drew. */
  readonly tickControlPlaneJoules: Float64Array;
  /** By tick: what the model says of the machine, idle included. */
  readonly predictedWatts: Float64Array;
  readonly findings: readonly Finding[];
}
