import type { ShedReason } from './ticket.js';

/** What the cap did to the calls of one function. */
export interface CappedFunction {
  readonly function: string;
  readonly priority: number;
  /** Calls that were let run, and of them those that had to wait before. */
  readonly admitted: number;
  readonly delayed: number;
  /** How long calls waited, those that were shed or gone included. */
  readonly delaySeconds: number;
  readonly longestDelaySeconds: number;
  readonly shed: Readonly<Partial<Record<ShedReason, number>>>;
  /** Calls whose callers were gone before they were let run. */
  readonly cancelled: number;
}

interface Count {
  priority: number;
  admitted: number;
  delayed: number;
  delaySeconds: number;
  longest: number;
  cancelled: number;
  readonly shed: Partial<Record<ShedReason, number>>;
}

/** Counts what happened to calls, by function. */
export class LineStatistics {
  readonly #counts = new Map<string, Count>();

  admittedAtOnce(name: string, priority: number): void {
    this.#of(name, priority).admitted++;
  }

  admittedAfter(name: string, priority: number, seconds: number): void {
    const count = this.#of(name, priority);
    count.admitted++;
    count.delayed++;
    waited(count, seconds);
  }

  shed(name: string, priority: number, seconds: number, reason: ShedReason): void {
    const count = this.#of(name, priority);
    count.shed[reason] = (count.shed[reason] ?? 0) + 1;
    waited(count, seconds);
  }

  cancelled(name: string, priority: number, seconds: number): void {
    const count = this.#of(name, priority);
    count.cancelled++;
    waited(count, seconds);
  }

  functions(): CappedFunction[] {
    return [...this.#counts].map(([name, { longest, shed, ...count }]) => ({
      function: name,
      ...count,
      longestDelaySeconds: longest,
      shed: { ...shed },
    }));
  }

  #of(name: string, priority: number): Count {
    let count = this.#counts.get(name);
    if (count === undefined) {
      count = { priority, admitted: 0, delayed: 0, delaySeconds: 0, longest: 0, cancelled: 0, shed: {} };
      this.#counts.set(name, count);
    }
    count.priority = priority;
    return count;
  }
}

function waited(count: Count, seconds: number): void {
  count.delaySeconds += seconds;
  count.longest = Math.max(count.longest, seconds);
}
