import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type TestFront, testFront } from './testing/front.js';
import { deployedExample } from './testing/function-example.js';

const deferred = <T = void>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (e: Error) => void;
} => {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((good, bad) => {
    resolve = good;
    reject = bad;
  });
  return { promise, resolve, reject };
};

/** Waits for what comes about by itself soon. */
async function until(is: () => boolean): Promise<void> {
  while (!is()) await new Promise((resolve) => setTimeout(resolve, 2));
}

const call = (front: TestFront, path = '/function/echo', init: RequestInit = {}): Promise<Response> =>
  fetch(`${front.url}${path}`, init);

describe('a call', () => {
  it('passes on method, path, query, headers and body, and the answer back', async () => {
    const front = await testFront();
    front.replicas.listener = (request, response) => {
      response.writeHead(418, 'Short And Stout', { 'x-many': ['a', 'b'], 'content-type': 'text/x' });
      request.pipe(response);
      seen.push(request);
    };
    const seen: IncomingMessage[] = [];
    front.pools.deploy(deployedExample());
    const answer = await call(front, '/function/echo/a%2Fb/c?x=1&y', {
      method: 'PATCH',
      body: 'hello',
      headers: { 'x-mine': 'yes', 'x-call-id': 'abc-1', 'x-forwarded-for': '10.0.0.1' },
    });
    expect(answer.status).toBe(418);
    expect(answer.statusText).toBe('Short And Stout');
    expect(answer.headers.get('x-many')).toBe('a, b');
    expect(answer.headers.get('x-call-id')).toBe('abc-1');
    expect(await answer.text()).toBe('hello');
    expect(seen[0]).toMatchObject({ method: 'PATCH', url: '/a%2Fb/c?x=1&y' });
    expect(seen[0]?.headers).toMatchObject({
      'x-mine': 'yes',
      'x-call-id': 'abc-1',
      'x-forwarded-for': '10.0.0.1, 127.0.0.1',
      host: front.url.slice('http://'.length),
    });
  });

  it('takes a name with a namespace, and a bare name as the root', async () => {
    const front = await testFront();
    front.replicas.listener = (request, response) => response.end(request.url);
    front.pools.deploy(deployedExample());
    expect(await (await call(front, '/function/echo.openfaas-fn?q=1')).text()).toBe('/?q=1');
    expect(await (await call(front, '/function/echo')).text()).toBe('/');
  });

  it.each(['/function/nobody', '/function/', '/function/../etc/passwd', `/function/${'x'.repeat(300)}`])(
    'is 404 for %s',
    async (path) => {
      const front = await testFront();
      front.pools.deploy(deployedExample());
      const socket = connect(Number(new URL(front.url).port), '127.0.0.1');
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      let text = '';
      for await (const chunk of socket) text += String(chunk);
      expect(text).toMatch(/^HTTP\/1\.1 404 /);
      expect(text).toMatch(/X-Wattloop-Reason: unknown_function/i);
    },
  );

  it('streams both ways without waiting for the end of either', async () => {
    const front = await testFront();
    front.replicas.listener = (request, response) => {
      response.writeHead(200);
      request.on('data', (chunk: Buffer) => response.write(String(chunk).toUpperCase()));
      request.on('end', () => response.end());
    };
    front.pools.deploy(deployedExample());
    const outgoing = httpRequest(`${front.url}/function/echo`, { method: 'POST' });
    outgoing.write('one');
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    const [first] = (await once(incoming, 'data')) as [Buffer];
    expect(String(first)).toBe('ONE');
    outgoing.write('two');
    const [second] = (await once(incoming, 'data')) as [Buffer];
    expect(String(second)).toBe('TWO');
    outgoing.end();
    await once(incoming, 'end');
    await until(() => front.ended.length > 0);
    expect(front.ended[0]).toMatchObject({ status: 'done', requestBytes: 6, responseBytes: 6 });
  });

  it('holds a fast function back when its caller takes its time', async () => {
    const front = await testFront();
    let written = 0;
    front.replicas.listener = (_request, response) => {
      const chunk = Buffer.alloc(65_536);
      Readable.from(
        (function* () {
          for (let n = 0; n < 4_000; n++) {
            written += chunk.length;
            yield chunk;
          }
        })(),
      ).pipe(response);
    };
    front.pools.deploy(deployedExample());
    const outgoing = httpRequest(`${front.url}/function/echo`);
    outgoing.end();
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    let before = -1;
    while (written !== before) {
      before = written;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(written).toBeLessThan(4_000 * 65_536 * 0.2);
    let bytes = 0;
    for await (const chunk of incoming as AsyncIterable<Buffer>) bytes += chunk.length;
    expect(bytes).toBe(4_000 * 65_536);
  });

  it('is cancelled when its caller goes', async () => {
    const front = await testFront();
    const gone = deferred();
    const reached = deferred();
    front.replicas.listener = (_request, response) => {
      reached.resolve();
      response.on('close', () => gone.resolve());
    };
    front.pools.deploy(deployedExample());
    const abort = new AbortController();
    const answer = call(front, '/function/echo', { signal: abort.signal }).catch(() => undefined);
    await reached.promise;
    abort.abort();
    await gone.promise;
    await answer;
    await until(() => front.ended.length > 0);
    expect(front.ended[0]).toMatchObject({ status: 'cancelled' });
    expect(front.ended[0]?.httpStatus).toBeUndefined();
    // Its place is free again.
    expect(front.pools.get('echo')?.inFlight).toBe(0);
  });

  it('is ended when it takes too long, and what is stuck is replaced', async () => {
    const front = await testFront();
    let calls = 0;
    front.replicas.listener = (_request, response) => {
      if (++calls > 1) response.end('well');
    };
    front.pools.deploy(deployedExample({ timeoutSeconds: 0.05, scale: { maxReplicas: 1 } }));
    const late = await call(front);
    expect(late.status).toBe(504);
    expect(late.headers.get('x-wattloop-reason')).toBe('timed_out');
    expect(await (await call(front)).text()).toBe('well');
    expect(front.replicas.started).toHaveLength(2);
    expect(front.replicas.started[0]?.hasEnded).toBe(true);
    expect(front.ended.map(({ status }) => status)).toEqual(['timed_out', 'done']);
  });

  it('says why when its replica breaks, and nobody else notices', async () => {
    const front = await testFront();
    const reached = deferred();
    front.replicas.listener = (request, response) => {
      if (request.url === '/break') reached.resolve();
      else response.end('well');
    };
    front.pools.deploy(deployedExample({ scale: { maxReplicas: 1 } }));
    const broken = call(front, '/function/echo/break');
    await reached.promise;
    const others = [1, 2, 3].map(() => call(front));
    await until(() => front.pools.get('echo')?.waiting === 3);
    front.replicas.started[0]?.die();
    const answer = await broken;
    expect(answer.status).toBe(502);
    expect(answer.headers.get('x-wattloop-reason')).toBe('crashed');
    expect(await answer.text()).toBe('its process was killed by SIGKILL\n');
    expect(await Promise.all(others.map(async (one) => (await one).status))).toEqual([200, 200, 200]);
  });

  it('is given to another replica when the one chosen is gone before it hears of it', async () => {
    const front = await testFront();
    front.replicas.listener = (_request, response) => response.setHeader('connection', 'close').end('well');
    front.pools.deploy(deployedExample());
    expect(await (await call(front)).text()).toBe('well');
    const [first] = front.replicas.started;
    // Its server is gone, and nobody has been told yet.
    if (first) first.isMute = true;
    first?.die();
    expect(await (await call(front)).text()).toBe('well');
    expect(front.replicas.started).toHaveLength(2);
  });

  it('tells what it used, from what its replica says and the energy of the last tick', async () => {
    const front = await testFront(
      {},
      { tick: { rate: { joulesPerCpuSecond: 8, source: 'rapl', provenance: 'measured' } } as never },
    );
    front.replicas.listener = (_request, response) =>
      response.setHeader('x-wattloop-cpu-seconds', '0.25').end('well');
    front.pools.deploy(deployedExample({ kind: 'handler' }));
    const answer = await call(front);
    expect(answer.headers.get('x-wattloop-energy-joules')).toBe('2.00000');
    expect(answer.headers.get('x-wattloop-energy-source')).toBe('rapl measured');
    expect(answer.headers.get('x-wattloop-implementation')).toBe('v1');
    expect(answer.headers.get('x-wattloop-cpu-seconds')).toBeNull();
    await until(() => front.ended.length > 0);
    expect(front.ended[0]).toMatchObject({ cpuSeconds: 0.25, status: 'done', httpStatus: 200 });
  });

  it('believes no HTTP server that tells what a call used', async () => {
    const front = await testFront(
      {},
      { tick: { rate: { joulesPerCpuSecond: 8, source: 'rapl', provenance: 'measured' } } as never },
    );
    front.replicas.listener = (_request, response) =>
      response.setHeader('x-wattloop-cpu-seconds', '0.25').end('well');
    front.pools.deploy(deployedExample());
    const answer = await call(front);
    expect(answer.headers.get('x-wattloop-energy-joules')).toBeNull();
    expect(answer.headers.get('x-wattloop-cpu-seconds')).toBeNull();
  });

  it.each([
    ['timeout', 'timed_out'],
    ['out_of_memory', 'out_of_memory'],
    ['handler', 'failed'],
  ])('that its replica failed for %s has %s', async (failure, status) => {
    const front = await testFront();
    front.replicas.listener = (_request, response) =>
      response.writeHead(500, { 'x-wattloop-failure': failure }).end('no');
    front.pools.deploy(deployedExample({ kind: 'command' }));
    expect((await call(front)).status).toBe(500);
    await until(() => front.ended.length > 0);
    expect(front.ended[0]?.status).toBe(status);
  });

  it('passes its place in a trace on to its function', async () => {
    const front = await testFront();
    front.replicas.listener = (request, response) => response.end(request.headers.traceparent);
    front.pools.deploy(deployedExample());
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const answer = await call(front, '/function/echo', { headers: { traceparent } });
    expect(await answer.text()).toBe(traceparent);
    await until(() => front.ended.length > 0);
    expect(front.ended[0]?.traceId).toBe('0af7651916cd43dd8448eb211c80319c');
  });

  it('tells it in a trailer when the answer streams', async () => {
    const front = await testFront(
      {},
      { tick: { rate: { joulesPerCpuSecond: 8, source: 'rapl', provenance: 'measured' } } as never },
    );
    front.replicas.listener = (_request, response) => {
      response.writeHead(200, { trailer: 'x-wattloop-cpu-seconds' });
      response.write('piece');
      response.addTrailers({ 'x-wattloop-cpu-seconds': '0.5' });
      response.end();
    };
    front.pools.deploy(deployedExample({ kind: 'handler' }));
    const outgoing = httpRequest(`${front.url}/function/echo`);
    outgoing.end();
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    incoming.resume();
    await once(incoming, 'end');
    expect(incoming.trailers).toEqual({ 'x-wattloop-energy-joules': '4.00000' });
  });

  it('is refused when its body is too large, whether it says so or not', async () => {
    const front = await testFront({ max_body_mib: 0.001 });
    front.replicas.listener = (request, response) => {
      request.resume();
      request.on('end', () => response.end('well'));
    };
    front.pools.deploy(deployedExample());
    const declared = await call(front, '/function/echo', { method: 'POST', body: 'x'.repeat(2_000) });
    expect(declared.status).toBe(413);
    const outgoing = httpRequest(`${front.url}/function/echo`, { method: 'POST' });
    outgoing.on('error', () => undefined);
    outgoing.write('x'.repeat(900));
    outgoing.write('x'.repeat(900));
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    expect(incoming.statusCode).toBe(413);
    outgoing.destroy();
    const fine = await call(front, '/function/echo', { method: 'POST', body: 'x'.repeat(1_000) });
    expect(await fine.text()).toBe('well');
  });
});

describe('a function', () => {
  it('starts with its first call, and that is told', async () => {
    const front = await testFront();
    front.pools.deploy(deployedExample());
    expect(front.replicas.started).toHaveLength(0);
    const cold = await call(front);
    expect(cold.headers.get('x-wattloop-cold')).toBe('1');
    const warm = await call(front);
    expect(warm.headers.get('x-wattloop-cold')).toBeNull();
    await until(() => front.ended.length === 2);
    expect(front.ended.map(({ cold: isCold }) => isCold)).toEqual([true, false]);
    expect(front.ended[0]?.coldSeconds).toBeGreaterThan(0);
  });

  it('gives each replica no more than it takes, and has no more than it may', async () => {
    const front = await testFront();
    const gate = deferred();
    let most = 0;
    let now = 0;
    front.replicas.listener = (_request, response) => {
      most = Math.max(most, ++now);
      void gate.promise.then(() => {
        now--;
        response.end();
      });
    };
    front.pools.deploy(deployedExample({ scale: { maxReplicas: 3, concurrency: 2 } }));
    const calls = Array.from({ length: 20 }, () => call(front));
    await until(() => now === 6);
    expect(front.replicas.started).toHaveLength(3);
    gate.resolve();
    expect((await Promise.all(calls)).every(({ status }) => status === 200)).toBe(true);
    expect(most).toBe(6);
  });

  it('refuses what its queue does not hold, and what waits for too long', async () => {
    const front = await testFront();
    const gate = deferred();
    front.replicas.listener = (_request, response) => void gate.promise.then(() => response.end());
    front.pools.deploy(
      deployedExample({ scale: { maxReplicas: 1 }, queue: { limit: 2, deadlineSeconds: 0.1 } }),
    );
    const first = call(front);
    await until(() => front.pools.get('echo')?.inFlight === 1);
    const waiting = [call(front), call(front)];
    await until(() => front.pools.get('echo')?.waiting === 2);
    const refused = await call(front);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.headers.get('x-wattloop-reason')).toBe('queue_full');
    for (const one of await Promise.all(waiting)) {
      expect(one.status).toBe(504);
      expect(one.headers.get('x-wattloop-reason')).toBe('queue_deadline');
    }
    gate.resolve();
    expect((await first).status).toBe(200);
  });

  it('lets a call leave the queue when its caller goes', async () => {
    const front = await testFront();
    const gate = deferred();
    front.replicas.listener = (_request, response) => void gate.promise.then(() => response.end());
    front.pools.deploy(deployedExample({ scale: { maxReplicas: 1 } }));
    const first = call(front);
    await until(() => front.pools.get('echo')?.inFlight === 1);
    const abort = new AbortController();
    const second = call(front, '/function/echo', { signal: abort.signal }).catch(() => undefined);
    await until(() => front.pools.get('echo')?.waiting === 1);
    abort.abort();
    await second;
    await until(() => front.pools.get('echo')?.waiting === 0);
    gate.resolve();
    expect((await first).status).toBe(200);
    expect(front.ended).toHaveLength(1);
  });

  it('scales to zero when it rests, and to no less than it is told to keep', async () => {
    const front = await testFront();
    front.pools.deploy(deployedExample({ scale: { idleSeconds: 0.01 } }));
    front.pools.deploy(deployedExample({ name: 'kept', scale: { idleSeconds: 0.01, minReplicas: 1 } }));
    await call(front);
    await call(front, '/function/kept');
    await until(() => front.pools.get('echo')?.replicas === 0);
    expect(front.pools.get('kept')?.replicas).toBe(1);
    expect((await call(front)).status).toBe(200);
  });

  it('is as many as it is told to be', async () => {
    const front = await testFront();
    front.pools.deploy(deployedExample({ scale: { maxReplicas: 3 } }));
    const pool = front.pools.get('echo');
    pool?.scaleTo(9);
    await until(() => pool?.availableReplicas === 3);
    pool?.scaleTo(1);
    await until(() => front.replicas.live.length === 1);
    expect(pool?.replicas).toBe(1);
  });

  it('hands over to a new version without losing a call', async () => {
    const front = await testFront();
    const answering = (text: string) => (_request: unknown, response: { end(text: string): void }) =>
      setTimeout(() => response.end(text), 5);
    front.replicas.listener = answering('old');
    front.pools.deploy(deployedExample({ scale: { maxReplicas: 2 } }));
    const texts: string[] = [];
    let stop = false;
    const callers = [1, 2, 3].map(async () => {
      while (!stop) {
        const answer = await call(front);
        expect(answer.status).toBe(200);
        texts.push(await answer.text());
      }
    });
    await until(() => texts.length > 10);
    const gate = deferred();
    front.replicas.listener = answering('new');
    front.replicas.gate = gate.promise;
    front.pools.deploy(deployedExample({ scale: { maxReplicas: 2 }, version: 'v2' }));
    const before = texts.length;
    await until(() => texts.length > before + 10);
    expect(texts.includes('new')).toBe(false);
    gate.resolve();
    await until(() => texts.at(-1) === 'new');
    await until(() => front.replicas.live.every(({ plan }) => plan.version === 'v2'));
    stop = true;
    await Promise.all(callers);
    expect([...front.used]).toEqual(['v2']);
    expect(texts.slice(texts.lastIndexOf('old') + 1).every((text) => text === 'new')).toBe(true);
  });

  it('goes on with the version before when the new one does not come up', async () => {
    const front = await testFront();
    front.replicas.listener = (_request, response) => response.end('old');
    front.pools.deploy(deployedExample());
    await call(front);
    front.replicas.gate = Promise.reject(new Error('no such module'));
    front.replicas.gate.catch(() => undefined);
    front.pools.deploy(deployedExample({ version: 'v2' }));
    const pool = front.pools.get('echo');
    await until(() => pool?.problem !== undefined);
    expect(pool?.problem).toBe('no such module');
    await until(() => !front.used.has('v2'));
    expect([...front.used]).toEqual(['v1']);
    expect(await (await call(front)).text()).toBe('old');
  });

  it('that never comes up fails its callers with the reason, and is not started again at once', async () => {
    const front = await testFront();
    front.replicas.gate = Promise.reject(new Error('no such module'));
    front.replicas.gate.catch(() => undefined);
    front.pools.deploy(deployedExample());
    for (let n = 0; n < 3; n++) {
      const answer = await call(front);
      expect(answer.status).toBe(502);
      expect(answer.headers.get('x-wattloop-reason')).toBe('start_failed');
      expect(await answer.text()).toBe('no replica comes up: no such module\n');
    }
    // Tried again at once, as it may have been an accident, and then not before some time has passed.
    expect(front.replicas.started).toHaveLength(2);
  });

  it('tries again when its replica does not come up by accident, and its callers do not notice', async () => {
    const front = await testFront();
    front.pools.deploy(deployedExample());
    const gate = deferred();
    front.replicas.gate = gate.promise;
    const answer = call(front);
    await until(() => front.replicas.started.length === 1);
    front.replicas.gate = Promise.resolve();
    gate.reject(new Error('killed'));
    expect((await answer).status).toBe(200);
    expect(front.replicas.started).toHaveLength(2);
  });

  it('that was removed ends its replicas when their calls have ended', async () => {
    const front = await testFront();
    const gate = deferred();
    front.replicas.listener = (_request, response) => void gate.promise.then(() => response.end('well'));
    front.pools.deploy(deployedExample());
    const last = call(front);
    await until(() => front.pools.get('echo')?.inFlight === 1);
    front.pools.remove('echo');
    expect((await call(front)).status).toBe(404);
    gate.resolve();
    expect(await (await last).text()).toBe('well');
    await until(() => front.replicas.live.length === 0);
  });
});

describe('all functions together', () => {
  it('have no more replicas than the gateway may: those that rest make room', async () => {
    const front = await testFront({ max_replicas: 1 });
    front.pools.deploy(deployedExample({ name: 'one' }));
    front.pools.deploy(deployedExample({ name: 'two' }));
    expect((await call(front, '/function/one')).status).toBe(200);
    expect((await call(front, '/function/two')).status).toBe(200);
    expect(front.replicas.live.map(({ plan }) => plan.function)).toEqual(['two']);
  });
});

describe('whoever misbehaves', () => {
  it('is told when there are too many headers', async () => {
    const front = await testFront();
    front.pools.deploy(deployedExample());
    const port = Number(new URL(front.url).port);
    for (const header of ['a: b\r\n', `a: ${'b'.repeat(100)}\r\n`]) {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write(`GET /function/echo HTTP/1.1\r\nHost: x\r\n${header.repeat(10_000)}\r\n`);
      const [chunk] = (await once(socket, 'data')) as [Buffer];
      expect(String(chunk)).toMatch(/^HTTP\/1\.1 431 /);
      socket.destroy();
    }
  });

  it('is let go when the headers do not come', async () => {
    const front = await testFront({ header_seconds: 0.2 });
    const socket = connect(Number(new URL(front.url).port), '127.0.0.1');
    socket.write('GET /function/echo HTTP/1.1\r\nHost: ');
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    expect(String(chunk)).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('is let go when the body does not come, and its replica is free again', async () => {
    const front = await testFront({ silence_seconds: 0.2 });
    front.replicas.listener = (request, response) => {
      request.resume();
      request.on('end', () => response.end());
    };
    front.pools.deploy(deployedExample());
    const socket = connect(Number(new URL(front.url).port), '127.0.0.1');
    socket.write('POST /function/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf');
    await once(socket, 'close');
    await until(() => front.ended.length === 1);
    expect(front.pools.get('echo')?.inFlight).toBe(0);
  });

  it('is not mistaken for a caller whose function takes its time', async () => {
    const front = await testFront({ silence_seconds: 0.1 });
    front.replicas.listener = (_request, response) => setTimeout(() => response.end('well'), 400);
    front.pools.deploy(deployedExample());
    expect(await (await call(front)).text()).toBe('well');
  });
});
