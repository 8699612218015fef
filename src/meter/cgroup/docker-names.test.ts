import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../base/index.js';
import { containerId } from '../testing/cgroups.js';
import { DockerNames } from './docker-names.js';

const WEB = containerId('web');
const GONE = containerId('gone');

/** What Docker 27 answers, less what nobody here reads. */
const INSPECT = {
  Id: WEB,
  Created: '2026-01-02T03:04:05.678901234Z',
  Path: 'nginx',
  Args: ['-g', 'daemon off;'],
  State: { Status: 'running', Running: true, Pid: 4711, ExitCode: 0 },
  Image: 'sha256:0123',
  Name: '/shop-web-1',
  HostConfig: { NanoCpus: 0, Memory: 0 },
  Config: {
    Hostname: '3f2a',
    Image: 'nginx:1.27',
    Labels: { 'com.docker.compose.project': 'shop', odd: 7 },
  },
};

describe('Docker’s names', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close().closeAllConnections();
  });

  /** An engine on a real socket that remembers what it was asked. */
  async function engine(answer: (url: string) => { status: number; body: string } | 'silence') {
    const socketPath = join(mkdtempSync(join(tmpdir(), 'wattloop-docker-')), 'docker.sock');
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      const reply = answer(request.url ?? '');
      if (reply === 'silence') return;
      response.writeHead(reply.status, { 'Content-Type': 'application/json', 'Api-Version': '1.47' });
      response.end(reply.body);
    });
    servers.push(server);
    server.listen(socketPath);
    await once(server, 'listening');
    return { socketPath, asked };
  }

  const known = (url: string) =>
    url === `/containers/${WEB}/json`
      ? { status: 200, body: JSON.stringify(INSPECT) }
      : { status: 404, body: JSON.stringify({ message: 'No such container' }) };

  it('are a container’s name, image and labels', async () => {
    const { socketPath } = await engine(known);
    expect(await new DockerNames({ socketPath }).resolve(WEB)).toEqual({
      name: 'shop-web-1',
      image: 'nginx:1.27',
      labels: { 'com.docker.compose.project': 'shop' },
    });
  });

  it('are asked for once, by however many at a time, and again when the answer is old', async () => {
    const { socketPath, asked } = await engine(known);
    const clock = new ManualClock();
    const names = new DockerNames({ socketPath, clock, keepSeconds: 60 });
    await Promise.all([names.resolve(WEB), names.resolve(WEB), names.resolve(WEB)]);
    clock.advance(59);
    await names.resolve(WEB);
    expect(asked).toHaveLength(1);
    clock.advance(2);
    await names.resolve(WEB);
    expect(asked).toHaveLength(2);
  });

  it('remember for a while that a container is not known, and then ask again', async () => {
    const { socketPath, asked } = await engine(known);
    const clock = new ManualClock();
    const names = new DockerNames({ socketPath, clock, retrySeconds: 10 });
    expect(await names.resolve(GONE)).toBeUndefined();
    expect(await names.resolve(GONE)).toBeUndefined();
    expect(asked).toHaveLength(1);
    clock.advance(11);
    await names.resolve(GONE);
    expect(asked).toHaveLength(2);
  });

  it('are asked for again soon at first, and ever more seldom', async () => {
    const { socketPath, asked } = await engine(known);
    const clock = new ManualClock();
    const names = new DockerNames({ socketPath, clock, retrySeconds: 30 });
    const counts: number[] = [];
    for (let second = 0; second < 120; second++) {
      await names.resolve(GONE);
      counts.push(asked.length);
      clock.advance(1);
    }
    expect([counts[0], counts[1], counts[3], counts[60], counts[119]]).toEqual([1, 2, 3, 5, 7]);
  });

  it('stand while the engine does not tell them again', async () => {
    let isUp = true;
    const { socketPath } = await engine((url) => (isUp ? known(url) : { status: 500, body: '{}' }));
    const clock = new ManualClock();
    const names = new DockerNames({ socketPath, clock, keepSeconds: 60 });
    await names.resolve(WEB);
    isUp = false;
    clock.advance(61);
    expect((await names.resolve(WEB))?.name).toBe('shop-web-1');
    expect(names.known(WEB)?.name).toBe('shop-web-1');
  });

  it('are told at once to those who can’t wait, as far as they are known', async () => {
    const { socketPath } = await engine(known);
    const clock = new ManualClock();
    const names = new DockerNames({ socketPath, clock, keepSeconds: 60 });
    expect(names.known(WEB)).toBeUndefined();
    await names.resolve(WEB);
    expect(names.known(WEB)?.name).toBe('shop-web-1');
    clock.advance(61);
    // Asked for again behind the scenes; meanwhile what was known stands.
    expect(names.known(WEB)?.name).toBe('shop-web-1');
  });

  it.each([
    ['says it failed', { status: 500, body: '{}' }],
    ['answers garbage', { status: 200, body: '<html>' }],
    ['answers something else', { status: 200, body: '[1,2]' }],
    ['answers null', { status: 200, body: 'null' }],
    ['answers no end of text', { status: 200, body: 'x'.repeat(5 * 1024 * 1024) }],
    ['does not answer', 'silence'],
  ] as const)('are unknown, not an error, where the engine %s', async (_, reply) => {
    const { socketPath } = await engine(() => reply);
    expect(await new DockerNames({ socketPath, timeoutSeconds: 0.2 }).resolve(WEB)).toBeUndefined();
  });

  it('are unknown where there is no engine, and where the socket is none', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wattloop-docker-'));
    const file = join(folder, 'file');
    writeFileSync(file, '');
    for (const socketPath of [join(folder, 'absent.sock'), file]) {
      expect(await new DockerNames({ socketPath }).resolve(WEB)).toBeUndefined();
    }
  });

  it('are not asked for by an id that is a path', async () => {
    const { socketPath, asked } = await engine(known);
    await new DockerNames({ socketPath }).resolve('../../info');
    expect(asked).toEqual(['/containers/..%2F..%2Finfo/json']);
  });
});
