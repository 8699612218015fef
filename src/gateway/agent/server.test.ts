import { once } from 'node:events';
import { request } from 'node:http';
import { connect, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../base/index.js';
import { parseAddress } from '../listen.js';
import { type MetricsEndpoint, type ServerLimits, serveMetrics } from './server.js';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** Short, so that a test need not wait for the patience that real callers get. */
const LIMITS: ServerLimits = {
  requestMilliseconds: 200,
  silenceMilliseconds: 300,
  connections: 10,
  headerBytes: 16_384,
};

async function serve(listen = '127.0.0.1:0', endpoint: Partial<MetricsEndpoint> = {}, limits?: ServerLimits) {
  const whole = {
    text: () => 'wattloop_test_total 1\n',
    ailment: () => undefined,
    log: silentLogger,
    ...endpoint,
  };
  const server = await serveMetrics(listen, whole, limits);
  closers.push(server.close);
  return server.url;
}

/** What the other side says to some bytes, up to the end of the connection. */
async function raw(url: string, text: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let answer = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    answer += chunk;
  });
  // The server may hang up while we still speak.
  socket.on('error', () => undefined);
  socket.write(text);
  await once(socket, 'close');
  return answer;
}

describe('the metrics endpoint', () => {
  it('shows the page, the health and what there is', async () => {
    const url = await serve();
    const page = await fetch(`${url}/metrics?name=x`);
    expect(page.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await page.text()).toBe('wattloop_test_total 1\n');
    expect(await (await fetch(`${url}/healthz`)).text()).toBe('ok\n');
    expect(await (await fetch(url)).text()).toContain('/metrics');
    expect((await fetch(`${url}/secret`)).status).toBe(404);
  });

  it('answers HEAD with the length alone', async () => {
    const response = await fetch(`${await serve()}/metrics`, { method: 'HEAD' });
    expect(response.headers.get('content-length')).toBe('22');
    expect(await response.text()).toBe('');
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])(
    'refuses %s and does not wait for its body',
    async (method) => {
      const url = await serve();
      const asked = request(`${url}/metrics`, { method, headers: { 'content-length': '1000000' } });
      asked.on('error', () => undefined).flushHeaders();
      const [response] = await once(asked, 'response');
      expect(response.statusCode).toBe(405);
      expect(response.headers.allow).toBe('GET, HEAD');
      asked.destroy();
    },
  );

  it('fails the scrape of an ill account rather than to show old figures', async () => {
    const url = await serve('127.0.0.1:0', { ailment: () => 'the last tick was 7.0 s ago' });
    for (const path of ['/metrics', '/healthz']) {
      const response = await fetch(url + path);
      expect(response.status).toBe(503);
      expect(await response.text()).toBe('the last tick was 7.0 s ago\n');
    }
    expect((await fetch(url)).status).toBe(200);
  });

  it('refuses huge headers and nonsense, and goes on', async () => {
    const url = await serve();
    expect(
      await raw(url, `GET /metrics HTTP/1.1\r\nhost: x\r\nlarge: ${'x'.repeat(100_000)}\r\n\r\n`),
    ).toMatch(/^HTTP\/1.1 431 /);
    expect(await raw(url, '\0\0\0\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /);
    expect((await fetch(`${url}/metrics`)).status).toBe(200);
  });

  it('lets a caller go that never finishes its question', async () => {
    const url = await serve('127.0.0.1:0', {}, LIMITS);
    expect(await raw(url, 'GET /metrics HTTP/1.1\r\nhost: x\r\nx: ')).toMatch(/^HTTP\/1.1 408 /);
  });

  it('lets a caller go that never takes its answer', async () => {
    const page = 'x'.repeat(20_000_000);
    const log = { ...silentLogger, debug: (message: string) => letGo.abort(message) };
    const letGo = new AbortController();
    const url = await serve('127.0.0.1:0', { text: () => page, log }, LIMITS);
    const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined);
    socket.pause().write('GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n');
    await once(letGo.signal, 'abort');
    let received = 0;
    socket.on('data', (chunk: Buffer) => {
      received += chunk.length;
    });
    await once(socket.resume(), 'close');
    expect(received).toBeLessThan(page.length);
  });

  it('takes no more than its number of callers at once', async () => {
    const url = await serve('127.0.0.1:0', {}, { ...LIMITS, requestMilliseconds: 60_000 });
    const port = Number(new URL(url).port);
    const sockets = Array.from({ length: 15 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
    let refused = 0;
    await new Promise<void>((resolve) => {
      for (const socket of sockets) socket.on('close', () => ++refused === 5 && resolve());
    });
    for (const socket of sockets) socket.destroy();
    const status = (): Promise<number> =>
      fetch(`${url}/metrics`).then(
        (response) => response.status,
        () => 0,
      );
    await expect.poll(status).toBe(200);
  });

  it('closes while callers hang on', async () => {
    const server = await serveMetrics('127.0.0.1:0', {
      text: () => '',
      ailment: () => undefined,
      log: silentLogger,
    });
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    await once(socket, 'connect');
    const closed = once(socket, 'close');
    await Promise.all([server.close(), closed]);
  });
});

describe('the address', () => {
  it.each([
    ['127.0.0.1:9412', '127.0.0.1', 9412],
    ['localhost:0', 'localhost', 0],
    ['[::1]:9412', '::1', 9412],
    ['[fe80::1%eth0]:80', 'fe80::1%eth0', 80],
  ])('%s', (text, host, port) => {
    expect(parseAddress(text)).toEqual({ host, port });
  });

  it.each([
    '',
    '9412',
    ':9412',
    'a:b:9412',
    '::1:9412',
    '127.0.0.1:65536',
    '127.0.0.1:-1',
    '[]:1',
    'http://x:1',
  ])('refuses %j', (text) => {
    expect(() => parseAddress(text)).toThrow(/no address to listen on/);
  });

  const hasIPv6 = Object.values(networkInterfaces()).some((all) =>
    all?.some(({ address }) => address === '::1'),
  );
  it.skipIf(!hasIPv6)('may be of IPv6', async () => {
    const url = await serve('[::1]:0');
    expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it('says who is in the way when the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    closers.push(async () => void other.close());
    const address = other.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    await expect(serve(`127.0.0.1:${port}`)).rejects.toMatchObject({
      code: 'address_in_use',
      line: expect.stringMatching(/^127.0.0.1:\d+ is in use by another program\. Stop it, or choose another/),
    });
  });

  it('says what is wrong with an address that is not this machine’s', async () => {
    await expect(serve('192.0.2.1:9412')).rejects.toMatchObject({
      code: 'bad_configuration',
      message: expect.stringMatching(/^cannot listen on 192.0.2.1:9412: /),
    });
  });
});
