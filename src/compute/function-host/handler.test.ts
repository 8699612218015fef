import { once } from 'node:events';
import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Replica, ReplicaPlan } from '../replica/replica.js';
import { type CallOptions, call, open, type ReplicaWorkshop, replicaWorkshop } from '../testing/replicas.js';

const JSON_TYPE = { 'content-type': 'application/json' };

let shop: ReplicaWorkshop;
beforeEach(async () => {
  shop = await replicaWorkshop();
});
afterEach(() => shop.close());

async function serve(source: string, more: Partial<ReplicaPlan> = {}, extension?: string): Promise<Replica> {
  const replica = shop.handler(source, more, extension);
  await replica.ready;
  return replica;
}

async function ask(source: string, options: CallOptions = {}, more: Partial<ReplicaPlan> = {}) {
  return await call((await serve(source, more)).address, options);
}

describe("a handler's module", () => {
  const answers = async (source: string, extension?: string): Promise<string> =>
    (await call((await serve(source, {}, extension)).address)).text;

  it('may export its function in any of the usual ways', async () => {
    expect(await answers('export default () => "default";')).toBe('default');
    expect(await answers('export const handler = () => "handler";')).toBe('handler');
    expect(await answers('export function handle() { return "handle"; }')).toBe('handle');
    expect(await answers('module.exports = () => "commonjs";', 'cjs')).toBe('commonjs');
    expect(await answers('exports.handler = () => "exports";', 'cjs')).toBe('exports');
    expect(await answers('module.exports = { __esModule: true, default: () => "bundled" };', 'cjs')).toBe(
      'bundled',
    );
  });

  it('that exports no function is refused with words that say so', async () => {
    const replica = shop.handler('export const answer = 42;');
    await expect(replica.ready).rejects.toMatchObject({
      code: 'replica_failed',
      message: expect.stringMatching(/exports no function/),
    });
    expect((await replica.ended).reason).toBe('crashed');
  });

  it('that throws when it is loaded is refused with its error', async () => {
    const replica = shop.handler('throw new RangeError("no such table");');
    await expect(replica.ready).rejects.toThrow('no such table');
    await replica.ended;
    expect(shop.printed()).toMatch(/RangeError: no such table\n\s+at .*handler-1\.mjs:1/);
  });

  it('may not configure what there is not', async () => {
    const replica = shop.handler('export const config = { body: "json" }; export default () => 1;');
    await expect(replica.ready).rejects.toThrow('config.body is "json", not "auto", "bytes" or "stream"');
  });
});

describe("a handler's event", () => {
  const ECHO = `export default (event) => ({ body: event.body, type: Buffer.isBuffer(event.body) ? 'buffer' : typeof event.body });`;

  it('has JSON parsed, text as a string, and other bytes as a buffer', async () => {
    const { address } = await serve(ECHO);
    const sent = async (type: string, body: string) =>
      JSON.parse((await call(address, { body, headers: { 'content-type': type } })).text);
    expect(await sent('application/json; charset=utf-8', '{"a":[1]}')).toEqual({
      body: { a: [1] },
      type: 'object',
    });
    expect(await sent('application/cloudevents+json', '7')).toEqual({ body: 7, type: 'number' });
    expect(await sent('text/plain', 'é')).toEqual({ body: 'é', type: 'string' });
    expect(await sent('application/x-www-form-urlencoded', 'a=b')).toEqual({ body: 'a=b', type: 'string' });
    expect(await sent('image/png', 'x')).toMatchObject({ type: 'buffer' });
    expect(JSON.parse((await call(address)).text)).toEqual({ type: 'undefined' });
  });

  it('is not made of bad JSON: the caller hears of it in one line', async () => {
    const { status, text, headers } = await ask(ECHO, { body: '{"a":', headers: JSON_TYPE });
    expect(status).toBe(400);
    expect(text).toMatch(/^the body is not JSON, as its content-type says: .+\n$/);
    // It is the caller's failure, not the function's.
    expect(headers['x-wattloop-failure']).toBeUndefined();
  });

  it('tells method, path, query and headers', async () => {
    const { text } = await ask(
      'export default ({ method, path, query, headers }) => ({ method, path, query, host: headers["x-a"] });',
      { method: 'PATCH', path: '/a/b%20c?x=1&y=&x=2', headers: { 'X-A': 'b' } },
    );
    expect(JSON.parse(text)).toEqual({
      method: 'PATCH',
      path: '/a/b%20c',
      query: { x: '2', y: '' },
      host: 'b',
    });
  });

  it('is there before its body is where the handler asks for a stream', async () => {
    const size = 100 << 20;
    const { text } = await ask(
      `export const config = { body: 'stream' };
       export default async (event) => {
         let bytes = 0;
         for await (const chunk of event.stream) bytes += chunk.length;
         return [event.body === undefined, bytes];
       };`,
      { body: Buffer.alloc(size, 1) },
      { limits: { memoryMib: 192 } },
    );
    expect(JSON.parse(text)).toEqual([true, size]);
  });

  it('refuses a body that is too large to be held', async () => {
    const { status, text } = await ask(
      `export const config = { maxBodyMib: 1 }; export default () => 'taken';`,
      {
        body: Buffer.alloc(3 << 20, 1),
      },
    );
    expect(status).toBe(413);
    expect(text).toContain('1 MiB');
  });

  it('gives the body as bytes, text or JSON in either case', async () => {
    for (const body of ['stream', 'auto', 'bytes']) {
      const { text } = await ask(
        `export const config = { body: '${body}' };
         export default async (event) => [(await event.bytes()).length, await event.text(), await event.json()];`,
        { body: '[1]', headers: JSON_TYPE },
      );
      expect(JSON.parse(text)).toEqual([3, '[1]', [1]]);
    }
  });
});

describe("a handler's answer", () => {
  const returns = async (expression: string) =>
    await ask(`export default async (event, context) => ${expression};`);

  it('is what it returned', async () => {
    expect(await returns('"text"')).toMatchObject({
      status: 200,
      text: 'text',
      headers: { 'content-type': 'text/plain; charset=utf-8' },
    });
    expect(await returns('({ a: 1 })')).toMatchObject({
      text: '{"a":1}',
      headers: { 'content-type': 'application/json; charset=utf-8' },
    });
    expect((await returns('null')).text).toBe('null');
    expect((await returns('false')).text).toBe('false');
    expect(await returns('undefined')).toMatchObject({ status: 200, text: '' });
    expect(await returns('new Uint8Array([0, 255])')).toMatchObject({
      bytes: Buffer.from([0, 255]),
      headers: { 'content-type': 'application/octet-stream' },
    });
  });

  it('may be described by status, headers and body', async () => {
    expect(await returns('({ statusCode: 201, headers: { "X-A": "b" }, body: { c: 1 } })')).toMatchObject({
      status: 201,
      headers: { 'x-a': 'b' },
      text: '{"c":1}',
    });
    expect((await returns('({ statusCode: 200, body: "AP8=", isBase64Encoded: true })')).bytes).toEqual(
      Buffer.from([0, 255]),
    );
    expect((await returns('({ statusCode: 204 })')).status).toBe(204);
  });

  it('may be a Response', async () => {
    const { status, headers, text } = await returns(
      'new Response("made", { status: 418, headers: [["set-cookie", "a=1"], ["set-cookie", "b=2"]] })',
    );
    expect({ status, text }).toEqual({ status: 418, text: 'made' });
    expect(headers['set-cookie']).toEqual(['a=1', 'b=2']);
  });

  it('may be given through the context as OpenFaaS has it', async () => {
    expect(await returns('context.status(202).headers({ "X-A": "b" }).succeed({ ok: true })')).toMatchObject({
      status: 202,
      headers: { 'x-a': 'b' },
      text: '{"ok":true}',
    });
    expect(await returns('context.fail("not today")')).toMatchObject({ status: 500, text: 'not today\n' });
    expect(await returns('context.status(409).fail(new Error("taken"))')).toMatchObject({
      status: 409,
      text: 'Error: taken\n',
      headers: { 'x-wattloop-failure': 'handler' },
    });
    const back =
      'export default (event, context, callback) => { setTimeout(() => callback(null, "later"), 5); };';
    expect((await ask(back)).text).toBe('later');
  });

  it('is streamed as it comes, and its CPU time follows it', async () => {
    const { address } = await serve(
      `let go; const gone = new Promise((resolve) => { go = resolve; });
       export default async (event) => {
         if (event.path === '/go') return go('went');
         return (async function* () { yield 'first'; await gone; yield 'last'; })();
       };`,
      { concurrency: 2 },
    );
    const response = await open(address);
    const ended = once(response, 'end');
    const [first] = await once(response, 'data');
    expect(String(first)).toBe('first');
    await call(address, { path: '/go' });
    const [last] = await once(response, 'data');
    expect(String(last)).toBe('last');
    await ended;
    expect(Number(response.trailers['x-wattloop-cpu-seconds'])).toBeGreaterThan(0);
  });

  it('may be any kind of stream', async () => {
    expect((await returns('new Response("a stream").body')).text).toBe('a stream');
    const READABLE = '(await import("node:stream")).Readable.from(["a", "b"])';
    expect((await returns(READABLE)).text).toBe('ab');
    const { status, text } = await ask(`export default async () => ${READABLE};`, { method: 'HEAD' });
    expect({ status, text }).toEqual({ status: 200, text: '' });
  });

  it('that breaks off is not taken for whole', async () => {
    const { address } = await serve(
      'export default () => (async function* () { yield "first"; throw new Error("lost it"); })();',
    );
    await expect(call(address)).rejects.toThrow('aborted');
    expect(shop.printed()).toContain('lost it');
  });

  it("can't be what no answer can be", async () => {
    expect(await returns('({ statusCode: 99, body: "" })')).toMatchObject({ status: 500 });
    expect((await returns('({ statusCode: 99, body: "" })')).text).toContain('status is 99');
    expect((await returns('Symbol("x")')).text).toContain("can't be an answer");
    expect((await returns('({ a: 1n })')).text).toContain('BigInt');
    expect((await returns('({ statusCode: 200, headers: { "a b": "c" } })')).status).toBe(500);
  });
});

describe('a handler that fails', () => {
  it('fails its call, says why to its caller, and where to its log', async () => {
    const { address } = await serve(
      'export default (event) => { if (event.body) throw new TypeError("no"); return 1; };',
    );
    const { status, text, headers } = await call(address, { body: 'x' });
    expect({ status, text }).toEqual({ status: 500, text: 'TypeError: no\n' });
    expect(headers['x-wattloop-failure']).toBe('handler');
    expect(Number(headers['x-wattloop-cpu-seconds'])).toBeGreaterThan(0);
    expect((await call(address)).status).toBe(200);
    expect(shop.printed()).toMatch(/TypeError: no\n\s+at .*handler-1\.mjs:1:/);
    expect(shop.printed()).not.toContain('function-host');
  });

  it('by an error that nothing catches fails the call that it came from alone, and ends the replica', async () => {
    const replica = await serve(
      `export default async (event) => {
         if (event.path === '/bad') { setImmediate(() => { throw new Error('from afar'); }); await new Promise(() => {}); }
         await new Promise((resolve) => setTimeout(resolve, 300));
         return 'well';
       };`,
      { concurrency: 2 },
    );
    const [good, bad] = await Promise.all([call(replica.address), call(replica.address, { path: '/bad' })]);
    expect(good).toMatchObject({ status: 200, text: 'well' });
    expect(bad).toMatchObject({ status: 500, text: 'Error: from afar\n' });
    expect(await replica.spoiled).toContain('from afar');
    // Calls that were on their way are still answered.
    expect((await call(replica.address)).status).toBe(200);
    expect(await replica.ended).toEqual({ reason: 'crashed', message: expect.stringContaining('from afar') });
  });

  it('after its call has ended fails nobody else', async () => {
    const replica = await serve(
      `export default () => { setTimeout(() => Promise.reject(new Error('too late')), 20); return 'well'; };`,
    );
    expect((await call(replica.address)).text).toBe('well');
    expect(await replica.spoiled).toContain('too late');
    expect((await call(replica.address)).text).toBe('well');
    await replica.ended;
    expect(shop.printed()).toContain('after the call had been answered: Error: too late');
  });

  it('by ending its process says so', async () => {
    const replica = await serve('export default () => process.exit(7);');
    await expect(call(replica.address)).rejects.toThrow();
    expect(await replica.ended).toEqual({ reason: 'crashed', message: 'it ended with code 7' });
  });
});

describe('a caller that goes away while it still sends', () => {
  it.each(['auto', 'stream'])('is no failure of the function (%s)', async (body) => {
    const { address } = await serve(
      `export const config = { body: '${body}' };
       export default async (event) => { console.log('called'); await event.text(); return 'done'; };`,
    );
    const asked = request({ ...address, method: 'POST', headers: { 'content-length': '10' } });
    asked.on('error', () => undefined);
    asked.write('half');
    if (body === 'stream') await expect.poll(() => safely(() => shop.printed())).toBe('called\n');
    else await once(asked.socket ?? asked, asked.socket ? 'connect' : 'socket');
    asked.destroy();
    expect((await call(address)).text).toBe('done');
    expect(shop.printed()).toMatch(/^(called\n)+$/);
  });
});

describe("a handler's context", () => {
  it('has a signal that says when the caller is gone', async () => {
    const { address } = await serve(
      `export default async (event, { signal }) => {
         await new Promise((resolve) => { signal.addEventListener('abort', resolve); console.log('waits'); });
         console.log('reason', signal.reason.message);
       };`,
    );
    const controller = new AbortController();
    const asked = call(address, { signal: controller.signal });
    await expect.poll(() => shop.log && safely(() => shop.printed())).toContain('waits');
    controller.abort();
    await expect(asked).rejects.toThrow();
    await expect.poll(() => shop.printed()).toContain('reason the caller is gone');
  });

  it('has a signal that says when the time is up', async () => {
    const { text } = await ask(
      `export default (event, { signal }) => new Promise((resolve) =>
         signal.addEventListener('abort', () => resolve(signal.reason.name)));`,
      {},
      { timeoutSeconds: 0.05 },
    );
    expect(text).toBe('TimeoutError');
  });

  it('tells the id of the call and writes to the log', async () => {
    const { text } = await ask(
      'export default (event, context) => { context.log("saw", { a: 1 }); return context.callId; };',
      {
        headers: { 'x-call-id': 'id-1' },
      },
    );
    expect(text).toBe('id-1');
    await expect.poll(() => shop.printed()).toBe('id-1 saw { a: 1 }\n');
  });

  it('gives the secrets that the function may read, and no other file', async () => {
    const { address } = await serve('export default (event, context) => context.secret(event.body);', {
      secrets: { 'api-key': 's3cr3t' },
    });
    expect((await call(address, { body: 'api-key' })).text).toBe('s3cr3t');
    expect((await call(address, { body: 'other' })).text).toContain('there is no secret "other"');
    expect((await call(address, { body: '../../etc/passwd' })).text).toContain(
      "can't be the name of a secret",
    );
  });
});

describe('the CPU time of a call', () => {
  it('is its own, and no more than the replica used', async () => {
    const replica = await serve(
      `export default (event) => {
         const until = process.cpuUsage();
         const wanted = Number(event.query.ms ?? 0) * 1000;
         for (;;) { const { user, system } = process.cpuUsage(until); if (user + system >= wanted) return 'done'; }
       };`,
      { concurrency: 4 },
    );
    const seconds = async (path: string): Promise<number> =>
      Number((await call(replica.address, { path })).headers['x-wattloop-cpu-seconds']);
    await seconds('/?ms=1');
    const alone = await seconds('/?ms=100');
    expect(alone).toBeGreaterThanOrEqual(0.1);
    expect(alone).toBeLessThan(0.2);
    const before = replica.cpuSeconds() ?? 0;
    const many = await Promise.all([50, 50, 50, 50].map((ms) => seconds(`/?ms=${ms}`)));
    const told = many.reduce((sum, one) => sum + one, 0);
    expect(told).toBeGreaterThanOrEqual(0.2);
    expect(told).toBeLessThanOrEqual((replica.cpuSeconds() ?? 0) - before + 0.011);
  });

  it('has that of the commands which the handler ran and waited for', async () => {
    const { headers } = await ask(
      `import { execFileSync } from 'node:child_process';
       export default () => String(execFileSync(process.execPath, ['-e',
         'const u = process.cpuUsage(); for (;;) { const { user, system } = process.cpuUsage(u); if (user + system > 2e5) break; }']));`,
    );
    expect(Number(headers['x-wattloop-cpu-seconds'])).toBeGreaterThanOrEqual(0.2);
  });
});

function safely(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
