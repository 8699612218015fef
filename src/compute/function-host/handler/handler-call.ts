import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { describeError } from '../../worker/describe-error.js';
import { CallCpu } from '../call-cpu.js';
import type { CpuLedger } from '../cpu-ledger.js';
import { answerFailure, type Failure } from '../failure.js';
import { hasBody } from '../framing.js';
import { answerOf, send } from './answer.js';
import { CallContext } from './context.js';
import { CallEvent } from './event.js';
import type { LoadedHandler } from './load-handler.js';
import { BadCall, collect, parseBody } from './read-body.js';

export interface CallSurroundings {
  readonly loaded: LoadedHandler;
  readonly ledger: CpuLedger;
  readonly timeoutSeconds: number;
  readonly secretsFolder: string;
  /** The last of a call: it was answered, or its caller is gone. */
  ended(): void;
}

const words = (error: unknown): string => {
  const { name, message, stack } = describeError(error);
  return stack ?? `${name}: ${message}`;
};

/** One call of a handler, from its headers to the end of its answer. */
export class HandlerCall {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #around: CallSurroundings;
  readonly #cpu: CallCpu;
  readonly #context: CallContext;
  /** What comes of it is decided; whatever the handler does later changes nothing. */
  #isSettled = false;

  constructor(request: IncomingMessage, response: ServerResponse, around: CallSurroundings) {
    this.#request = request;
    this.#response = response;
    this.#around = around;
    this.#cpu = new CallCpu(around.ledger);
    const callId = request.headers['x-call-id'];
    this.#context = new CallContext({
      response,
      callId: typeof callId === 'string' ? callId : undefined,
      timeoutSeconds: around.timeoutSeconds,
      secretsFolder: around.secretsFolder,
      settle: (error, value, failed) => (failed ? this.fail(error) : this.#succeed(value)),
    });
    response.once('close', () => this.#ended());
  }

  async run(): Promise<void> {
    const { handle, config } = this.#around.loaded;
    try {
      const event = await this.#event(config.maxBodyMib * 1024 ** 2);
      const value = await handle(event, this.#context, (error, result) =>
        error ? this.fail(error) : this.#succeed(result),
      );
      // Who takes a callback and returns nothing answers later.
      if (!(value === undefined && handle.length > 2)) this.#succeed(value);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Answers that the call failed; when it has been answered, it stands in the log alone. */
  fail(error: unknown): void {
    if (!this.#isSettled && error instanceof BadCall) {
      this.#isSettled = true;
      this.#answerFailure({ status: error.status, message: error.message });
      return;
    }
    const isLate = this.#isSettled;
    this.#isSettled = true;
    // What a handler says when nobody listens any more is no failure of its own.
    if (this.#callerIsGone) return;
    process.stderr.write(`${isLate ? 'after the call had been answered: ' : ''}${words(error)}\n`);
    if (isLate) return;
    const status = this.#context.status();
    const { name, message } = describeError(error);
    const said = error instanceof Error ? `${name}: ${message}` : message;
    this.#answerFailure({
      status: status >= 400 && status < 600 ? status : 500,
      reason: 'handler',
      message: said,
    });
  }

  get #callerIsGone(): boolean {
    const { complete, destroyed } = this.#request;
    return (destroyed && !complete) || (this.#response.closed && !this.#response.writableFinished);
  }

  #answerFailure(failure: Failure): void {
    answerFailure(this.#response, failure, this.#cpu.settle());
    // What is left of the body is of no interest.
    this.#request.resume();
  }

  #succeed(value: unknown): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    try {
      const headers = this.#context.headers() as OutgoingHttpHeaders;
      const answer = answerOf(value, this.#context.status(), headers);
      send(this.#response, answer, () => this.#cpu.settle()).catch((error: unknown) => this.#broken(error));
    } catch (error) {
      this.#broken(error);
    }
  }

  /** What the handler returned can't be sent, or not to its end. */
  #broken(error: unknown): void {
    if (!this.#response.headersSent) {
      this.#isSettled = false;
      this.fail(error);
      return;
    }
    // The stream is told that nobody reads it any more; that its caller went away is no news.
    if (!this.#response.closed) process.stderr.write(`the answer broke off: ${words(error)}\n`);
    this.#response.destroy();
  }

  async #event(limitBytes: number): Promise<CallEvent> {
    const { body: kind } = this.#around.loaded.config;
    if (kind === 'stream' || !hasBody(this.#request)) return new CallEvent(this.#request, limitBytes);
    const bytes = await collect(this.#request, limitBytes);
    const body = kind === 'bytes' ? bytes : parseBody(this.#request.headers, bytes);
    return new CallEvent(this.#request, limitBytes, bytes, body);
  }

  #ended(): void {
    const callerIsGone = !this.#response.writableFinished;
    this.#cpu.settle();
    this.#context.ended(callerIsGone);
    // Whoever waits for the handler waits no more.
    if (callerIsGone) this.#isSettled = true;
    this.#around.ended();
  }
}
