import { messageOf } from '../../../base/index.js';
import type { EpochClock, Replica } from '../../../compute/index.js';
import { monotonicSeconds } from '../../../compute/index.js';
import type { ServedCall } from '../../../model/index.js';
import type { LiveAccount } from '../../account/account.js';
import type { Tracer } from '../../tracing/tracer.js';
import type { CallCounters } from '../counters/call-counters.js';
import type { Refusal, RefusalReason } from '../refusal.js';
import type { CallCap } from './call-cap.js';

/** How long a broken connection waits for the news that its replica ended, and why. */
const NEWS_MILLISECONDS = 500;
const FIGURES = 6;

export const OwnHeader = {
  callId: 'X-Call-Id',
  duration: 'X-Duration-Seconds',
  energy: 'X-Wattloop-Energy-Joules',
  energySource: 'X-Wattloop-Energy-Source',
  implementation: 'X-Wattloop-Implementation',
  cold: 'X-Wattloop-Cold',
} as const;

export interface CallDeskParts {
  readonly clock: EpochClock;
  readonly counters: CallCounters;
  readonly account: LiveAccount | undefined;
  readonly tracer: Tracer;
  readonly powerCap: CallCap | undefined;
}

/** What all calls have in common: the clock, the account, the counters, and what the gateway says of a call. */
export class CallDesk {
  readonly #parts: CallDeskParts;
  #keys = 0;

  constructor(parts: CallDeskParts) {
    this.#parts = parts;
  }

  get powerCap(): CallCap | undefined {
    return this.#parts.powerCap;
  }

  get tracer(): Tracer {
    return this.#parts.tracer;
  }

  /** Seconds since 1970. */
  now(): number {
    return this.#parts.clock.epoch(monotonicSeconds());
  }

  /** How long before a moment of the monotonic clock it was; undefined when it was not. */
  secondsBefore(monotonic: number, at: number): number | undefined {
    const seconds = this.#parts.clock.epoch(monotonic) - at;
    return seconds > 0 ? seconds : undefined;
  }

  /** A replica has been given a call. */
  began(functionName: string, at: number): number {
    const key = ++this.#keys;
    this.#parts.counters.started(functionName);
    this.#parts.account?.began(key, functionName, at);
    return key;
  }

  /** Without a key no replica ever heard of it. */
  ended(key: number | undefined, call: ServedCall): void {
    this.#parts.counters.ended(call);
    if (key !== undefined) this.#parts.account?.ended(key, call);
  }

  refused(functionName: string, refusal: Refusal): void {
    this.#parts.counters.refused(functionName, refusal.reason);
  }

  addOwnHeaders(
    headers: string[],
    id: string,
    version: string | undefined,
    arrivedAt: number,
    isCold: boolean,
    cpuSeconds: number | undefined,
  ): void {
    headers.push(OwnHeader.callId, id, OwnHeader.duration, (this.now() - arrivedAt).toFixed(6));
    if (version !== undefined) headers.push(OwnHeader.implementation, version);
    if (isCold) headers.push(OwnHeader.cold, '1');
    const joules = this.joules(cpuSeconds);
    const rate = this.#parts.account?.tick?.rate;
    if (joules === undefined || rate === undefined) return;
    const source = `${rate.source} ${rate.provenance}`;
    headers.push(OwnHeader.energy, joules.toPrecision(FIGURES), OwnHeader.energySource, source);
  }

  /** Of an answer that was streamed: what it used is known at its end only. */
  trailers(cpuSeconds: number | undefined): Readonly<Record<string, string>> | undefined {
    const joules = this.joules(cpuSeconds);
    return joules === undefined ? undefined : { [OwnHeader.energy]: joules.toPrecision(FIGURES) };
  }

  /** Tells why a replica broke off: by its end, if it comes in time, else by what the connection says. */
  whyBroken(
    replica: Replica,
    error: unknown,
    tell: (refusal: { readonly reason: RefusalReason; readonly message: string }) => void,
  ): void {
    const timer = setTimeout(
      () => tell({ reason: 'bad_answer', message: `its replica broke off: ${messageOf(error)}` }),
      NEWS_MILLISECONDS,
    );
    void replica.ended.then(({ reason, message }) => {
      clearTimeout(timer);
      tell({ reason: reason === 'out_of_memory' ? 'out_of_memory' : 'crashed', message });
    });
  }

  /** What work of so many CPU seconds used, at what such a second cost the machine over the last tick. */
  joules(cpuSeconds: number | undefined): number | undefined {
    const rate = this.#parts.account?.tick?.rate;
    if (cpuSeconds === undefined || rate === undefined) return undefined;
    return cpuSeconds * rate.joulesPerCpuSecond;
  }
}
