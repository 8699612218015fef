/** What one function took over the whole run, in joules. */
export interface FunctionTruth {
  readonly name: string;
  readonly invocations: number;
  readonly coldStarts: number;
  /** Absent where there was no invocation. */
  readonly meanLatencySeconds?: number;
  /** Its own work: cores, memory, disk and GPU, with what the power supply lost for it. */
  readonly workJoules: number;
  /** Its share of the load floor: at each moment divided evenly among the functions that keep it up. */
  readonly floorJoules: number;
  /** What the control plane's work for its invocations took. */
  readonly controlPlaneJoules: number;
  /** Its share of idle: divided evenly among the functions that ran at all. */
  readonly idleJoules: number;
  /** The sum of the four. */
  readonly totalJoules: number;
  /** What the machine would have drawn less over the same time, had it not been there; where that was asked for. */
  readonly marginalJoules?: number;
}

/** Where a machine's energy went, exactly. Times are from the start of the work to the end of the record. */
export interface ServerTruth {
  readonly idleWatts: number;
  readonly idleCpuWatts: number;
  readonly windowSeconds: number;
  readonly energyJoules: number;
  /** What idle and the functions' totals leave: idle, where no function ran at all. */
  readonly unattributedJoules: number;
  readonly functions: readonly FunctionTruth[];
}
