import { readFileSync } from 'node:fs';
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { lowerCase } from './answer.js';
import type { FunctionContext } from './handler-api.js';

type HeaderValues = Readonly<Record<string, string | readonly string[]>>;

export interface ContextParts {
  readonly response: ServerResponse;
  readonly callId: string | undefined;
  readonly timeoutSeconds: number;
  readonly secretsFolder: string;
  settle(error: unknown, value: unknown, failed: boolean): void;
}

/** What a handler is given beside its event. What costs something is made when it is asked for. */
export class CallContext implements FunctionContext {
  readonly callId: string | undefined;
  readonly #parts: ContextParts;
  readonly #beganAt = performance.now();
  #status = 200;
  #headers: OutgoingHttpHeaders = {};
  #controller: AbortController | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: ContextParts) {
    this.#parts = parts;
    this.callId = parts.callId;
  }

  status(): number;
  status(code: number): FunctionContext;
  status(code?: number): number | FunctionContext {
    if (code === undefined) return this.#status;
    this.#status = code;
    return this;
  }

  headers(): HeaderValues;
  headers(values: HeaderValues): FunctionContext;
  headers(values?: HeaderValues): HeaderValues | FunctionContext {
    if (values === undefined) return this.#headers as HeaderValues;
    this.#headers = { ...this.#headers, ...lowerCase(values as OutgoingHttpHeaders) };
    return this;
  }

  succeed(value?: unknown): void {
    this.#parts.settle(undefined, value, false);
  }

  fail(error: unknown): void {
    this.#parts.settle(error, undefined, true);
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      const controller = new AbortController();
      this.#controller = controller;
      const { response, timeoutSeconds } = this.#parts;
      if (response.closed) controller.abort();
      const left = timeoutSeconds * 1e3 - (performance.now() - this.#beganAt);
      this.#timer = setTimeout(
        () => controller.abort(new DOMException('the time that the call may take is up', 'TimeoutError')),
        Math.min(left, 2 ** 31 - 1),
      ).unref();
    }
    return this.#controller.signal;
  }

  log(...values: unknown[]): void {
    const text = values.map((value) => (typeof value === 'string' ? value : inspect(value))).join(' ');
    process.stdout.write(this.callId === undefined ? `${text}\n` : `${this.callId} ${text}\n`);
  }

  secret(name: string): string {
    if (!/^[\w.-]+$/.test(name) || name === '..' || name === '.') {
      throw new TypeError(`"${name}" can't be the name of a secret`);
    }
    try {
      return readFileSync(join(this.#parts.secretsFolder, name), 'utf8');
    } catch {
      throw new Error(`there is no secret "${name}" that this function may read: name it in its "secrets"`);
    }
  }

  /** The answer has been sent, or the caller is gone. */
  ended(callerIsGone: boolean): void {
    clearTimeout(this.#timer);
    if (callerIsGone) this.#controller?.abort(new DOMException('the caller is gone', 'AbortError'));
  }
}
