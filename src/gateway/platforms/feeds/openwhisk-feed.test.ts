import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createHost, ManualClock, silentLogger } from '../../../base/index.js';
import { ToldSink } from '../testing/told-sink.js';
import { OpenWhiskFeed } from './openwhisk-feed.js';

interface Activation {
  readonly activationId: string;
  readonly namespace: string;
  readonly name: string;
  readonly start: number;
  readonly end?: number;
  readonly statusCode?: number;
  readonly annotations?: readonly { key: string; value: unknown }[];
}

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** An API with records that a test makes, the newest first as OpenWhisk has them. */
async function openwhisk() {
  const clock = new ManualClock();
  const records: Activation[] = [];
  const asked: URL[] = [];
  const state = { status: 200, authorization: '' };
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://x');
    asked.push(url);
    state.authorization = request.headers.authorization ?? '';
    const number = (name: string): number => Number(url.searchParams.get(name));
    const listed = records
      .filter(({ start }) => start >= number('since'))
      .sort((a, b) => b.start - a.start)
      .slice(number('skip'), number('skip') + number('limit'));
    response.writeHead(state.status, { 'content-type': 'application/json' }).end(JSON.stringify(listed));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(() => server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  const feed = new OpenWhiskFeed(createHost({ clock, log: silentLogger, env: {} }), {
    url: new URL(`http://127.0.0.1:${port}`),
    auth: 'ada:secret',
    intervalSeconds: 5,
    timeoutSeconds: 5,
    fetch,
  });
  ends.push(() => feed.close());
  const sink = new ToldSink();
  const ms = (seconds: number): number => Math.round((clock.wall() + seconds) * 1e3);
  const poll = async (): Promise<void> => {
    const before = asked.length;
    clock.advance(5);
    await expect.poll(() => asked.length).toBeGreaterThan(before);
    await expect.poll(() => feed.isAsking).toBe(false);
  };
  return { clock, records, asked, state, feed, sink, ms, poll };
}

describe('calls of OpenWhisk', () => {
  it('are its activations, once each, with their times and whether they were cold', async () => {
    const { records, state, feed, sink, ms, poll } = await openwhisk();
    records.push({ activationId: 'before', namespace: 'guest', name: 'x', start: ms(-9), end: ms(-8) });
    await feed.open(sink);
    expect(state.authorization).toBe(`Basic ${Buffer.from('ada:secret').toString('base64')}`);
    expect(sink.calls).toEqual([]);
    const annotations = [
      { key: 'initTime', value: 250 },
      { key: 'path', value: 'guest/my-hello' },
    ];
    records.push(
      { activationId: 'a', namespace: 'guest', name: 'my-hello', start: ms(1), end: ms(3), annotations },
      { activationId: 'b', namespace: 'guest', name: 'sleep', start: ms(2), end: ms(4), statusCode: 2 },
      { activationId: 'runs', namespace: 'guest', name: 'long', start: ms(2), end: 0 },
    );
    await poll();
    await poll();
    expect(
      sink.calls.map(({ id, function: name, status, cold, coldSeconds }) => [
        id,
        name,
        status,
        cold,
        coldSeconds,
      ]),
    ).toEqual([
      ['b', 'guest/sleep', 'failed', false, undefined],
      // Containers are named without what is neither letter, digit nor underscore: so are functions.
      ['a', 'guest/myhello', 'done', true, 0.25],
    ]);
    const [, a] = sink.calls;
    expect((a?.endedAt ?? 0) - (a?.startedAt ?? 0)).toBeCloseTo(2, 6);
  });

  it('are read page by page, as far as anything is new', async () => {
    const { records, asked, feed, sink, ms, poll } = await openwhisk();
    await feed.open(sink);
    for (let at = 0; at < 450; at++)
      records.push({ activationId: `${at}`, namespace: 'g', name: 'f', start: ms(at / 100), end: ms(4.9) });
    await poll();
    expect(sink.calls).toHaveLength(450);
    const before = asked.length;
    await poll();
    // Nothing is new on the newest page: what is older was told.
    expect(asked.length - before).toBe(1);
    expect(sink.calls).toHaveLength(450);
  });

  it('are found also when they took long', async () => {
    const { records, feed, sink, ms, poll } = await openwhisk();
    await feed.open(sink);
    const started = ms(0.5);
    for (let minute = 0; minute < 24; minute++) await poll();
    records.push({ activationId: 'long', namespace: 'g', name: 'f', start: started, end: ms(0) });
    await poll();
    expect(sink.calls.map(({ id }) => id)).toEqual(['long']);
  });

  it('are not known where it refuses', async () => {
    const { state, feed, sink, poll } = await openwhisk();
    state.status = 401;
    await feed.open(sink);
    expect(feed.ailment()).toMatch(/activations: status 401/);
    state.status = 200;
    await poll();
    expect(feed.ailment()).toBeUndefined();
  });
});
