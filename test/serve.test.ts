import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { RunningGateway } from './support/gateway.js';
import { noPrometheus, Prometheus } from './support/prometheus.js';
import { isAlive } from './support/wattloop.js';

const WAIT = { timeout: 20_000, interval: 50 };
const HELLO = 'export default async (event) => ({ hello: event.body, pid: process.pid });';

/** A place that callbacks reach, and what reached it. */
async function callbackServer() {
  const seen: { headers: IncomingMessage['headers']; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => {
      seen.push({ headers: request.headers, body });
      response.end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, seen };
}

describe('wattloop serve', () => {
  it('serves handlers, commands and HTTP servers that an authenticated caller deploys', async () => {
    const gateway = await RunningGateway.start({
      args: ['--functions', '.'],
      files: { 'hello.mjs': HELLO },
    });
    expect((await fetch(`${gateway.url}/system/functions`)).status).toBe(401);
    const wrong = `Basic ${Buffer.from('admin:wrong').toString('base64')}`;
    expect(
      (await fetch(`${gateway.url}/system/functions`, { headers: { authorization: wrong } })).status,
    ).toBe(401);
    const deployments = [
      { service: 'upper', envProcess: 'tr a-z A-Z' },
      { service: 'env', envProcess: 'env', envVars: { COLOUR: 'green' } },
      {
        service: 'server',
        envProcess:
          "python3 -u -c \"import os,http.server as h\nclass S(h.BaseHTTPRequestHandler):\n def do_GET(self):\n  self.send_response(203);self.end_headers();self.wfile.write(self.path.encode())\nh.HTTPServer(('127.0.0.1',int(os.environ['PORT'])),S).serve_forever()\"",
        envVars: { mode: 'http' },
      },
      { service: 'second', handler: 'hello.mjs' },
    ];
    for (const one of deployments) {
      const answer = await gateway.system('functions', one);
      expect(`${one.service} ${answer.status} ${await answer.text()}`).toBe(`${one.service} 202 `);
    }
    const names = ((await (await gateway.system('functions')).json()) as { name: string }[]).map(
      ({ name }) => name,
    );
    expect(names.sort()).toEqual(expect.arrayContaining(['env', 'second', 'server', 'upper']));
    expect(await (await gateway.call('upper', { method: 'POST', body: 'quiet' })).text()).toBe('QUIET');
    const env = await (await gateway.call('env/a/b?q=1', { headers: { 'x-thing': 'yes' } })).text();
    expect(env).toMatch(/^COLOUR=green$/m);
    expect(env).toMatch(/^Http_X_Thing=yes$/m);
    expect(env).toMatch(/^Http_Path=\/a\/b$/m);
    expect(env).toMatch(/^Http_Query=q=1$/m);
    const served = await gateway.call('server/some/where?x=y');
    expect(`${served.status} ${await served.text()}`).toBe('203 /some/where?x=y');
    expect(await (await gateway.call('second', { method: 'POST', body: 'you' })).json()).toMatchObject({
      hello: 'you',
    });
    const removal = await gateway.system('functions', { functionName: 'upper' }, 'DELETE');
    expect(removal.status).toBe(202);
    expect((await gateway.call('upper')).status).toBe(404);
    expect((await gateway.system('function/upper')).status).toBe(404);
    expect(await gateway.stop()).toMatchObject({ code: 0 });
  });

  it('knows what callers deployed after it was killed, and leaves no process behind', async () => {
    const before = await RunningGateway.start({ args: ['--functions', '.'], files: { 'hello.mjs': HELLO } });
    await before.system('functions', { service: 'cat', envProcess: 'cat' });
    const { pid } = (await (await before.call('hello')).json()) as { pid: number };
    await before.kill();
    await vi.waitFor(async () => expect(await isAlive(pid)).toBe(false), WAIT);
    const after = await RunningGateway.start({
      folder: before.folder,
      listen: before.listen,
      args: ['--functions', '.'],
    });
    expect(await (await after.call('cat', { method: 'POST', body: 'meow' })).text()).toBe('meow');
    await vi.waitFor(async () => expect((await after.call('hello')).status).toBe(200), WAIT);
  });

  it('takes a changed file over without a failing call, and keeps the old one when the new one is broken', async () => {
    const gateway = await RunningGateway.start({
      args: ['--functions', '.'],
      files: { 'hello.mjs': 'export default () => "one";' },
    });
    const text = async () => {
      const answer = await gateway.call('hello');
      expect(answer.status).toBe(200);
      return await answer.text();
    };
    await vi.waitFor(async () => expect(await text()).toBe('one'), WAIT);
    writeFileSync(join(gateway.folder, 'hello.mjs'), 'export default () => "two";');
    await vi.waitFor(async () => expect(await text()).toBe('two'), WAIT);
    writeFileSync(join(gateway.folder, 'hello.mjs'), 'export default () => {');
    await vi.waitFor(async () => {
      expect(await text()).toBe('two');
      expect(await gateway.wattloop('problems')).toMatchObject({
        hello: expect.stringMatching(/hello\.mjs:1/),
      });
    }, WAIT);
    writeFileSync(join(gateway.folder, 'hello.mjs'), 'export default () => "three";');
    await vi.waitFor(async () => expect(await text()).toBe('three'), WAIT);
  });

  it('lets calls that run end when it is told to stop', async () => {
    const gateway = await RunningGateway.start({
      args: ['--functions', '.'],
      files: { 'slow.mjs': 'export default () => new Promise((done) => setTimeout(done, 1500, "done"));' },
    });
    const last = gateway.call('slow');
    await vi.waitFor(async () => {
      const page = await (await fetch(`${gateway.url}/metrics`)).text();
      expect(page).toMatch(/wattloop_function_in_flight\{function="slow"\} 1/);
    }, WAIT);
    const stopped = gateway.stop();
    expect(await (await last).text()).toBe('done');
    expect(await stopped).toMatchObject({ code: 0 });
    await expect(gateway.call('slow')).rejects.toThrow();
  });

  it('makes asynchronous calls also when it was killed after it took them', async () => {
    const { url, seen } = await callbackServer();
    const files = {
      'slow.mjs':
        'export default async (event) => { await new Promise((d) => setTimeout(d, 800)); return event.body; };',
    };
    const gateway = await RunningGateway.start({ args: ['--functions', '.'], files });
    await vi.waitFor(
      async () => expect((await gateway.call('slow', { method: 'POST', body: 'x' })).status).toBe(200),
      WAIT,
    );
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) {
      const answer = await fetch(`${gateway.url}/async-function/slow`, {
        method: 'POST',
        body: `call ${n}`,
        headers: { 'x-callback-url': url },
      });
      expect(answer.status).toBe(202);
      ids.push(answer.headers.get('x-call-id') ?? '');
    }
    await gateway.kill();
    await RunningGateway.start({
      folder: gateway.folder,
      listen: gateway.listen,
      args: ['--functions', '.'],
    });
    await vi.waitFor(
      () => expect(new Set(seen.map(({ headers }) => headers['x-call-id']))).toEqual(new Set(ids)),
      WAIT,
    );
    expect(new Set(seen.map(({ body }) => body))).toEqual(new Set(ids.map((_, n) => `call ${n}`)));
  });

  it('streams a body of any length through, both ways', async () => {
    const gateway = await RunningGateway.start({ args: ['--functions', '.'] });
    await gateway.system('functions', { service: 'cat', envProcess: 'cat' });
    const outgoing = httpRequest(`${gateway.url}/function/cat`, { method: 'POST' });
    const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>;
    const chunk = Buffer.alloc(1_048_576, 'x');
    const total = 64;
    void (async () => {
      for (let n = 0; n < total; n++) if (!outgoing.write(chunk)) await once(outgoing, 'drain');
      outgoing.end();
    })();
    const [incoming] = await answered;
    let bytes = 0;
    for await (const piece of incoming as AsyncIterable<Buffer>) bytes += piece.length;
    expect(bytes).toBe(total * chunk.length);
  });
});

describe('the account of what is served', () => {
  it('tells footprints that conserve energy, and the energy of each call', async () => {
    const gateway = await RunningGateway.start({
      args: ['--functions', '.'],
      files: {
        'burn.mjs':
          'export default () => { const end = Date.now() + 100; while (Date.now() < end); return "ok"; };',
      },
      env: { WATTLOOP_GATEWAY_ACCOUNT_UPDATE_SECONDS: '2' },
    });
    await vi.waitFor(async () => expect((await gateway.call('burn')).status).toBe(200), WAIT);
    const answer = await vi.waitFor(async () => {
      const one = await gateway.call('burn');
      expect(Number(one.headers.get('x-wattloop-energy-joules'))).toBeGreaterThan(0);
      return one;
    }, WAIT);
    expect(answer.headers.get('x-wattloop-energy-source')).toMatch(/^\w+ (measured|modelled|estimated)$/);
    interface Told {
      functions: Record<string, { invocations: number; total_joules: number }>;
      shares: Record<string, number>;
    }
    const told = await vi.waitFor(async () => {
      const footprints = await gateway.wattloop<Told>('footprints?window=10m');
      expect(footprints.functions.burn?.invocations).toBeGreaterThan(1);
      return footprints;
    }, WAIT);
    const { measured_joules = 0, ...parts } = told.shares;
    expect(measured_joules).toBeGreaterThan(0);
    expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBeCloseTo(measured_joules, 6);
    const page = await gateway.wattloop<{ invocations: { function: string; energy_joules: number }[] }>(
      'invocations?limit=1',
    );
    expect(page.invocations).toHaveLength(1);
    expect(page.invocations[0]?.energy_joules).toBeGreaterThan(0);
  });
});

describe.skipIf(noPrometheus)(`what Prometheus sees of it (${noPrometheus ?? 'real'})`, () => {
  it("has OpenFaaS' names and Wattloop's, and both count", async () => {
    const gateway = await RunningGateway.start({
      args: ['--functions', '.'],
      files: { 'hello.mjs': HELLO },
      env: { WATTLOOP_GATEWAY_ACCOUNT_UPDATE_SECONDS: '1' },
    });
    await vi.waitFor(async () => expect((await gateway.call('hello')).status).toBe(200), WAIT);
    const prometheus = await Prometheus.start(gateway.listen);
    onTestFinished(() => prometheus.stop());
    for (let n = 0; n < 20; n++) await gateway.call('hello');
    const value = async (query: string): Promise<number> =>
      (await prometheus.query(query))[0]?.value ?? Number.NaN;
    const name = 'function_name="hello.openfaas-fn"';
    await vi.waitFor(async () => {
      await gateway.call('hello');
      expect(await value(`gateway_function_invocation_total{${name},code="200"}`)).toBeGreaterThanOrEqual(21);
      expect(await value(`gateway_functions_seconds_count{${name}}`)).toBeGreaterThanOrEqual(21);
      expect(await value(`gateway_service_count{${name}}`)).toBe(1);
      expect(
        await value('histogram_quantile(0.5, rate(wattloop_function_seconds_bucket{function="hello"}[1m]))'),
      ).toBeGreaterThan(0);
      expect(await value('sum(wattloop_function_joules_total{function="hello"})')).toBeGreaterThan(0);
      expect(
        await value('wattloop_function_invocations_total{function="hello",status="done",start="warm"}'),
      ).toBeGreaterThanOrEqual(20);
    }, WAIT);
  });
});

describe('bad input', () => {
  it('gets the right status and one clear line, and nothing breaks', async () => {
    const gateway = await RunningGateway.start({ args: ['--functions', '.'], files: { 'hello.mjs': HELLO } });
    const cases: [unknown, number, RegExp][] = [
      ['{', 400, /no JSON/],
      ['', 400, /JSON/],
      [{ service: '../etc', envProcess: 'cat' }, 400, /\.\.\/etc/],
      [{ service: 'x'.repeat(300), envProcess: 'cat' }, 400, /63/],
      [{ service: 'x', handler: '../../etc/passwd' }, 400, /passwd/],
      [{ service: 'x', envProcess: 'cat', limits: { memory: 'lots' } }, 400, /memory/],
      [{ service: 'x', handler: 'missing.mjs' }, 400, /missing\.mjs/],
    ];
    for (const [body, status, message] of cases) {
      const answer = await gateway.system('functions', body);
      const text = await answer.text();
      expect(`${answer.status} ${text}`).toMatch(new RegExp(`^${status} `));
      expect(text).toMatch(message);
      expect(text.trim().split('\n')).toHaveLength(1);
    }
    expect((await gateway.system('functions', undefined, 'PATCH')).status).toBe(405);
    expect((await gateway.system('functions', { functionName: 'nobody' }, 'DELETE')).status).toBe(404);
    expect(
      (await gateway.system('scale-function/nobody', { serviceName: 'nobody', replicas: 1 })).status,
    ).toBe(404);
    expect((await fetch(`${gateway.url}/async-function/nobody`, { method: 'POST' })).status).toBe(404);
    expect((await fetch(`${gateway.url}/wattloop/v1/footprints?window=soon`)).status).toBe(400);
    expect((await fetch(`${gateway.url}/wattloop/v1/nothing`)).status).toBe(404);
    expect((await fetch(`${gateway.url}/metrics`, { method: 'POST', body: 'x' })).status).toBe(405);
    await vi.waitFor(async () => expect((await gateway.call('hello')).status).toBe(200), WAIT);
  });

  it('is told at once when the port is in use', async () => {
    const first = await RunningGateway.start();
    await expect(RunningGateway.start({ listen: first.listen })).rejects.toThrow(
      /is in use by another program/,
    );
  });
});
