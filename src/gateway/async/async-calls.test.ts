import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AsyncCalls } from './async-calls.js';
import type { Invoke } from './call.js';
import { type ExampleOptions, exampleAnswer, exampleRequest, openCalls } from './testing/example.js';

async function open(invoke: Invoke, options?: ExampleOptions): Promise<AsyncCalls> {
  const calls = await openCalls(invoke, options);
  onTestFinished(() => calls.close());
  return calls;
}

describe('an asynchronous call', () => {
  it('is done as it was asked for, and its callback address is told', async () => {
    const server = createServer(async (request, response) => {
      const body = await text(request);
      response.end();
      server.emit('told', { request, body });
    }).listen(0, '127.0.0.1');
    const told = once(server, 'told') as Promise<[{ request: IncomingMessage; body: string }]>;
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const seen: unknown[] = [];
    const calls = await open(async ({ body, ...attempt }) => {
      seen.push({ ...attempt, body: Buffer.from(body as Uint8Array).toString() });
      return exampleAnswer({ status: 201, body: Readable.from([Buffer.from('thumbnail')]) });
    });
    const outcome = await calls.accept(
      exampleRequest({ path: '/small', query: 'x=1', callback: `http://127.0.0.1:${port}/told?y=2` }),
    );
    if (!outcome.isAccepted) throw new Error(outcome.message);
    const [{ request, body }] = await told;
    expect(seen).toEqual([
      {
        id: outcome.id,
        function: 'resize',
        attempt: 1,
        acceptedAt: expect.any(Number),
        method: 'POST',
        path: '/small',
        query: 'x=1',
        headers: { 'content-type': 'text/plain' },
        body: 'hello',
        bytes: 5,
      },
    ]);
    expect(body).toBe('thumbnail');
    expect(request.method).toBe('POST');
    expect(request.url).toBe('/told?y=2');
    expect(request.headers).toMatchObject({
      'content-type': 'text/plain',
      'x-call-id': outcome.id,
      'x-function-name': 'resize',
      'x-function-status': '201',
      'x-duration-seconds': '0.500000',
    });
    await calls.drain(new AbortController().signal);
    expect(await calls.status(outcome.id)).toMatchObject({ state: 'done', attempts: 1, httpStatus: 201 });
    expect(calls.stats()).toMatchObject({ pending: 0, done: 1, bytes: 0 });
  });
});
