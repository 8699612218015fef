import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Replica, ReplicaPlan } from '../replica/replica.js';
import { call, isAlive, open, type ReplicaWorkshop, replicaWorkshop } from '../testing/replicas.js';

let shop: ReplicaWorkshop;
beforeEach(async () => {
  shop = await replicaWorkshop();
});
afterEach(() => shop.close());

const serve = async (command: readonly string[], more: Partial<ReplicaPlan> = {}): Promise<Replica> => {
  const replica = shop.command(command, more);
  await replica.ready;
  return replica;
};
const shell = (script: string, more: Partial<ReplicaPlan> = {}): Promise<Replica> =>
  serve(['sh', '-c', script], more);

/** The pid that a script has written to a file, once it is there. */
async function pidIn(file: string): Promise<number> {
  let text = '';
  await expect
    .poll(() => {
      try {
        text = readFileSync(file, 'utf8');
      } catch {
        // Not yet.
      }
      return text;
    })
    .toMatch(/^\d+\n$/);
  return Number(text);
}

describe('a command', () => {
  it('has what it is called with in its environment, as the classic watchdog names it', async () => {
    const { address } = await serve(['env'], { environment: { GREETING: 'hello', 'odd.name': 'kept' } });
    const { text } = await call(address, {
      method: 'PUT',
      path: '/a/b?c=d&e',
      headers: { 'Content-Type': 'text/plain', 'X-Forwarded-For': '1.2.3.4', 'x-call-id': 'id' },
      body: 'four',
    });
    const lines = text.split('\n');
    for (const line of [
      'Http_Method=PUT',
      'Http_Path=/a/b',
      'Http_Query=c=d&e',
      'Http_Content_Length=4',
      'Http_ContentLength=4',
      'Http_Content_Type=text/plain',
      'Http_X_Forwarded_For=1.2.3.4',
      'Http_X_Call_Id=id',
      'GREETING=hello',
      'odd.name=kept',
    ]) {
      expect(lines).toContain(line);
    }
  });

  it('reads the body and answers with what it prints, however large', async () => {
    const { address } = await serve(['cat'], { limits: { memoryMib: 128 } });
    const body = randomBytes(48 << 20);
    const { bytes, trailers } = await call(address, { body });
    const hash = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');
    expect(hash(bytes)).toBe(hash(body));
    expect(Number(trailers['x-wattloop-cpu-seconds'])).toBeGreaterThan(0);
  });

  it('need not read its input', async () => {
    const { address } = await serve(['echo', 'done']);
    for (let round = 0; round < 3; round++) {
      expect(await call(address, { body: Buffer.alloc(5 << 20) })).toMatchObject({
        status: 200,
        text: 'done\n',
      });
    }
  });

  it('works in its folder', async () => {
    const { address } = await serve(['cat', 'here.txt']);
    writeFileSync(join(shop.folder, 'work', 'here.txt'), 'found');
    expect((await call(address)).text).toBe('found');
  });

  it('answers as what it was sent, or what its owner or its first bytes say', async () => {
    const typeOf = async (replica: Replica, headers = {}) =>
      (await call(replica.address, { body: '{}', headers })).headers['content-type'];
    const cat = await serve(['cat']);
    expect(await typeOf(cat, { 'content-type': 'application/json' })).toBe('application/json');
    expect(await typeOf(cat, { 'content-type': 'application/x-www-form-urlencoded' })).toBe(
      'text/plain; charset=utf-8',
    );
    expect(await typeOf(await shell('printf "\\377\\330"'))).toBe('application/octet-stream');
    expect(await typeOf(await serve(['cat'], { environment: { content_type: 'image/svg+xml' } }))).toBe(
      'image/svg+xml',
    );
  });

  it('is passed on at once where it is to be streamed', async () => {
    const { address } = await shell('echo first; cat fifo', { environment: { mode: 'streaming' } });
    const fifo = join(shop.folder, 'work', 'fifo');
    await call((await shell(`mkfifo ${fifo}`)).address);
    const response = await open(address);
    const ended = once(response, 'end');
    expect(String((await once(response, 'data'))[0])).toBe('first\n');
    writeFileSync(fifo, 'second');
    expect(String((await once(response, 'data'))[0])).toBe('second');
    await ended;
  });
});

describe('a command that fails', () => {
  it('fails its call with the end of its standard error, though it had begun to answer', async () => {
    const { address } = await shell('echo half an answer; seq 1 9999 >&2; echo the reason >&2; exit 3');
    const { status, text, headers } = await call(address);
    expect(status).toBe(500);
    expect(text).toMatch(/^the command ended with code 3: [\s\S]{1000,2100}\nthe reason\n$/);
    expect(headers['x-wattloop-failure']).toBe('exit');
    expect(shop.printed()).toContain('the reason');
  });

  it('after much of its answer is not taken for whole', async () => {
    const { address } = await shell('head -c 300000 /dev/zero; exit 1');
    await expect(call(address)).rejects.toThrow('aborted');
  });

  it('by a signal says which', async () => {
    const { address } = await shell('kill -SEGV $$');
    expect(await call(address)).toMatchObject({
      status: 500,
      text: 'the command was killed by SIGSEGV\n',
      headers: { 'x-wattloop-failure': 'signal' },
    });
  });

  it('to start says so, and the replica goes on', async () => {
    const { address } = await serve(['/no/such/program']);
    for (let round = 0; round < 2; round++) {
      expect(await call(address)).toMatchObject({
        status: 500,
        text: "the command can't be started: spawn /no/such/program ENOENT\n",
        headers: { 'x-wattloop-failure': 'spawn' },
      });
    }
  });

  it('because more headers came than an environment can hold says so, and the replica goes on', async () => {
    const { address } = await serve(['true']);
    const headers = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, index) => [`x-${index}`, 'v'.repeat(500)]),
    );
    expect(await call(address, { headers })).toMatchObject({
      status: 500,
      text: expect.stringContaining('E2BIG'),
    });
    expect((await call(address)).status).toBe(200);
  });
});

describe('a command that nobody waits for', () => {
  const LINGER = 'sleep 1000 & echo $! > inner; echo $$ > outer; wait';
  const pids = async (): Promise<number[]> => [
    await pidIn(join(shop.folder, 'work', 'inner')),
    await pidIn(join(shop.folder, 'work', 'outer')),
  ];

  it('is killed with all that it started when the time is up', async () => {
    const { address } = await shell(LINGER, { timeoutSeconds: 0.5 });
    expect(await call(address)).toMatchObject({
      status: 504,
      text: 'took longer than the 0.5 s that it may take\n',
      headers: { 'x-wattloop-failure': 'timeout' },
    });
    for (const pid of await pids()) await expect.poll(() => isAlive(pid)).toBe(false);
  });

  it('is killed with all that it started when the caller is gone', async () => {
    const { address } = await shell(LINGER);
    const controller = new AbortController();
    const asked = call(address, { signal: controller.signal });
    const started = await pids();
    expect(started.map(isAlive)).toEqual([true, true]);
    controller.abort();
    await expect(asked).rejects.toThrow();
    for (const pid of started) await expect.poll(() => isAlive(pid)).toBe(false);
  });

  it('leaves nothing in the background when it ends', async () => {
    const { address } = await shell('sleep 1000 & echo $! > inner; echo done');
    expect((await call(address)).text).toBe('done\n');
    const pid = await pidIn(join(shop.folder, 'work', 'inner'));
    await expect.poll(() => isAlive(pid)).toBe(false);
  });
});

describe('the CPU time of a call', () => {
  const BURN = [
    process.execPath,
    '-e',
    `const wanted = Number(process.env.Http_Query) * 1000; const from = process.cpuUsage();
     for (;;) { const { user, system } = process.cpuUsage(from); if (user + system >= wanted) break; }`,
  ];
  const seconds = async (replica: Replica, ms: number): Promise<number> =>
    Number((await call(replica.address, { path: `/?${ms}` })).headers['x-wattloop-cpu-seconds']);

  it("is the command's, with what it took to run it", async () => {
    const replica = await serve(BURN);
    const [little, much] = [await seconds(replica, 1), await seconds(replica, 300)];
    expect(much).toBeGreaterThanOrEqual(0.3);
    // Its start costs something too, and about as much each time.
    expect(much - little).toBeGreaterThan(0.25);
    expect(much - little).toBeLessThan(0.5);
  });

  it('is told apart for commands that run at once, and adds up to no more than the replica used', async () => {
    const replica = await serve(BURN, { concurrency: 3 });
    const [small = 0, large = 0, larger = 0] = await Promise.all(
      [10, 200, 400].map((ms) => seconds(replica, ms)),
    );
    expect(large).toBeGreaterThan(small);
    expect(larger).toBeGreaterThan(large);
    expect(small + large + larger).toBeLessThanOrEqual((replica.cpuSeconds() ?? 0) + 0.011);
  });
});
