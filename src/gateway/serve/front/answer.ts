import type { ServerResponse } from 'node:http';
import { ErrorCode, type Logger, messageOf, WattloopError } from '../../../base/index.js';

/** What a route of the API answers with. */
export interface Answer {
  readonly status: number;
  /** Sent as JSON, unless it is text. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export function send(response: ServerResponse, { status, body, headers }: Answer): void {
  if (response.headersSent || response.destroyed) return;
  const isText = typeof body === 'string';
  const text = body === undefined ? '' : isText ? body : JSON.stringify(body);
  const bytes = Buffer.from(text);
  response.writeHead(status, {
    ...(body !== undefined && { 'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json' }),
    'content-length': bytes.length,
    ...headers,
    // What else the caller sends is not waited for.
    ...(!response.req.complete && { connection: 'close' }),
  });
  response.end(response.req.method === 'HEAD' ? undefined : bytes);
}

const STATUS: Readonly<Record<string, number>> = {
  [ErrorCode.badInput]: 400,
  [ErrorCode.badConfiguration]: 400,
  [ErrorCode.bundleFailed]: 400,
  [ErrorCode.notFound]: 404,
  [ErrorCode.alreadyExists]: 409,
  [ErrorCode.inUse]: 409,
};

/** An error as an answer: the caller's mistakes in one line, ours in the log. */
export function sendError(response: ServerResponse, error: unknown, log: Logger): void {
  const status = error instanceof WattloopError ? (STATUS[error.code] ?? 500) : 500;
  if (status === 500) log.error('a request of the API failed', { error: messageOf(error) });
  send(response, {
    status,
    body:
      error instanceof WattloopError
        ? `${error.line}\n`
        : 'internal error: the log of the gateway says more\n',
  });
}
