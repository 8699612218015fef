import type { IncomingHttpHeaders } from 'node:http';
import type { Client, Dispatcher } from 'undici';
import type { LoadFailure } from '../../model/index.js';

const ENERGY = 'x-wattloop-energy-joules';
const COLD = 'x-wattloop-cold';

/** A call that is given up as time is over. */
const overdue = new Error('no answer in time');

/** One call from its sending to its end. What is done with it then is the sender's. */
export class Call implements Dispatcher.DispatchHandler {
  readonly target: number;
  /** Seconds after the start: when it was due and when it was sent. */
  readonly dueAt: number;
  readonly sentAt: number;
  readonly client: Client;
  status = 0;
  bytes = 0;
  joules = Number.NaN;
  cold = false;
  /** Why there was no whole answer. */
  failure: LoadFailure | undefined;
  readonly #onEnd: (call: Call) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #ended = false;

  constructor(target: number, dueAt: number, sentAt: number, client: Client, onEnd: (call: Call) => void) {
    this.target = target;
    this.dueAt = dueAt;
    this.sentAt = sentAt;
    this.client = client;
    this.#onEnd = onEnd;
  }

  /** Ends it without an answer. */
  giveUp(): void {
    this.failure = 'timeout';
    this.#end();
    this.#controller?.abort(overdue);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // It had to wait for its connection, and was given up meanwhile.
    if (this.#ended) controller.abort(overdue);
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    this.status = status;
    this.#told(headers);
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Uint8Array): void {
    this.bytes += chunk.length;
  }

  onResponseEnd(_: Dispatcher.DispatchController, trailers: IncomingHttpHeaders): void {
    this.#told(trailers);
    this.#end();
  }

  onResponseError(): void {
    this.failure ??= 'connection';
    this.#end();
  }

  #told(headers: IncomingHttpHeaders): void {
    const joules = headers[ENERGY];
    if (typeof joules === 'string' && joules !== '') this.joules = Number(joules);
    if (headers[COLD] === '1') this.cold = true;
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#onEnd(this);
  }
}
