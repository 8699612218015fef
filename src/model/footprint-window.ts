/** What one function had of a window of the live account: sums, not means. */
export interface FunctionWindow {
  readonly function: string;
  /** Calls that ended in the window, and of them those that failed and those that were cold. */
  readonly calls: number;
  readonly errors: number;
  readonly cold: number;
  /** Of these calls: seconds from when a replica was given them to their end, summed. */
  readonly callSeconds: number;
  /** CPU seconds in the window; absent where nobody tells. */
  readonly cpuSeconds?: number;
  readonly individualJoules: number;
  readonly controlPlaneJoules: number;
  readonly idleJoules: number;
  readonly operationalGrams: number;
  /** Absent where the machine's embodied emissions are not known. */
  readonly embodiedGrams?: number;
}

/** A window of the live account: whose the energy was. The parts and `unattributedJoules` make up `measuredJoules`. */
export interface FootprintWindow {
  /** Seconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly measuredJoules: number;
  readonly individualJoules: number;
  readonly controlPlaneJoules: number;
  readonly idleJoules: number;
  readonly unattributedJoules: number;
  /** What shared principals drew themselves, contained in the functions' control-plane shares (or in `unattributedJoules`). */
  readonly principalJoules: Readonly<Record<string, number>>;
  readonly gramsPerKilowattHour: number;
  readonly functions: readonly FunctionWindow[];
}

/** One tick of the machine as it is kept: what `power.csv` and `usage.csv` of a trace are made of. */
export interface NodeSecond {
  /** Seconds since 1970, of the tick's end. */
  readonly at: number;
  readonly seconds: number;
  /** The primary source's; absent where it gave nothing. */
  readonly watts?: number;
  /** The processor alone, where a source tells that. */
  readonly cpuWatts?: number;
  readonly idleWatts?: number;
  /** CPU seconds in the tick by principal: `fn:NAME`, `control-plane`, `wattloop`, `os`. */
  readonly cpuSeconds: Readonly<Record<string, number>>;
}
