import type { Clock } from '../../base/index.js';
import { Call } from './call.js';
import { Connections } from './connections.js';
import { Deadlines } from './deadlines.js';
import type { LoadTarget } from './load-plan.js';

const SHORTEST_CHECK_MILLISECONDS = 2;
const LONGEST_CHECK_MILLISECONDS = 50;
/** A timeout is kept to within this part of it. */
const CHECK_PART = 0.02;

/** What is sent again and again to one target. */
interface Route {
  readonly connections: Connections;
  readonly deadlines: Deadlines;
  readonly request: {
    readonly path: string;
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Uint8Array | null;
  };
}

/** Sends calls and tells how they ended. It waits for nothing. */
export class Sender {
  readonly #clock: Clock;
  readonly #origin: number;
  readonly #connections = new Map<string, Connections>();
  readonly #routes: readonly Route[];
  readonly #deadlines: readonly Deadlines[];
  readonly #onEnd: (call: Call, at: number) => void;
  readonly #timer: NodeJS.Timeout;
  inFlight = 0;

  /** `origin` is the moment of the clock that all times are counted from. */
  constructor(
    clock: Clock,
    origin: number,
    targets: readonly LoadTarget[],
    onEnd: (call: Call, at: number) => void,
  ) {
    this.#clock = clock;
    this.#origin = origin;
    this.#onEnd = onEnd;
    const byTimeout = new Map<number, Deadlines>();
    this.#routes = targets.map((target): Route => {
      const { url, method, headers, body, timeoutSeconds } = target;
      const deadlines = byTimeout.get(timeoutSeconds) ?? new Deadlines(timeoutSeconds);
      byTimeout.set(timeoutSeconds, deadlines);
      const connections = this.#connections.get(url.origin) ?? new Connections(url.origin);
      this.#connections.set(url.origin, connections);
      const request = { path: `${url.pathname}${url.search}`, method, headers, body: body ?? null };
      return { connections, deadlines, request };
    });
    this.#deadlines = [...byTimeout.values()];
    const shortest = Math.min(...targets.map(({ timeoutSeconds }) => timeoutSeconds));
    const every = Math.max(
      SHORTEST_CHECK_MILLISECONDS,
      Math.min(LONGEST_CHECK_MILLISECONDS, shortest * 1e3 * CHECK_PART),
    );
    this.#timer = setInterval(() => {
      const now = this.now();
      for (const deadlines of this.#deadlines) deadlines.check(now);
    }, every);
  }

  now(): number {
    return this.#clock.now() - this.#origin;
  }

  /** Returns the moment of sending. */
  send(target: number, dueAt?: number): number {
    const sentAt = this.now();
    const route = this.#routes[target];
    if (route === undefined) return sentAt;
    const client = route.connections.take();
    const call = new Call(target, dueAt ?? sentAt, sentAt, client, this.#ended);
    route.deadlines.add(call);
    this.inFlight++;
    client.dispatch(route.request, call);
    return sentAt;
  }

  *underWay(): Generator<Call> {
    for (const deadlines of this.#deadlines) yield* deadlines.calls;
  }

  get connections(): number {
    return [...this.#connections.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** Calls that have no answer yet are left alone. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all([...this.#connections.values()].map((connections) => connections.close()));
  }

  readonly #ended = (call: Call): void => {
    const route = this.#routes[call.target];
    route?.deadlines.delete(call);
    route?.connections.give(call.client);
    this.inFlight--;
    this.#onEnd(call, this.now());
  };
}
