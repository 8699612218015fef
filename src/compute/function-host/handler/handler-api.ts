import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';

/** What a module may export as `config`, beside its handler. */
export interface FunctionConfig {
  /**
   * `auto`: JSON is parsed, other text is a string, other bytes a Buffer. `bytes`: always a Buffer. `stream`: the handler is
   * called at once and reads what it wants of `event.stream`.
   */
  readonly body: 'auto' | 'bytes' | 'stream';
  /** The largest body that is held in memory. */
  readonly maxBodyMib: number;
}

/** A call, as a handler sees it. */
export interface FunctionEvent {
  /** Absent with `config.body: 'stream'`, and where the caller sent none. */
  readonly body: unknown;
  readonly rawBody: Buffer | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly method: string;
  readonly path: string;
  /** The last of each name that the query has. */
  readonly query: Readonly<Record<string, string>>;
  readonly url: string;
  /** The body as it comes; all at once where it was read already. */
  readonly stream: Readable;
  bytes(): Promise<Buffer>;
  text(): Promise<string>;
  json(): Promise<unknown>;
}

type Callback = (error: unknown, value?: unknown) => void;

export interface FunctionContext {
  /** Sets the status of the answer; without an argument it tells it. */
  status(): number;
  status(code: number): FunctionContext;
  headers(): Readonly<Record<string, string | readonly string[]>>;
  headers(values: Readonly<Record<string, string | readonly string[]>>): FunctionContext;
  succeed(value?: unknown): void;
  fail(error: unknown): void;
  /** Aborted when the caller is gone or the time is up. */
  readonly signal: AbortSignal;
  readonly callId: string | undefined;
  /** Writes a line to the function's log. */
  log(...values: unknown[]): void;
  /** The text of a secret that the function may read. */
  secret(name: string): string;
}

export type FunctionHandler = (event: FunctionEvent, context: FunctionContext, callback: Callback) => unknown;
