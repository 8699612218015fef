import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { describeError } from '../../worker/describe-error.js';
import type { CpuLedger } from '../cpu-ledger.js';
import { answerFailure } from '../failure.js';
import { hasBody } from '../has-body.js';
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
  /** The last of a call: nothing of it is under way any more. */
  ended(): void;
}

/** One call of a handler, from its headers to the end of its answer. */
export class HandlerCall {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #around: CallSurroundings;
  readonly #mark: number;
  readonly #context: CallContext;
  #isSettled = false;

  constructor(request: IncomingMessage, response: ServerResponse, around: CallSurroundings) {
    this.#request = request;
    this.#response = response;
    this.#around = around;
    this.#mark = around.ledger.begin();
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
      // OpenFaaS' `context.succeed(…)` may have come first, or may come yet where a callback is meant.
      if (!this.#isSettled && !(value === undefined && handle.length > 2)) this.#succeed(value);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Answers that the call failed, unless it has been answered. */
  fail(error: unknown): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    if (error instanceof BadCall) {
      this.#answerFailure(error.status, 'bad_call', error.message);
      return;
    }
    const { name, message, stack } = describeError(error);
    process.stderr.write(`${stack ?? `${name}: ${message}`}\n`);
    const status = this.#context.status();
    this.#answerFailure(
      status >= 400 ? status : 500,
      'handler',
      typeof error === 'string' ? error : `${name}: ${message}`,
    );
  }

  #answerFailure(status: number, reason: string, message: string): void {
    answerFailure(this.#response, status, reason, message, this.#around.ledger.soFar(this.#mark));
    // What is left of the body is of no interest.
    this.#request.resume();
  }

  #succeed(value: unknown): void {
    if (this.#isSettled) return;
    let sent: Promise<void>;
    try {
      const headers = this.#context.headers() as OutgoingHttpHeaders;
      const answer = answerOf(value, this.#context.status(), headers);
      sent = send(this.#response, answer, () => this.#around.ledger.soFar(this.#mark));
    } catch (error) {
      this.fail(error);
      return;
    }
    this.#isSettled = true;
    sent.catch((error: unknown) => this.#broken(error));
  }

  /** An answer that has begun can only be broken off. */
  #broken(error: unknown): void {
    const callerIsGone = this.#response.closed && !this.#response.errored;
    if (!this.#response.headersSent) {
      this.#isSettled = false;
      this.fail(error);
      return;
    }
    this.#response.destroy();
    if (!callerIsGone) process.stderr.write(`the answer broke off: ${describeError(error).message}\n`);
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
    this.#around.ledger.end(this.#mark);
    this.#context.ended(callerIsGone);
    // Whoever waits for the handler waits no more.
    if (callerIsGone) this.#isSettled = true;
    this.#around.ended();
  }
}
