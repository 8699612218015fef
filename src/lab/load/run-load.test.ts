import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../base/index.js';
import type { LoadResult } from '../../model/index.js';
import type { LoadPlan } from './load-plan.js';
import type { LoadProgress } from './load-progress.js';
import { type RunLoadOptions, runLoad } from './run-load.js';
import { constant, plan, target } from './testing/test-plan.js';
import { answering, testServer } from './testing/test-server.js';

const load = (of: LoadPlan, more: Partial<RunLoadOptions> = {}): Promise<LoadResult> =>
  runLoad(of, { clock: systemClock, cpuSeconds: () => process.cpuUsage().user / 1e6, ...more });

const closed = { kind: 'closed', callers: 3, thinkSeconds: 0 } as const;

describe('a load without coordinated omission', () => {
  it('goes on calling a server that stalls, and counts the wait of every call that was due meanwhile', async () => {
    const stallSeconds = 0.6;
    const waiting: (() => void)[] = [];
    let began = false;
    let isOver = false;
    let receivedInStall = 0;
    const url = await testServer(
      answering((_, response) => {
        if (!began) {
          began = true;
          setTimeout(() => {
            receivedInStall = waiting.length;
            isOver = true;
            for (const answer of waiting) answer();
          }, stallSeconds * 1e3);
        }
        if (isOver) response.end('ok');
        else waiting.push(() => response.end('ok'));
      }),
    );
    const open = await load(plan([target(url, constant(100))], { durationSeconds: 1 }));
    expect(open.total.done).toBe(100);
    // A client that waits for answers would have sent one.
    expect(receivedInStall).toBeGreaterThan(30);
    // Half of those that were due in the stall waited for half of it or more.
    expect(open.total.latency?.p90).toBeGreaterThan(stallSeconds / 2);
    expect(open.total.latency?.max).toBeGreaterThan(0.9 * stallSeconds);
  });

  it('measures from when a call was due, also when it could not be sent then', async () => {
    const url = await testServer(answering((_, response) => void setTimeout(() => response.end('ok'), 30)));
    const result = await load(plan([target(url, constant(100))], { maxInFlight: 1 }));
    expect(result.total.done).toBe(50);
    // 50 calls of 30 ms one after another, due within half a second: the last is a second late.
    expect(result.total.latency?.max).toBeGreaterThan(0.9);
    expect(result.total.service?.p50).toBeLessThan(result.total.latency?.p50 ?? 0);
    expect(result.generator.lateness?.max).toBeGreaterThan(0.8);
    expect(result.generator.heldBack).toBeGreaterThan(40);
    expect(result.findings).toEqual([expect.stringMatching(/had to wait until fewer were under way/)]);
  });

  it('gives up what nobody would wait for any more, and says how much that was', async () => {
    const url = await testServer(() => {});
    const result = await load(
      plan([target(url, constant(100), { timeoutSeconds: 0.2 })], { maxInFlight: 2 }),
    );
    const { sent, done, failed, failures, due } = result.total;
    expect(done).toBe(0);
    expect(due).toBe(50);
    expect(failed).toBe(50);
    expect(failures.timeout).toBe(sent);
    expect(failures.unsent).toBe(50 - sent);
    expect(failures.unsent).toBeGreaterThan(30);
    expect(result.total.latency?.min).toBeGreaterThanOrEqual(0.2);
  });
});

describe('what is counted', () => {
  it('tells failures apart', async () => {
    const statuses = [200, 404, 429, 400, 500, 503];
    let turn = 0;
    const url = await testServer(
      answering((_, response) => {
        response.statusCode = statuses[turn++ % statuses.length] ?? 200;
        response.end();
      }),
    );
    const { total, findings } = await load(
      plan([target(`${url}/function/echo`, constant(60))], { durationSeconds: 1 }),
    );
    expect(total.statuses).toEqual({ 200: 10, 400: 10, 404: 10, 429: 10, 500: 10, 503: 10 });
    expect(total.failures).toEqual({
      not_found: 10,
      too_many: 10,
      client_error: 10,
      server_error: 20,
      timeout: 0,
      connection: 0,
      unsent: 0,
    });
    expect(total.done).toBe(10);
    expect(total.latency?.count).toBe(10);
    expect(findings[0]).toMatch(/echo: 10 calls were answered 404/);
  });

  it('counts connections that end before the answer does', async () => {
    const server = createServer((socket) => void socket.once('data', () => socket.destroy()));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    const { total } = await load(plan([target(`http://127.0.0.1:${port}`, constant(40))]));
    expect(total.failures.connection).toBe(20);
    expect(total.latency).toBeUndefined();
  });

  it('adds up bytes, cold starts and energies that answers tell, in headers or behind streamed ones', async () => {
    let turn = 0;
    const url = await testServer(
      answering((_, response) => {
        turn++;
        if (turn === 1) response.setHeader('X-Wattloop-Cold', '1');
        if (turn % 2 === 0) response.setHeader('X-Wattloop-Energy-Joules', '0.25');
        else if (turn % 5 === 0) {
          response.setHeader('Trailer', 'X-Wattloop-Energy-Joules');
          response.write('123');
          response.addTrailers({ 'X-Wattloop-Energy-Joules': '0.75' });
          response.end('45');
          return;
        }
        response.end('12345');
      }),
    );
    const body = Buffer.from('seven..');
    const { total } = await load(plan([target(url, constant(40), { body })]));
    expect(total.requestBytes).toBe(20 * 7);
    expect(total.responseBytes).toBe(20 * 5);
    expect(total.cold).toBe(1);
    // Ten calls with 0.25 J, and the 5th and 15th with 0.75 J.
    expect(total.energy).toEqual({ calls: 12, joules: 4, joulesPerCall: 4 / 12 });
  });

  it('leaves the warm-up out of everything', async () => {
    let received = 0;
    const url = await testServer(answering((_, response) => void response.end(String(++received))));
    const { total, seconds, generator } = await load(
      plan([target(url, constant(100))], { warmUpSeconds: 0.3, durationSeconds: 0.4 }),
    );
    expect(received).toBe(70);
    expect(total.sent).toBe(40);
    expect(total.latency?.count).toBe(40);
    expect(generator.lateness?.count).toBe(40);
    expect(seconds).toBeGreaterThan(0.399);
  });

  it('tells of functions apart and of all together', async () => {
    const url = await testServer(
      answering((request, response) => {
        response.statusCode = request.url === '/b' ? 500 : 200;
        response.end();
      }),
    );
    const { functions, total } = await load(
      plan([
        target(`${url}/a`, constant(40), { name: 'a' }),
        target(`${url}/b`, constant(20), { name: 'b' }),
        target(`${url}/c`, { kind: 'closed', callers: 2, thinkSeconds: 0.01 }, { name: 'c' }),
      ]),
    );
    const [a, b, c] = functions;
    expect([a?.done, a?.failed, b?.done, b?.failed]).toEqual([20, 0, 0, 10]);
    expect(c?.done).toBeGreaterThan(0);
    expect(total.done).toBe(20 + (c?.done ?? 0));
    expect(functions.map(({ arrival }) => arrival)).toEqual([
      'constant, 40/s',
      'constant, 20/s',
      'closed, 2 callers, thinking 0.01 s',
    ]);
  });
});

describe('callers who wait', () => {
  it('are never more than asked', async () => {
    let [now, most] = [0, 0];
    const url = await testServer(
      answering((_, response) => {
        most = Math.max(most, ++now);
        setTimeout(() => {
          now--;
          response.end();
        }, 2);
      }),
    );
    const { total, generator } = await load(plan([target(url, closed)]));
    expect(most).toBe(3);
    expect(generator.connections).toBe(3);
    expect(total.done).toBe(total.sent);
    expect(total.done).toBeGreaterThan(10);
    expect(generator.lateness).toBeUndefined();
  });

  it('do not hammer a server that is gone', async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    const { total } = await load(plan([target(`http://127.0.0.1:${port}`, closed)]));
    expect(total.failures.connection).toBeGreaterThanOrEqual(3);
    expect(total.failures.connection).toBeLessThanOrEqual(18);
  });
});

describe('a load that is ended early', () => {
  it('gives what was measured, and counts what was under way apart', async () => {
    const interrupt = new AbortController();
    let received = 0;
    const url = await testServer(
      answering((_, response) => {
        received++;
        if (received <= 5) response.end();
        else if (received === 8) interrupt.abort();
      }),
    );
    const result = await load(plan([target(url, constant(100))], { durationSeconds: 60 }), {
      signal: interrupt.signal,
    });
    expect(result.interrupted).toBe(true);
    expect(result.total.done).toBe(5);
    expect(result.total.unfinished).toBe(result.total.sent - 5);
    expect(result.total.unfinished).toBeGreaterThanOrEqual(3);
    expect(result.total.failed).toBe(0);
    expect(result.seconds).toBeLessThan(60);
  });

  it('ends at once when it was ended before', async () => {
    const result = await load(plan([target('http://127.0.0.1:9', closed)], { durationSeconds: 60 }), {
      signal: AbortSignal.abort(),
    });
    expect(result.interrupted).toBe(true);
    expect(result.total.done).toBe(0);
  });
});

it('tells how it goes', async () => {
  const url = await testServer(answering((_, response) => void response.end()));
  const seen: LoadProgress[] = [];
  const calls: number[] = [];
  await load(plan([target(url, constant(100))]), {
    onProgress: (progress) => seen.push(progress),
    progressSeconds: 0.05,
    onCall: (call, endedAt) => calls.push(endedAt - call.sentAt),
  });
  expect(calls).toHaveLength(50);
  expect(seen.length).toBeGreaterThan(0);
  const parts = seen.map(({ part }) => part);
  expect(parts).toEqual([...parts].sort((a, b) => a - b));
  expect(parts.every((part) => part > 0 && part <= 1)).toBe(true);
  expect(seen.some(({ perSecond, p99Seconds }) => perSecond > 0 && (p99Seconds ?? 0) > 0)).toBe(true);
});
