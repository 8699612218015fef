import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AsyncCalls } from './async-calls.js';
import type { AsyncAttempt, AsyncCallStatus, AsyncRequest, Invoke } from './call.js';
import {
  type ExampleOptions,
  exampleAnswer,
  exampleRequest,
  freshFolder,
  openCalls,
} from './testing/example.js';
import { FunctionServer, type ServerAnswer } from './testing/function-server.js';

const SOON = { backoff_seconds: 0.001 };

async function open(invoke: Invoke, options?: ExampleOptions): Promise<AsyncCalls> {
  const calls = await openCalls(invoke, options);
  onTestFinished(() => calls.close());
  return calls;
}

async function serve(answer?: () => ServerAnswer): Promise<FunctionServer> {
  const server = await new FunctionServer(answer).open();
  onTestFinished(() => server.close());
  return server;
}

async function accept(calls: AsyncCalls, request: Partial<AsyncRequest> = {}): Promise<string> {
  const outcome = await calls.accept(exampleRequest(request));
  if (!outcome.isAccepted) throw new Error(outcome.message);
  return outcome.id;
}

/** What is known of a call when it is over. */
async function over(calls: AsyncCalls, id: string): Promise<AsyncCallStatus> {
  for (;;) {
    const status = await calls.status(id);
    if (status === undefined) throw new Error(`nothing is known of ${id}`);
    if (status.endedAt !== undefined) return status;
    await setImmediate();
  }
}

/** When all calls are over. */
async function idle(calls: AsyncCalls): Promise<void> {
  while (calls.stats().pending > 0) await setImmediate();
}

const bodyOf = async ({ body }: AsyncAttempt): Promise<Buffer> =>
  body instanceof Uint8Array ? Buffer.from(body) : buffer(body);

describe('an asynchronous call', () => {
  it('is done as it was asked for, and its callback address is told', async () => {
    const server = await serve();
    const seen: unknown[] = [];
    const calls = await open(async (attempt) => {
      seen.push({ ...attempt, body: String(await bodyOf(attempt)) });
      return exampleAnswer({ status: 201, body: Readable.from([Buffer.from('thumbnail')]) });
    });
    const id = await accept(calls, { path: '/small', query: 'x=1', callback: `${server.url}/told?y=2` });
    const [told] = await server.came(1);
    expect(seen).toEqual([
      {
        id,
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
    expect(told).toMatchObject({ method: 'POST', path: '/told?y=2', body: Buffer.from('thumbnail') });
    expect(told?.headers).toMatchObject({
      'content-type': 'text/plain',
      'x-call-id': id,
      'x-function-name': 'resize',
      'x-function-status': '201',
      'x-duration-seconds': '0.500000',
    });
    expect(await over(calls, id)).toMatchObject({ state: 'done', attempts: 1, httpStatus: 201 });
    await idle(calls);
    expect(calls.stats()).toMatchObject({ done: 1, bytes: 0 });
  });

  it.each([
    ['of nothing', 0, 0],
    ['that fits into memory', 60_000, 0],
    ['that is large', 3_000_000, 1],
  ])('passes a body %s on unchanged, both ways', async (_, bytes, files) => {
    const server = await serve();
    const body = Buffer.from(Array.from({ length: bytes }, (_each, index) => (index * 31) & 0xff));
    const pieces = (): Readable =>
      Readable.from(
        Array.from({ length: Math.ceil(bytes / 1e4) }, (_each, i) => body.subarray(i * 1e4, i * 1e4 + 1e4)),
      );
    const folder = freshFolder();
    let kept = -1;
    const calls = await open(
      async (attempt) => {
        kept = readdirSync(join(folder, 'bodies')).length;
        expect((await bodyOf(attempt)).equals(body)).toBe(true);
        return exampleAnswer({ body: pieces() });
      },
      { folder },
    );
    const id = await accept(calls, { body: pieces(), callback: server.url });
    const [told] = await server.came(1);
    expect(told?.body.equals(body)).toBe(true);
    expect(kept).toBe(files);
    expect(await over(calls, id)).toMatchObject({ state: 'done', attempts: 1 });
    await idle(calls);
    expect(readdirSync(join(folder, 'bodies'))).toEqual([]);
  });

  it.each([200, 404, 500])('counts as delivered when the function itself answers %i', async (status) => {
    const server = await serve();
    const calls = await open(async () => exampleAnswer({ status }), { settings: { async: SOON } });
    const id = await accept(calls, { callback: server.url });
    expect(await over(calls, id)).toMatchObject({ state: 'done', attempts: 1, httpStatus: status });
    expect(server.deliveries[0]?.headers).toMatchObject({ 'x-function-status': String(status) });
    expect(String(server.deliveries[0]?.body)).toBe('done');
  });

  it('has the id that its caller gave it, unless another call has it', async () => {
    const calls = await open(async () => exampleAnswer());
    expect(await accept(calls, { id: 'order-7' })).toBe('order-7');
    const other = await accept(calls, { id: 'order-7' });
    expect(other).toMatch(/^[0-9a-f-]{36}$/);
    expect(await accept(calls, { id: 'has blanks\n' })).toMatch(/^[0-9a-f-]{36}$/);
    expect(await over(calls, other)).toMatchObject({ state: 'done' });
    expect(await over(calls, 'order-7')).toMatchObject({ state: 'done' });
  });
});

describe('a failed attempt', () => {
  it('is made again until the function answers, and each is counted', async () => {
    const attempts: number[] = [];
    const calls = await open(
      async ({ attempt }) => {
        attempts.push(attempt);
        if (attempt === 1) throw new Error('its replica crashed');
        if (attempt === 2) return exampleAnswer({ status: 502, isRetryable: true });
        // It breaks off in the middle of its answer.
        if (attempt === 3) return exampleAnswer({ body: breakingOff() });
        return exampleAnswer();
      },
      { settings: { async: SOON } },
    );
    expect(await over(calls, await accept(calls))).toMatchObject({ state: 'done', attempts: 4, failures: 3 });
    expect(attempts).toEqual([1, 2, 3, 4]);
    await idle(calls);
    expect(calls.stats()).toMatchObject({ retries: 3, done: 1 });
  });

  it('is the last after as many as the settings allow; the callback address is told so', async () => {
    const server = await serve();
    const calls = await open(async () => exampleAnswer({ status: 504, isRetryable: true }), {
      settings: { async: { ...SOON, attempts: 3 } },
    });
    const id = await accept(calls, { callback: server.url });
    const reason = 'given up after 3 failed attempts: the attempt was answered 504';
    expect(await over(calls, id)).toMatchObject({
      state: 'failed',
      attempts: 3,
      failures: 3,
      httpStatus: 504,
      message: reason,
    });
    expect(server.deliveries).toHaveLength(1);
    expect(server.deliveries[0]?.headers).toMatchObject({
      'x-function-status': '504',
      'x-wattloop-failure': reason,
    });
    await idle(calls);
    expect(calls.stats()).toMatchObject({ failed: 1, done: 0 });
  });

  it('does not count when all replicas were busy', async () => {
    const calls = await open(
      async ({ attempt }) =>
        attempt < 10 ? exampleAnswer({ status: 429, isRetryable: true }) : exampleAnswer(),
      { settings: { async: { ...SOON, attempts: 2 } } },
    );
    expect(await over(calls, await accept(calls))).toMatchObject({
      state: 'done',
      attempts: 10,
      failures: 0,
    });
  });
});

const breakingOff = (): Readable => {
  const body = new PassThrough();
  body.write('half of');
  queueMicrotask(() => body.destroy(new Error('socket hang up')));
  return body;
};

describe('a callback', () => {
  it('is made again until its address takes it', async () => {
    let count = 0;
    const server = await serve(() => ({ status: [500, 404, 302, 204][count++] ?? 200 }));
    let invoked = 0;
    const calls = await open(
      async () => {
        invoked++;
        return exampleAnswer();
      },
      { settings: { async: SOON } },
    );
    const id = await accept(calls, { callback: server.url });
    expect(await over(calls, id)).toMatchObject({ state: 'done', attempts: 1, callbackAttempts: 4 });
    expect(server.deliveries.map(({ body }) => String(body))).toEqual(['done', 'done', 'done', 'done']);
    expect(invoked).toBe(1);
  });

  it('is given up after as many attempts as the settings allow, or at once where it is gone', async () => {
    const server = await serve(() => ({ status: 500 }));
    const calls = await open(async () => exampleAnswer(), {
      settings: { async: { ...SOON, callback_attempts: 2 } },
    });
    const id = await accept(calls, { callback: server.url });
    expect(await over(calls, id)).toMatchObject({
      state: 'undelivered',
      callbackAttempts: 2,
      httpStatus: 200,
      message: 'the callback address answered 500',
    });
    const gone = await serve(() => ({ status: 410 }));
    const other = await accept(calls, { callback: gone.url });
    expect(await over(calls, other)).toMatchObject({ state: 'undelivered', callbackAttempts: 1 });
    await idle(calls);
    expect(calls.stats()).toMatchObject({ undelivered: 2, bytes: 0 });
  });

  it('tells when the answer was too large to be kept', async () => {
    const server = await serve();
    const calls = await open(async () => exampleAnswer({ body: Readable.from([Buffer.alloc(2_000_000)]) }), {
      settings: { max_body_mib: 1 },
    });
    const id = await accept(calls, { callback: server.url });
    expect(await over(calls, id)).toMatchObject({ state: 'done', attempts: 1 });
    expect(server.deliveries[0]?.body).toHaveLength(0);
    expect(server.deliveries[0]?.headers).toMatchObject({
      'x-function-status': '200',
      'x-wattloop-failure': expect.stringContaining('larger than gateway.max_body_mib'),
    });
  });

  it('goes nowhere where it must not, whatever name leads there', async () => {
    const calls = await open(async () => exampleAnswer(), {
      settings: { async: { callback_refused: ['127.0.0.0/8', '::1/128'] } },
    });
    expect(await calls.accept(exampleRequest({ callback: 'http://127.0.0.1:9/' }))).toMatchObject({
      isAccepted: false,
      httpStatus: 400,
      message: expect.stringContaining('127.0.0.1'),
    });
    // A name passes at first: where it leads is known when it is looked up.
    const id = await accept(calls, { callback: 'http://localhost:9/' });
    expect(await over(calls, id)).toMatchObject({
      state: 'undelivered',
      callbackAttempts: 1,
      message: expect.stringContaining('to which no callback goes'),
    });
  });
});

/** Attempts that last until they are let go, or aborted. */
class Gate {
  readonly begun: AsyncAttempt[] = [];
  #open: (() => void)[] = [];
  readonly invoke: Invoke = (attempt, signal) =>
    new Promise((resolve, reject) => {
      this.begun.push(attempt);
      this.#open.push(() => resolve(exampleAnswer()));
      signal.addEventListener('abort', () => reject(new Error('aborted')));
    });

  async began(count: number): Promise<void> {
    while (this.begun.length < count) await setImmediate();
  }

  release(): void {
    for (const open of this.#open.splice(0)) open();
  }
}

describe('what is accepted', () => {
  it('is no more than may wait', async () => {
    const gate = new Gate();
    const calls = await open(gate.invoke, { settings: { async: { max_pending: 2 } } });
    const outcomes = await Promise.all([1, 2, 3].map(() => calls.accept(exampleRequest())));
    expect(outcomes.map(({ isAccepted }) => isAccepted)).toEqual([true, true, false]);
    expect(outcomes[2]).toMatchObject({ httpStatus: 429, retryAfterSeconds: 1 });
    await gate.began(2);
    gate.release();
    await idle(calls);
    expect(await calls.accept(exampleRequest())).toMatchObject({ isAccepted: true });
  });

  it('is no larger than a body may be, and no more than there is room for', async () => {
    const folder = freshFolder();
    const gate = new Gate();
    const calls = await open(gate.invoke, { folder, settings: { max_body_mib: 1, async: { max_mib: 1.5 } } });
    const body = (): Readable => Readable.from([Buffer.alloc(9e5), Buffer.alloc(1e5)]);
    const tooLarge = Readable.from([Buffer.alloc(9e5), Buffer.alloc(2e5), Buffer.alloc(1)]);
    expect(await calls.accept(exampleRequest({ body: tooLarge }))).toMatchObject({ httpStatus: 413 });
    // What is left of it is its owner's, who may want to answer first.
    expect(tooLarge.destroyed).toBe(false);
    expect(calls.stats()).toMatchObject({ pending: 0, bytes: 0 });
    const id = await accept(calls, { body: body() });
    expect(await calls.accept(exampleRequest({ body: body() }))).toMatchObject({ httpStatus: 429 });
    expect(calls.stats()).toMatchObject({ pending: 1, bytes: 1e6 });
    expect(readdirSync(join(folder, 'bodies'))).toHaveLength(1);
    await gate.began(1);
    gate.release();
    await over(calls, id);
    await idle(calls);
    expect(await calls.accept(exampleRequest({ body: body() }))).toMatchObject({ isAccepted: true });
  });

  it('is whole: a caller that goes away in the middle leaves nothing', async () => {
    const folder = freshFolder();
    const calls = await open(async () => exampleAnswer(), { folder });
    const body = new PassThrough();
    body.write(Buffer.alloc(1e6));
    const outcome = calls.accept(exampleRequest({ body }));
    while (readdirSync(join(folder, 'bodies')).length === 0) await setImmediate();
    body.destroy(new Error('aborted'));
    expect(await outcome).toMatchObject({ isAccepted: false, httpStatus: 503 });
    expect(readdirSync(join(folder, 'bodies'))).toEqual([]);
    expect(calls.stats()).toMatchObject({ pending: 0, bytes: 0, refused: 1 });
  });

  it('is for nobody else to read', async () => {
    const folder = freshFolder();
    const gate = new Gate();
    const calls = await open(gate.invoke, { folder });
    await accept(calls, { body: Readable.from([Buffer.alloc(1e5)]) });
    const [body = ''] = readdirSync(join(folder, 'bodies'));
    for (const file of ['calls.db', 'calls.db-wal', join('bodies', body)])
      expect(statSync(join(folder, file)).mode & 0o077).toBe(0);
  });
});

describe('a gateway that ends', () => {
  it('waits for what is under way and begins nothing else', async () => {
    const gate = new Gate();
    const folder = freshFolder();
    const calls = await openCalls(gate.invoke, { folder, settings: { async: { concurrency: 1 } } });
    const ids = [await accept(calls), await accept(calls)];
    await gate.began(1);
    const drained = calls.drain(new AbortController().signal);
    gate.release();
    await drained;
    expect(gate.begun).toHaveLength(1);
    const states = await Promise.all(ids.map((id) => calls.status(id)));
    expect(states.map((status) => status?.state)).toEqual(['done', 'waiting']);
    // What comes while it drains is kept too.
    const late = await accept(calls);
    await calls.close();
    expect(await calls.accept(exampleRequest())).toMatchObject({ httpStatus: 503 });

    const next = await open(async () => exampleAnswer(), { folder });
    for (const id of [...ids.slice(1), late])
      expect(await over(next, id)).toMatchObject({ state: 'done', attempts: 1 });
  });

  it('cuts short what takes too long; the next gateway goes on with it, and counts on', async () => {
    const gate = new Gate();
    const folder = freshFolder();
    const calls = await openCalls(gate.invoke, { folder, settings: { async: { attempts: 1 } } });
    const id = await accept(calls, { body: Readable.from([Buffer.alloc(1e5, 'x')]) });
    await gate.began(1);
    const cut = new AbortController();
    const drained = calls.drain(cut.signal);
    cut.abort();
    await drained;
    await calls.close();
    const bodies: Buffer[] = [];
    const next = await open(
      async (attempt) => {
        bodies.push(await bodyOf(attempt));
        return exampleAnswer();
      },
      { folder },
    );
    // The gateway's own end is no failure of the call: one attempt is all that it has.
    expect(await over(next, id)).toMatchObject({ state: 'done', attempts: 2, failures: 0 });
    expect(bodies[0]?.equals(Buffer.alloc(1e5, 'x'))).toBe(true);
  });

  it('leaves callbacks to the next one that no address has taken', async () => {
    const folder = freshFolder();
    const deaf = await serve(() => ({ status: 500 }));
    const calls = await openCalls(
      async () => exampleAnswer({ body: Readable.from([Buffer.alloc(1e5, 'y')]) }),
      {
        folder,
        settings: { async: { backoff_seconds: 3_600 } },
      },
    );
    const id = await accept(calls, { callback: deaf.url });
    await deaf.came(1);
    while ((await calls.status(id))?.message === undefined) await setImmediate();
    await calls.close();
    const next = await open(async () => exampleAnswer(), { folder });
    expect(await next.status(id)).toMatchObject({ state: 'calling_back', callbackAttempts: 1 });
    expect(next.stats()).toMatchObject({ pending: 1, bytes: 1e5, running: 0 });
  });
});

describe('functions', () => {
  it('take turns, however many calls one of them has', async () => {
    const order: string[] = [];
    const gate = new Gate();
    const calls = await open(
      (attempt, signal) => {
        order.push(attempt.function);
        return attempt.function === 'first' ? gate.invoke(attempt, signal) : Promise.resolve(exampleAnswer());
      },
      { settings: { async: { concurrency: 1 } } },
    );
    await accept(calls, { function: 'first' });
    await gate.began(1);
    for (let i = 0; i < 50; i++) await accept(calls, { function: 'many' });
    const id = await accept(calls, { function: 'single' });
    expect(calls.stats().waiting).toEqual({ many: 50, single: 1 });
    gate.release();
    await over(calls, id);
    expect(order.slice(0, 3)).toContain('single');
  });
});
