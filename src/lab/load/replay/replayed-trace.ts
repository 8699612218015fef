/** How often a function is called in a trace. */
export interface TraceFunction {
  readonly name: string;
  readonly calls: number;
}

/** What part of a trace is of interest, in its own seconds. */
export interface TraceWindow {
  readonly fromSeconds: number;
  readonly seconds: number;
}

/** When functions were called, as far as the trace knows: the moment of each call, or how many there were in each minute. */
export interface ReplayedTrace {
  readonly functions: readonly TraceFunction[];
  /** From the window's beginning to the last call. */
  readonly seconds: number;
  /** Calls in any order: the function, the seconds after the window's beginning, within how many seconds, and how many. */
  readonly cells: TraceCells;
}

export interface TraceCells {
  readonly functionIndex: Uint32Array;
  readonly at: Float64Array;
  /** 0 where the moment is known. */
  readonly withinSeconds: number;
  /** One each where absent. */
  readonly calls?: Uint32Array;
}
