import { PassThrough, type Readable } from 'node:stream';
import { REFUSALS, type Refusal } from '../refusal.js';
import type { Caller } from './caller.js';

/** What came of a call that the gateway itself makes. */
export interface InnerAnswer {
  readonly status: number;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body: Readable;
  /** Set where the function gave no answer, and another attempt may get one. */
  readonly refusal?: Refusal;
}

/** The gateway as a caller: for asynchronous calls. */
export class InnerCaller implements Caller {
  readonly answer: Promise<InnerAnswer>;
  #resolve: (answer: InnerAnswer) => void = () => undefined;
  readonly #body = new PassThrough();

  constructor() {
    this.answer = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  begin(status: number, _statusText: string, headers: string[]): void {
    this.#resolve({ status, headers, body: this.#body });
  }

  write(chunk: Uint8Array, resume: () => void): boolean {
    if (this.#body.write(chunk)) return true;
    this.#body.once('drain', resume);
    return false;
  }

  end(): void {
    this.#body.end();
  }

  breakOff(): void {
    this.#body.destroy(new Error('the answer broke off'));
  }

  refuse(refusal: Refusal): void {
    this.#body.end(`${refusal.message}\n`);
    this.#resolve({ status: REFUSALS[refusal.reason], headers: [], body: this.#body, refusal });
  }
}
