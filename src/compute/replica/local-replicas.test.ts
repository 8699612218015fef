import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { Agent } from 'node:http';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { call, isAlive, type ReplicaWorkshop, replicaWorkshop } from '../testing/replicas.js';

const OK = 'export default () => "well";';
const PYTHON = ['python3', '-m', 'http.server', '--bind', '127.0.0.1', '$PORT'];

let shop: ReplicaWorkshop;
beforeEach(async () => {
  shop = await replicaWorkshop();
});
afterEach(() => shop.close());

describe('a replica', () => {
  it('takes calls when it is ready, tells its CPU time, and ends when it is told to', async () => {
    const replica = shop.handler('export default async (event) => ({ hello: event.body.name });');
    await replica.ready;
    const { status, text } = await call(replica.address, {
      body: '{"name":"ada"}',
      headers: { 'content-type': 'application/json' },
    });
    expect({ status, text }).toEqual({ status: 200, text: '{"hello":"ada"}' });
    expect(isAlive(replica.pid)).toBe(true);
    expect(replica.cpuSeconds()).toBeGreaterThan(0);
    replica.stop(5);
    expect(await replica.ended).toEqual({ reason: 'stopped', message: 'it ended with code 0' });
    expect(isAlive(replica.pid)).toBe(false);
    // What it used stands when it is gone.
    expect(replica.cpuSeconds()).toBeGreaterThan(0);
  });

  it('finishes the calls that it works on when it is told to end', async () => {
    for (const replica of [
      shop.handler(
        'export default () => new Promise((resolve) => { console.log("in"); setTimeout(resolve, 200, "well"); });',
      ),
      shop.command(['sh', '-c', 'echo in >&2; sleep 0.2; printf well']),
    ]) {
      await replica.ready;
      const agent = new Agent({ keepAlive: true });
      const asked = call(replica.address, { agent });
      await expect.poll(() => existsSync(shop.log) && shop.printed()).toContain('in\n');
      replica.stop(10);
      expect((await asked).text).toBe('well');
      // The connection that is kept open keeps nothing from ending.
      expect(await replica.ended).toEqual({ reason: 'stopped', message: 'it ended with code 0' });
      agent.destroy();
    }
  });

  it('is ended by force when it does not end by itself', async () => {
    const replica = shop.handler(
      'process.on("SIGTERM", () => {}); export default () => { console.log("in"); for (;;); };',
    );
    await replica.ready;
    const asked = call(replica.address);
    asked.catch(() => undefined);
    await expect.poll(() => existsSync(shop.log) && shop.printed()).toContain('in\n');
    replica.stop(0.1);
    expect(await replica.ended).toEqual({ reason: 'stopped', message: 'it was killed by SIGKILL' });
    await expect(asked).rejects.toThrow();
  });

  it('sees what it is given of the environment and nothing else', async () => {
    const replica = shop.handler('export default () => process.env;', {
      environment: { GREETING: 'hello', 'spring.name': 'odd' },
    });
    await replica.ready;
    const { WATTLOOP_REPLICA, PATH, secret_mount_path, ...rest } = JSON.parse(
      (await call(replica.address)).text,
    );
    expect(PATH).toBe(process.env.PATH);
    expect(existsSync(secret_mount_path)).toBe(true);
    expect(WATTLOOP_REPLICA).toMatch(new RegExp(`^${process.pid}-\\w+/test-1$`));
    expect(rest).toMatchObject({ GREETING: 'hello', 'spring.name': 'odd' });
    expect(Object.keys(rest).filter((name) => /^(VITEST|NODE|npm)/.test(name))).toEqual([]);
  });

  it('finds its secrets in files that only its user can read', async () => {
    const replica = shop.command(
      ['sh', '-c', 'cat $secret_mount_path/key; stat -c " %a" $secret_mount_path/key'],
      {
        secrets: { key: 's3cr3t' },
      },
    );
    await replica.ready;
    expect((await call(replica.address)).text).toBe('s3cr3t 600\n');
    expect(
      'socketPath' in replica.address && statSync(dirname(replica.address.socketPath)).mode & 0o777,
    ).toBe(0o700);
  });

  it('keeps the last of what it prints, up to a limit', async () => {
    const replica = shop.handler(
      `export default () => { for (let i = 1; i <= 1000; i++) console.log('line', String(i).padStart(4, '0')); return 1; };`,
      { logLimitBytes: 4_000 },
    );
    await replica.ready;
    await call(replica.address);
    replica.stop(5);
    await replica.ended;
    const kept = readFileSync(`${shop.log}.1`, 'utf8') + shop.printed();
    expect(kept.length).toBeLessThanOrEqual(4_000);
    expect(kept).toMatch(/line 0999\nline 1000\n$/);
    expect(kept).toContain('line 0900\n');
  });
});

describe('a replica that does not start', () => {
  it('says what its program said', async () => {
    const replica = shop.http(['sh', '-c', 'echo no config >&2; exit 4']);
    await expect(replica.ready).rejects.toMatchObject({
      code: 'replica_failed',
      message: 'a replica of "test" did not start: it ended with code 4: no config',
    });
    expect(await replica.ended).toEqual({ reason: 'crashed', message: 'it ended with code 4: no config' });
  });

  it('says that there is no such program, or no such folder', async () => {
    const program = shop.http(['no-such-program']);
    await expect(program.ready).rejects.toThrow('as where the program "no-such-program" is not found');
    const folder = shop.handler(OK, { folder: '/no/such/folder' });
    await expect(folder.ready).rejects.toThrow('its folder /no/such/folder is not there');
    expect((await folder.ended).reason).toBe('crashed');
  });

  it('in time is ended', async () => {
    const handler = shop.handler(
      'await new Promise((resolve) => setTimeout(resolve, 60_000)); export default 1;',
      {
        startSeconds: 0.3,
      },
    );
    await expect(handler.ready).rejects.toThrow('it did not come to take calls within 0.3 s');
    expect(await handler.ended).toEqual({
      reason: 'crashed',
      message: 'it did not come to take calls within 0.3 s',
    });
    const http = shop.http(['sleep', '1000'], { startSeconds: 0.3 });
    await expect(http.ready).rejects.toThrow(/nothing of it listened on port \d+ \(PORT\) within 0.3 s/);
    await http.ended;
    expect(isAlive(http.pid)).toBe(false);
  });

  it('because it was stopped says so', async () => {
    const replica = shop.http(['sleep', '1000']);
    await expect.poll(() => replica.pid).toBeGreaterThan(0);
    replica.stop(5);
    await expect(replica.ready).rejects.toThrow('did not start: it was killed by SIGTERM');
    expect((await replica.ended).reason).toBe('stopped');
    const atOnce = shop.handler(OK);
    atOnce.stop(5);
    expect((await atOnce.ended).reason).toBe('stopped');
  });
});

describe('a replica of an HTTP server', () => {
  it('is ready when its port takes connections', async () => {
    const replica = shop.http(PYTHON);
    await replica.ready;
    expect((await call(replica.address)).text).toContain('Directory listing');
    replica.stop(5);
    expect(await replica.ended).toEqual({ reason: 'stopped', message: 'it was killed by SIGTERM' });
  });

  it('is ready when its path answers with success', async () => {
    const server = `let ready = false; setTimeout(() => { ready = true; }, 150);
      require('http').createServer((request, response) => {
        response.statusCode = request.url === '/ready' && !ready ? 503 : 200; response.end(String(ready));
      }).listen(process.env.PORT);`;
    const replica = shop.http([process.execPath, '-e', server], { readyPath: '/ready' });
    await replica.ready;
    expect((await call(replica.address)).text).toBe('true');
  });

  it('has a port of its own, which it is told in several ways', async () => {
    const echo = `require('http').createServer((request, response) =>
      response.end([process.env.PORT, process.env.upstream_url, process.argv[1]].join())).listen(process.env.PORT);`;
    const replicas = Array.from({ length: 4 }, () =>
      shop.http([process.execPath, '-e', echo, '--', '$PORT']),
    );
    await Promise.all(replicas.map(({ ready }) => ready));
    const ports = replicas.map(({ address }) => ('port' in address ? address.port : 0));
    expect(new Set(ports).size).toBe(4);
    const answers = await Promise.all(replicas.map(async ({ address }) => (await call(address)).text));
    expect(answers).toEqual(ports.map((port) => `${port},http://127.0.0.1:${port},${port}`));
  });

  it("is not taken for ready because someone else's server has its port", async () => {
    const port = 21_988;
    const replica = shop.http(['sleep', '1000'], { port, startSeconds: 1 });
    await expect.poll(() => replica.pid).toBeGreaterThan(0);
    const other = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    await expect(replica.ready).rejects.toThrow(`nothing of it listened on port ${port}`);
    const late = shop.http(['sleep', '1000'], { port });
    await replica.ended;
    await expect(late.ready).rejects.toThrow(`port ${port} is in use`);
    const next = shop.http(['sleep', '1000'], { port });
    await expect(next.ready).rejects.toThrow(`port ${port} is in use: EADDRINUSE`);
    other.close();
  });

  it('that insists on its port is alone on it', async () => {
    const script = "require('http').createServer((_, response) => response.end('mine')).listen(21987);";
    const first = shop.http([process.execPath, '-e', script], { port: 21_987 });
    await first.ready;
    expect((await call(first.address)).text).toBe('mine');
    const second = shop.http([process.execPath, '-e', script], { port: 21_987 });
    await expect(second.ready).rejects.toThrow('port 21987 is in use: another replica listens on it');
    first.stop(5);
    await first.ended;
    const third = shop.http([process.execPath, '-e', script], { port: 21_987 });
    await third.ready;
  });

  it('that crashes says why', async () => {
    const script = `require('http').createServer(() => { throw new Error('boom'); }).listen(process.env.PORT);`;
    const replica = shop.http([process.execPath, '-e', script]);
    await replica.ready;
    await expect(call(replica.address)).rejects.toThrow();
    expect(await replica.ended).toEqual({
      reason: 'crashed',
      message: expect.stringMatching(/^it ended with code 1: [\s\S]*Error: boom/),
    });
  });
});

describe('replicas', () => {
  it('refuse plans that can never be started', () => {
    const plan = { id: 'a', secrets: {}, limits: {} } as Parameters<typeof shop.replicas.refuses>[0];
    expect(shop.replicas.refuses({ ...plan, kind: 'image' })).toMatch(/container engine/);
    expect(shop.replicas.refuses({ ...plan, kind: 'handler' })).toMatch(/module/);
    expect(shop.replicas.refuses({ ...plan, kind: 'http', command: [] })).toMatch(/command/);
    expect(
      shop.replicas.refuses({ ...plan, kind: 'command', command: ['cat'], limits: { memoryMib: 8 } }),
    ).toMatch(/96 MiB/);
    const handler = { ...plan, kind: 'handler', module: '/x.mjs' } as const;
    expect(shop.replicas.refuses(handler)).toBeUndefined();
    expect(shop.replicas.refuses({ ...handler, id: '../x' })).toMatch(/can't be a name/);
    expect(shop.replicas.refuses({ ...handler, secrets: { '..': 'x' } })).toMatch(/can't be a name/);
    expect(() => shop.replicas.start({ ...handler, kind: 'image' })).toThrow(/container engine/);
  });

  it('leave nothing behind when they are closed, whatever they were doing', async () => {
    const replicas = [shop.handler(OK), shop.command(['sleep', '1000']), shop.http(PYTHON), shop.handler(OK)];
    await Promise.all(replicas.slice(0, 3).map(({ ready }) => ready));
    const [handler, command] = replicas;
    if (handler === undefined || command === undefined) throw new Error('they were just started');
    call(command.address).catch(() => undefined);
    const folder = 'socketPath' in handler.address ? dirname(handler.address.socketPath) : '';
    expect(readdirSync(folder).length).toBeGreaterThan(0);
    await shop.close();
    expect(replicas.filter(({ pid }) => isAlive(pid))).toEqual([]);
    expect(existsSync(folder)).toBe(false);
    expect(existsSync(join(folder, '..'))).toBe(true);
    for (const { ended } of replicas) expect((await ended).reason).toBe('stopped');
    expect(() => shop.handler(OK)).toThrow('closed');
  });
});
