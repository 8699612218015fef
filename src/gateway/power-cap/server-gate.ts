import type { HeldInvocation, ServerGate } from '../../lab/index.js';
import type { FunctionPower } from '../account/account.js';
import { PowerCap, type PowerCapOptions } from './power-cap.js';

export interface CappedServerOptions
  extends Pick<
    PowerCapOptions,
    'capWatts' | 'cpus' | 'idleWatts' | 'maxWatts' | 'maxWaiting' | 'ageSeconds'
  > {
  /** What is known of the functions beforehand. */
  readonly functions: readonly FunctionPower[];
  readonly priorityOf: (functionName: string) => number;
  /** Seconds that an invocation waits at most. */
  readonly patienceSeconds: number;
  /** Power as a sensor would show it, sample by sample; as it is where absent. */
  readonly sensor?: (watts: number) => number;
}

/** A power cap before a simulated server: the cap itself, on the simulation's clock. */
export class CappedServer implements ServerGate {
  readonly cap: PowerCap;
  readonly #options: CappedServerOptions;
  #time = 0;

  constructor(options: CappedServerOptions) {
    this.#options = options;
    this.cap = new PowerCap({
      ...options,
      clock: { now: () => this.#time },
      // Deadlines are looked at whenever anything happens, and at every sample.
      setTimer: () => () => {},
    });
  }

  arrives(invocation: HeldInvocation, time: number): boolean {
    this.#time = time;
    const admission = this.cap.admit({
      function: invocation.function,
      priority: this.#options.priorityOf(invocation.function),
      deadline: time + this.#options.patienceSeconds,
    });
    if (admission === 'now') return true;
    admission.whenSettled(({ outcome }) => {
      if (outcome === 'admitted') invocation.release();
      else invocation.drop();
    });
    return false;
  }

  ended(functionName: string, time: number): void {
    this.#time = time;
    this.cap.ended({ function: functionName });
  }

  sampled(time: number, seconds: number, watts: number): void {
    this.#time = time;
    const { functions, idleWatts, sensor = (each: number) => each } = this.#options;
    this.cap.update({
      at: time,
      seconds,
      watts: sensor(watts),
      idleWatts,
      busyCpus: undefined,
      rate: undefined,
      functions,
    });
  }
}
