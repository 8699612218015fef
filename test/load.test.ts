import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readTrace } from '../src/lab/index.js';
import { PowercapTree } from './support/powercap-tree.js';
import { freshFolder, Running, wattloop } from './support/wattloop.js';

async function server(listener: RequestListener): Promise<string> {
  const http = createServer(listener);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}

/** A gateway with two functions. */
const gateway = (): Promise<string> =>
  server((request, response) => {
    request.resume().on('end', () => {
      const known = /^\/function\/(aes|json)\b/.test(request.url ?? '');
      response.writeHead(known ? 200 : 404, { 'X-Wattloop-Energy-Joules': '0.5' }).end('ok');
    });
  });

const SHORT = ['--duration', '500ms', '--arrival', 'constant', '--rate', '40'];

describe('wattloop load', () => {
  it('prints a table of functions, what failed and what the answers told', async () => {
    const url = await gateway();
    const { code, stdout, stderr } = await wattloop([
      'load',
      '--gateway',
      url,
      '--function',
      'aes/sub?n=3,nobody',
      ...SHORT,
    ]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^function +sent +done +failed +done\/s +p50 +p90 +p99 +p99.9 +max\n/);
    expect(stdout).toMatch(/\naes +20 +20 +0 /);
    expect(stdout).toMatch(/\nnobody +20 +0 +20 /);
    expect(stdout).toMatch(/\ntotal +40 +20 +20 /);
    expect(stdout).toContain('failed    20 not found (404)');
    expect(stdout).toContain('energy    500 mJ a call, as 40 answers told');
    expect(stdout).toMatch(/note {6}nobody: 20 calls were answered 404: there is no such function at http/);
  });

  it('follows a plan, prints one document, and writes a page', async () => {
    const folder = freshFolder();
    const [plan, page] = [join(folder, 'plan.yml'), join(folder, 'load.html')];
    writeFileSync(
      plan,
      `gateway: ${await gateway()}
duration: 500ms
warm_up: 200ms
arrival: constant
functions:
  - { name: aes, rate: 40, json: { bytes: 10 } }
  - { name: json, rate: 20 }
  - { name: json, concurrency: 1, think: 5ms }
`,
    );
    const { code, stdout, stderr } = await wattloop(['load', plan, '--json', '--report', page]);
    expect(stderr).toBe(`wattloop: the report is in ${page}\n`);
    expect(code).toBe(0);
    const document = JSON.parse(stdout);
    expect(
      document.functions.map(({ name, due }: Record<string, unknown>) => [name, due]).slice(0, 2),
    ).toEqual([
      ['aes', 20],
      ['json', 10],
    ]);
    expect(document.functions[0].request_bytes).toBe(20 * '{"bytes":10}'.length);
    expect(document.total).toMatchObject({ failed: 0, energy: { joules_per_call: 0.5 }, footprint: null });
    expect(document.curve.at(-1)).toMatchObject({
      part: 1,
      latency_seconds: document.total.latency.max_seconds,
    });
    expect(document.generator.cpu_seconds).toBeGreaterThan(0);
    const html = readFileSync(page, 'utf8');
    expect(html).toContain('<caption>Calls by function</caption>');
    expect(html).toContain('Latency by the part of calls');
  });

  it('ends with 1 when a condition holds, and with 0 when none does', async () => {
    const url = `${await gateway()}/function/aes`;
    const failed = await wattloop(['load', url, ...SHORT, '--fail-if', 'errors>50%,p50>0us', '--json']);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(/^wattloop: the load failed: p50>0us: it was \S+ \S+\n$/);
    expect(JSON.parse(failed.stdout).total.done).toBe(20);
    expect((await wattloop(['load', url, ...SHORT, '--fail-if', 'errors>0%'])).code).toBe(0);
  });

  it('prints what was measured when its user ends it', async () => {
    let answered = 0;
    let enough: () => void = () => {};
    const some = new Promise<void>((resolve) => {
      enough = resolve;
    });
    const url = await server((_, response) => {
      response.end('ok');
      if (++answered === 20) enough();
    });
    const running = new Running(['load', url, '--rate', '100', '--duration', '10m', '--json']);
    await some;
    running.child.kill('SIGINT');
    const { code, stdout } = await running.done;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ interrupted: true, total: { failed: 0 } });
    expect(JSON.parse(stdout).total.done).toBeGreaterThan(0);
  });

  it("records what its callers saw and what this machine's sensors told", async () => {
    const url = `${await gateway()}/function/aes`;
    const tree = new PowercapTree({ 'package-0': 40 });
    const out = join(freshFolder(), 'trace');
    const { code, stderr } = await wattloop(
      [
        'load',
        url,
        '--arrival',
        'constant',
        '--rate',
        '20',
        '--duration',
        '4s',
        '--record',
        out,
        '--meter',
        '--sysfs',
        tree.sysfs,
      ],
      { env: { ...process.env, WATTLOOP_METER_METHODS: 'rapl' } },
    );
    tree.close();
    expect(stderr).toContain(`the trace is in ${out}`);
    expect(code).toBe(0);
    const trace = await readTrace(out);
    expect(trace.invocations.functions).toEqual(['aes']);
    expect(trace.invocations.start).toHaveLength(80);
    expect(trace.power.t.length).toBeGreaterThanOrEqual(2);
    expect(trace.power.systemWatts[0]).toBeGreaterThan(30);
    expect(trace.power.cpuWatts[0]).toBeLessThan(50);
    expect((await wattloop(['attribute', out, '--json'])).code).toBe(0);
  });

  it.each([
    [['http://127.0.0.1:1/function/aes'], 1, /could not connect to http:\/\/127\.0\.0\.1:1: .*ECONNREFUSED/],
    [[], 2, /there is nothing to call/],
    [['no-plan.yml'], 2, /no-plan.yml: there is no such file/],
    [['http://127.0.0.1:1', '--rate', '0'], 2, /must be a number above 0/],
    [['http://127.0.0.1:1', '--fail-if', 'speed>3'], 2, /must compare one of/],
    [['http://127.0.0.1:1', '--header', 'bad'], 2, /"Name: value"/],
    [['http://127.0.0.1:1', '--gateway', 'http://127.0.0.1:1'], 2, /are too much/],
    [
      ['--gateway', 'http://127.0.0.1:1', '--trace', 'no-trace'],
      2,
      /no-trace: there is no such file or folder/,
    ],
  ])('says in one line what is wrong with %j', async (args, status, message) => {
    const { code, stdout, stderr } = await wattloop(['load', ...args]);
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd()).not.toContain('\n');
    expect(stdout).toBe('');
    expect(code).toBe(status);
  });

  it('refuses to record where nobody tells what the machine draws, before it calls anybody', async () => {
    let called = 0;
    const url = await server((request, response) => {
      if (!request.url?.startsWith('/wattloop/')) called++;
      response.writeHead(404).end();
    });
    const { code, stderr } = await wattloop([
      'load',
      `${url}/function/aes`,
      ...SHORT,
      '--record',
      join(freshFolder(), 't'),
    ]);
    expect(stderr).toMatch(/no Wattloop gateway tells. Add --meter/);
    expect(code).toBe(2);
    expect(called).toBe(0);
  });
});
