/** Power as it was logged: one row a sample, in time order, times in seconds since the trace's start. NaN where a figure is not available. */
export interface PowerTable {
  readonly t: Float64Array;
  /** The whole machine: mean watts since the row before. */
  readonly systemWatts: Float64Array;
  /** The processor alone: mean watts since the row before. */
  readonly cpuWatts: Float64Array;
  /** The accelerator alone (a GPU, say): mean watts since the row before; absent where the trace doesn't say. */
  readonly acceleratorWatts?: Float64Array;
}

/** What ran, one row an invocation, in any order. */
export interface InvocationTable {
  /** Names of the functions; rows speak of them by index. */
  readonly functions: readonly string[];
  readonly functionIndex: Uint32Array;
  readonly start: Float64Array;
  /** Infinity for an invocation that had not ended when the trace did. */
  readonly end: Float64Array;
  /** 1 for a cold start; absent where the trace doesn't say. */
  readonly cold?: Uint8Array;
}

/** Counters of who used the processor, one row per sample and principal; NaN where a counter is not available. */
export interface UsageTable {
  /** Names of the principals as the trace has them: `fn:NAME`, `control-plane`, `os`, `system`, `wattloop`. */
  readonly principals: readonly string[];
  readonly principalIndex: Uint32Array;
  readonly t: Float64Array;
  readonly cpuSeconds: Float64Array;
  readonly cycles: Float64Array;
  /** Cycles at the clock's nominal rate, whatever the core ran at; absent where the trace doesn't say. */
  readonly referenceCycles?: Float64Array;
  readonly instructions: Float64Array;
  readonly llcMisses: Float64Array;
}

/** What is known of the machine beside its trace. Absent is not known. */
export interface TraceDescription {
  readonly idleWatts?: number;
  readonly idleCpuWatts?: number;
  readonly cores?: number;
  readonly carbonGramsPerKilowattHour?: number;
  readonly embodiedKilograms?: number;
  readonly lifetimeYears?: number;
  /** Functions that use the machine's accelerator; absent where nobody says. */
  readonly acceleratorFunctions?: readonly string[];
}

/** Reference energies to validate against. */
export interface TraceTruth {
  readonly functions: Readonly<
    Record<
      string,
      {
        /** What the machine would have drawn less without the function, per invocation. */
        readonly marginalJoules?: number;
        /** What the function's work took, per invocation: known in the laboratory alone. */
        readonly individualJoules?: number;
      }
    >
  >;
}

/** A machine's record: what ran on it and what it drew. */
export interface Trace {
  readonly power: PowerTable;
  readonly invocations: InvocationTable;
  readonly usage?: UsageTable;
  readonly description: TraceDescription;
  readonly truth?: TraceTruth;
}
