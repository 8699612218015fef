import type { Dispatcher } from 'undici';
import { ReplicaHeader } from '../../../compute/index.js';
import type { CallStatus, ServedCall } from '../../../model/index.js';
import type { Settlement, Ticket } from '../../power-cap/ticket.js';
import type { CallTrace } from '../../tracing/tracer.js';
import type { FunctionPool } from '../pool/function-pool.js';
import type { PooledReplica } from '../pool/pooled-replica.js';
import type { Waiter, Waiting } from '../pool/seat.js';
import { REFUSALS, type Refusal, type RefusalReason } from '../refusal.js';
import type { CallDesk } from './call-desk.js';
import type { Caller, CallRequest } from './caller.js';
import { amountIn, answerHeaders, requestHeaders } from './passed-headers.js';

/** A replica that can't even be reached was lost before it got the call: so many others are tried. */
const MOST_SEATS = 3;

const ABORTED = new Error('the call was broken off');

export interface CallIdentity {
  readonly id: string;
  readonly attempt: number;
  readonly isAsync: boolean;
  /** Names and values in turn: what the gateway says to the function beside what the caller said. */
  readonly addedHeaders: readonly string[];
  readonly trace: CallTrace;
}

/** One call on its way: waits for a replica, is passed on, and its answer is passed back, piece by piece. */
export class ProxiedCall implements Waiter, Dispatcher.DispatchHandler {
  readonly #desk: CallDesk;
  readonly #pool: FunctionPool;
  readonly #request: CallRequest;
  readonly #identity: CallIdentity;
  readonly #caller: Caller;
  readonly #arrivedAt: number;
  #waiting: Waiting | undefined;
  /** While it waits for power. */
  #ticket: Ticket | undefined;
  #isAdmitted = false;
  #seat: PooledReplica | undefined;
  #seats = 0;
  /** Names it in the account; undefined until the replica hears of it. */
  #key: number | undefined;
  #startedAt = 0;
  #coldSeconds: number | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #timer: NodeJS.Timeout | undefined;
  #httpStatus: number | undefined;
  #cpuSeconds: number | undefined;
  #failure: string | undefined;
  #responseBytes = 0;
  #forced: 'timed_out' | 'cancelled' | undefined;
  #isOver = false;
  readonly #resume = (): void => this.#controller?.resume();

  constructor(
    desk: CallDesk,
    pool: FunctionPool,
    request: CallRequest,
    identity: CallIdentity,
    caller: Caller,
  ) {
    this.#desk = desk;
    this.#pool = pool;
    this.#request = request;
    this.#identity = identity;
    this.#caller = caller;
    this.#arrivedAt = desk.now();
  }

  start(): void {
    this.#waiting = this.#pool.take(this);
  }

  /** The caller is gone: nobody needs the answer. */
  cancel(): void {
    if (this.#isOver) return;
    if (this.#seat !== undefined && this.#ticket === undefined) {
      this.#forced ??= 'cancelled';
      this.#abort();
      return;
    }
    this.#isOver = true;
    if (this.#waiting) this.#pool.leave(this.#waiting);
    this.#ticket?.cancel();
    if (this.#seat) this.#leave(this.#seat);
  }

  refused(refusal: Refusal): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { id, trace } = this.#identity;
    this.#desk.refused(this.#pool.deployed.spec.name, refusal);
    this.#caller.refuse(refusal, id);
    trace.refused({ id, httpStatus: REFUSALS[refusal.reason], reason: refusal.reason });
  }

  seated(pooled: PooledReplica): void {
    this.#waiting = undefined;
    this.#seat = pooled;
    this.#seats++;
    this.#coldSeconds = this.#desk.secondsBefore(pooled.readyAt, this.#arrivedAt);
    const admission = this.#desk.powerCap?.admit(this.#pool.deployed.spec);
    this.#isAdmitted = admission === 'now';
    if (admission === undefined || admission === 'now') {
      this.#pass(pooled);
      return;
    }
    this.#ticket = admission;
    admission.whenSettled((settlement) => this.#capped(pooled, settlement));
  }

  /** It had to wait for power, with its place at the replica. */
  #capped(pooled: PooledReplica, { outcome, waitedSeconds }: Settlement): void {
    this.#ticket = undefined;
    if (outcome === 'cancelled') return;
    this.#isAdmitted = outcome === 'admitted';
    if (this.#isAdmitted) {
      this.#pass(pooled);
      return;
    }
    this.#leave(pooled);
    const message = `waited ${waitedSeconds.toFixed(1)} s for power: the cap leaves no more`;
    this.refused({ reason: 'power_cap', message, retryAfterSeconds: 1 });
  }

  #leave(pooled: PooledReplica): void {
    this.#seat = undefined;
    if (this.#isAdmitted) this.#desk.powerCap?.ended(pooled.replica.plan.function);
    this.#isAdmitted = false;
    this.#pool.release(pooled);
  }

  #pass(pooled: PooledReplica): void {
    this.#startedAt = this.#desk.now();
    const { spec } = this.#pool.deployed;
    this.#timer = setTimeout(() => {
      this.#forced ??= 'timed_out';
      this.#abort();
    }, spec.timeoutSeconds * 1e3);
    const { method, path, headers, body } = this.#request;
    try {
      pooled.client.dispatch(
        {
          method: method as Dispatcher.HttpMethod,
          path,
          headers: requestHeaders(headers, this.#identity.addedHeaders, this.#identity.trace),
          body: body ?? null,
        },
        this,
      );
    } catch (error) {
      this.#fail(error);
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isOver) {
      controller.abort(ABORTED);
      return;
    }
    this.#key = this.#desk.began(this.#pool.deployed.spec.name, this.#startedAt);
    if (this.#forced) controller.abort(ABORTED);
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    _headers: unknown,
    statusText?: string,
  ): void {
    if (status < 200) return;
    const raw = controller.rawHeaders;
    const { headers, cpuSeconds, failure } = answerHeaders(Array.isArray(raw) ? raw : []);
    this.#httpStatus = status;
    if (this.#isTold) this.#cpuSeconds = cpuSeconds;
    if (this.#isTold) this.#failure = failure;
    this.#desk.addOwnHeaders(
      headers,
      this.#identity.id,
      this.#seat?.version,
      this.#arrivedAt,
      this.#coldSeconds !== undefined,
      this.#cpuSeconds,
    );
    this.#caller.begin(status, statusText ?? '', headers);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#responseBytes += chunk.length;
    if (!this.#caller.write(chunk, this.#resume)) controller.pause();
  }

  onResponseEnd(_controller: Dispatcher.DispatchController, trailers: Record<string, unknown> | null): void {
    const told = this.#isTold ? trailers?.[ReplicaHeader.cpuSeconds] : undefined;
    if (typeof told === 'string') this.#cpuSeconds ??= amountIn(told);
    this.#caller.end(told === undefined ? undefined : this.#desk.trailers(this.#cpuSeconds));
    this.#settle(this.#ending);
  }

  /** Replicas that are ours tell of their calls; what another server says of them is its own matter. */
  get #isTold(): boolean {
    const kind = this.#seat?.replica.plan.kind;
    return kind === 'handler' || kind === 'command';
  }

  get #ending(): CallStatus {
    if (this.#failure === 'timeout') return 'timed_out';
    if (this.#failure === 'out_of_memory') return 'out_of_memory';
    return this.#failure === undefined && (this.#httpStatus ?? 0) < 500 ? 'done' : 'failed';
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    this.#fail(error);
  }

  #abort(): void {
    if (this.#controller) this.#controller.abort(ABORTED);
    // Still on its way to the replica: its connection is not up yet.
    else if (this.#seat) this.#fail(ABORTED);
  }

  /** There is no answer, or it broke off. */
  #fail(error: unknown): void {
    if (this.#isOver || this.#seat === undefined) return;
    const seat = this.#seat;
    if (this.#forced === 'cancelled') {
      this.#caller.breakOff();
      this.#settle('cancelled');
      return;
    }
    if (this.#forced === 'timed_out') {
      const { spec } = this.#pool.deployed;
      // What is stuck in it may be stuck for ever; a command was ended when its call was broken off.
      if (seat.replica.plan.kind !== 'command') this.#pool.retire(seat);
      this.#answer('timed_out', `took longer than the ${spec.timeoutSeconds} s that it may take`);
      this.#settle('timed_out');
      return;
    }
    this.#pool.retire(seat);
    if (this.#key === undefined && this.#seats < MOST_SEATS) {
      this.#reseat(seat);
      return;
    }
    this.#explain(seat, error);
  }

  /** The replica was gone before it heard of the call. */
  #reseat(seat: PooledReplica): void {
    clearTimeout(this.#timer);
    this.#leave(seat);
    this.start();
  }

  /** Its connection broke: how the replica ended says why, if it did. */
  #explain(seat: PooledReplica, error: unknown): void {
    clearTimeout(this.#timer);
    this.#desk.whyBroken(seat.replica, error, ({ reason, message }) => {
      if (this.#isOver) return;
      this.#answer(reason, message);
      this.#settle(reason === 'out_of_memory' ? 'out_of_memory' : 'crashed');
    });
  }

  #answer(reason: RefusalReason, message: string): void {
    if (this.#httpStatus === undefined) this.#caller.refuse({ reason, message }, this.#identity.id);
    else this.#caller.breakOff();
    this.#httpStatus ??= REFUSALS[reason];
  }

  #settle(status: CallStatus): void {
    const seat = this.#seat;
    if (this.#isOver || seat === undefined) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    const { id, attempt, isAsync, trace } = this.#identity;
    const { traceId } = trace;
    const call: ServedCall = {
      id,
      function: seat.replica.plan.function,
      version: seat.version,
      replica: seat.id,
      attempt,
      isAsync,
      arrivedAt: this.#arrivedAt,
      startedAt: this.#startedAt,
      endedAt: this.#desk.now(),
      cold: this.#coldSeconds !== undefined,
      ...(this.#coldSeconds !== undefined && { coldSeconds: this.#coldSeconds }),
      status,
      ...(this.#httpStatus !== undefined && { httpStatus: this.#httpStatus }),
      ...(this.#cpuSeconds !== undefined && { cpuSeconds: this.#cpuSeconds }),
      requestBytes: this.#request.bytes(),
      responseBytes: this.#responseBytes,
      ...(traceId !== undefined && { traceId }),
    };
    this.#leave(seat);
    this.#desk.ended(this.#key, call);
    trace.end(call, this.#desk.joules(this.#cpuSeconds));
  }
}
