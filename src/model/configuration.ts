/** What an invocation is given to run with. */
export interface Resources {
  /** Processors; parts of one are allowed. */
  readonly cpu: number;
  readonly memoryMib: number;
}

/** What a function or stage is run with: what a profile is by. */
export interface Configuration extends Resources {
  /** Invocations that share the work of a stage. */
  readonly workers: number;
}
