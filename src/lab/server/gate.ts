/** An invocation that has arrived and is kept back. One of the two is to be called, once, from within a call of the gate. */
export interface HeldInvocation {
  readonly function: string;
  /** It goes on now. */
  release(): void;
  /** It is given up: it never runs. */
  drop(): void;
}

/** Whoever decides when invocations may begin on a simulated server. All times are seconds of the simulation. */
export interface ServerGate {
  /** Whether it may begin at once. If not, it is held until the gate says what becomes of it. */
  arrives(invocation: HeldInvocation, time: number): boolean;
  /** An invocation that was let begin has ended. */
  ended(functionName: string, time: number): void;
  /** A sample has passed: the mean power of the machine in it, as it truly was. */
  sampled(time: number, seconds: number, watts: number): void;
}
