import type { Readable } from 'node:stream';
import type { Refusal } from '../refusal.js';

/** What a call asks of its function. */
export interface CallRequest {
  readonly method: string;
  /** Below the function, with the query: always begins with a slash. */
  readonly path: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body: Readable | Uint8Array | undefined;
  /** Bytes of the body, as far as it has come. */
  bytes(): number;
}

/** Whoever made a call and takes its answer, be it a connection or the asynchronous queue. */
export interface Caller {
  /** The answer begins. Headers are names and values in turn. */
  begin(status: number, statusText: string, headers: string[]): void;
  /** False when it takes no more for now: `resume` is called when it does again. */
  write(chunk: Uint8Array, resume: () => void): boolean;
  end(trailers: Readonly<Record<string, string>> | undefined): void;
  /** The answer breaks off after it began. */
  breakOff(): void;
  /** There is no answer of the function. */
  refuse(refusal: Refusal, callId: string): void;
}
