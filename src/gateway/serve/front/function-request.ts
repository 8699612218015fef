import type { IncomingMessage } from 'node:http';
import type { CallRequest } from '../call/caller.js';
import { LimitedBody } from './limited-body.js';
import { newCallId } from './new-call-id.js';

const CALL_ID = /^[\w.:-]{1,128}$/;

export interface FunctionAddress {
  readonly name: string;
  /** Below the function, with the query. */
  readonly path: string;
}

/**
 * The function that a path names, and what is left for the function: `/function/NAME/…`. OpenFaaS' clients may write
 * NAME.NAMESPACE; there is one namespace here. Undefined where no name stands.
 */
export function addressIn(url: string, prefix: string): FunctionAddress | undefined {
  let end = prefix.length;
  while (end < url.length && url[end] !== '/' && url[end] !== '?') end++;
  const full = url.slice(prefix.length, end);
  const dot = full.indexOf('.');
  const name = dot < 0 ? full : full.slice(0, dot);
  if (name === '') return undefined;
  const rest = url.slice(end);
  return { name, path: rest.startsWith('/') ? rest : `/${rest}` };
}

/** The caller's own name for the call, if it is one that can stand in a header and a log; else a new one. */
export function callIdOf(request: IncomingMessage): string {
  const given = request.headers['x-call-id'];
  return typeof given === 'string' && CALL_ID.test(given) ? given : newCallId();
}

/** What the gateway tells a function beside what its caller says; names and values in turn. */
export function addedHeaders(request: IncomingMessage, callId: string): string[] {
  const peer = request.socket.remoteAddress ?? '';
  const before = request.headers['x-forwarded-for'];
  const forwarded = before === undefined ? peer : `${String(before)}, ${peer}`;
  const added = ['X-Call-Id', callId, 'X-Start-Time', `${Date.now()}000000`, 'X-Forwarded-For', forwarded];
  const { host } = request.headers;
  if (host !== undefined) added.push('X-Forwarded-Host', host);
  return added;
}

const none = (): number => 0;

/** The call that a request is; undefined when its body says that it is too large. `tooLarge` is called when it turns out to be. */
export function callRequestOf(
  request: IncomingMessage,
  path: string,
  maxBodyBytes: number,
  tooLarge: () => void,
): CallRequest | undefined {
  const { method = 'GET', rawHeaders: headers } = request;
  const declared = request.headers['content-length'];
  if (declared !== undefined) {
    const length = Number(declared);
    if (length > maxBodyBytes) return undefined;
    return length === 0
      ? { method, path, headers, body: undefined, bytes: none }
      : { method, path, headers, body: request, bytes: () => length };
  }
  if (request.headers['transfer-encoding'] === undefined)
    return { method, path, headers, body: undefined, bytes: none };
  const body = new LimitedBody(maxBodyBytes, tooLarge);
  request.pipe(body);
  request.on('close', () => {
    if (!request.complete) body.destroy();
  });
  return { method, path, headers, body, bytes: () => body.bytes };
}
