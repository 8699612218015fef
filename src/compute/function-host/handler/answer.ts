import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ReplicaHeader } from '../../replica/replica.js';
import { takesTrailers } from '../framing.js';

/** An answer before it is sent. */
export interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Uint8Array | Readable;
}

const EMPTY = Buffer.alloc(0);
const TEXT = 'text/plain; charset=utf-8';
const JSON_TYPE = 'application/json; charset=utf-8';
const BYTES = 'application/octet-stream';

/** Of the connection, which is the gateway's, not of the answer. */
const NOT_THE_HANDLERS = [
  'connection',
  'keep-alive',
  'transfer-encoding',
  'trailer',
  ...Object.values(ReplicaHeader),
];

/** What a handler returned, as an answer that can be sent. Throws a TypeError where it is none. */
export function answerOf(value: unknown, status: number, headers: OutgoingHttpHeaders): Answer {
  const answer = interpreted(value, status, headers);
  if (!Number.isInteger(answer.status) || answer.status < 200 || answer.status > 599) {
    throw new TypeError(`the handler's status is ${answer.status}, not one from 200 to 599`);
  }
  const kept = { ...answer.headers };
  for (const name of NOT_THE_HANDLERS) delete kept[name];
  return { ...answer, headers: kept };
}

/** What a handler returned, as an answer. `status` and `headers` are what its context was told. */
function interpreted(value: unknown, status: number, headers: OutgoingHttpHeaders): Answer {
  const typed = (type: string, body: Uint8Array | Readable): Answer => ({
    status,
    headers: 'content-type' in headers ? headers : { ...headers, 'content-type': type },
    body,
  });
  if (typeof value === 'string') return typed(TEXT, Buffer.from(value));
  if (value === undefined) return { status, headers, body: EMPTY };
  if (typeof value !== 'object' || value === null) return typed(JSON_TYPE, json(value));
  if (value instanceof Uint8Array) return typed(BYTES, value);
  if (isResponse(value)) return fromResponse(value, headers);
  if (isStream(value)) return typed(BYTES, readable(value));
  if (isDescribed(value)) return fromDescription(value, headers);
  return typed(JSON_TYPE, json(value));
}

function json(value: unknown): Buffer {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined)
    throw new TypeError(`the handler returned a ${typeof value}, which can't be an answer`);
  return Buffer.from(text);
}

/** By name: to look for the class itself would load it. */
const isResponse = (value: object): value is Response =>
  Object.prototype.toString.call(value) === '[object Response]';

const isStream = (value: object): value is AsyncIterable<unknown> =>
  Symbol.asyncIterator in value && typeof value[Symbol.asyncIterator] === 'function';

const readable = (value: AsyncIterable<unknown>): Readable =>
  value instanceof Readable ? value : Readable.from(value);

function fromResponse(response: Response, headers: OutgoingHttpHeaders): Answer {
  const own: OutgoingHttpHeaders = { ...headers };
  response.headers.forEach((value, name) => {
    own[name] = value;
  });
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) own['set-cookie'] = cookies;
  const { body } = response;
  return { status: response.status, headers: own, body: body === null ? EMPTY : readable(body) };
}

interface Description {
  readonly statusCode: number;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: unknown;
  readonly isBase64Encoded?: boolean;
}

const isDescribed = (value: object): value is Description =>
  'statusCode' in value && Number.isInteger(value.statusCode);

function fromDescription(value: Description, headers: OutgoingHttpHeaders): Answer {
  const own = { ...headers, ...lowerCase(value.headers ?? {}) };
  const { body, isBase64Encoded } = value;
  const content = isBase64Encoded && typeof body === 'string' ? Buffer.from(body, 'base64') : body;
  // A description within one is a value like any other.
  const inner =
    content !== null && typeof content === 'object' && isDescribed(content) ? json(content) : content;
  return interpreted(inner, value.statusCode, own);
}

export function lowerCase(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** Sends an answer; `cpuSeconds` is asked as late as it can be told: as a header, or after a stream as a trailer. */
export async function send(
  response: ServerResponse,
  { status, headers, body }: Answer,
  cpuSeconds: () => number,
): Promise<void> {
  if (body instanceof Uint8Array) {
    headers['content-length'] = body.length;
    headers[ReplicaHeader.cpuSeconds] = cpuSeconds().toFixed(6);
    response.writeHead(status, headers).end(body);
    return;
  }
  // With its length given an answer has no trailers.
  const trails = !('content-length' in headers) && takesTrailers(response.req, status);
  if (trails) headers.trailer = ReplicaHeader.cpuSeconds;
  response.writeHead(status, headers);
  response.flushHeaders();
  await pipeline(body, response, { end: false });
  if (trails) response.addTrailers({ [ReplicaHeader.cpuSeconds]: cpuSeconds().toFixed(6) });
  response.end();
}
