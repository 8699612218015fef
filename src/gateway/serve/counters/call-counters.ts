import type { CallStatus, ServedCall } from '../../../model/index.js';
import type { RefusalReason } from '../refusal.js';
import { Histogram } from './histogram.js';

/** Calls of one function that ended alike. */
export interface CallTally {
  readonly function: string;
  readonly status: CallStatus;
  readonly isCold: boolean;
  count: number;
}

/** Answers of one function with one HTTP status. */
export interface AnswerTally {
  readonly function: string;
  readonly code: number;
  readonly seconds: Histogram;
}

export interface RefusalTally {
  readonly function: string;
  readonly reason: RefusalReason;
  count: number;
}

/** What the callers of one function saw. */
class FunctionCounters {
  readonly name: string;
  readonly tallies = new Map<string, CallTally>();
  readonly answers = new Map<number, AnswerTally>();
  readonly refusals = new Map<RefusalReason, RefusalTally>();
  started = 0;

  constructor(name: string) {
    this.name = name;
  }
}

/** Counts calls, in memory, as they go: what the metrics of the request path are made of. */
export class CallCounters {
  readonly #functions = new Map<string, FunctionCounters>();

  started(functionName: string): void {
    this.#of(functionName).started++;
  }

  ended(call: ServedCall): void {
    const counters = this.#of(call.function);
    const key = call.cold ? `${call.status} cold` : call.status;
    let tally = counters.tallies.get(key);
    if (tally === undefined) {
      tally = { function: call.function, status: call.status, isCold: call.cold, count: 0 };
      counters.tallies.set(key, tally);
    }
    tally.count++;
    // A caller that is gone has seen no status; nginx's 499 stands for that in many dashboards.
    const code = call.httpStatus ?? 499;
    let answer = counters.answers.get(code);
    if (answer === undefined) {
      answer = { function: call.function, code, seconds: new Histogram() };
      counters.answers.set(code, answer);
    }
    answer.seconds.add(call.endedAt - call.arrivedAt, call.traceId);
  }

  refused(functionName: string, reason: RefusalReason): void {
    const { refusals } = this.#of(functionName);
    const tally = refusals.get(reason);
    if (tally) tally.count++;
    else refusals.set(reason, { function: functionName, reason, count: 1 });
  }

  /** Calls that were answered since the gateway began. */
  invocations(functionName: string): number {
    let sum = 0;
    for (const { seconds } of this.#functions.get(functionName)?.answers.values() ?? []) sum += seconds.count;
    return sum;
  }

  startedOf(): [name: string, count: number][] {
    return [...this.#functions.values()].map(({ name, started }) => [name, started]);
  }

  *tallies(): IterableIterator<CallTally> {
    for (const { tallies } of this.#functions.values()) yield* tallies.values();
  }

  *answers(): IterableIterator<AnswerTally> {
    for (const { answers } of this.#functions.values()) yield* answers.values();
  }

  *refusals(): IterableIterator<RefusalTally> {
    for (const { refusals } of this.#functions.values()) yield* refusals.values();
  }

  #of(name: string): FunctionCounters {
    let counters = this.#functions.get(name);
    if (counters === undefined) {
      counters = new FunctionCounters(name);
      this.#functions.set(name, counters);
    }
    return counters;
  }
}
