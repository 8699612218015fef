import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { call, type ReplicaWorkshop, replicaWorkshop } from '../testing/replicas.js';

let shop: ReplicaWorkshop;
beforeEach(async () => {
  shop = await replicaWorkshop();
});
afterEach(() => shop.close());

describe('a replica of a handler', () => {
  it('takes calls when it is ready, tells its CPU time, and ends when it is told to', async () => {
    const replica = shop.handler('export default async (event) => ({ hello: event.body.name });');
    await replica.ready;
    const { status, text, headers } = await call(replica.address, {
      body: '{"name":"ada"}',
      headers: { 'content-type': 'application/json' },
    });
    expect({ status, text }).toEqual({ status: 200, text: '{"hello":"ada"}' });
    expect(Number(headers['x-wattloop-cpu-seconds'])).toBeGreaterThan(0);
    expect(replica.pid).toBeGreaterThan(0);
    expect(replica.cpuSeconds()).toBeGreaterThan(0);
    replica.stop(5);
    expect(await replica.ended).toEqual({ reason: 'stopped', message: 'it ended with code 0' });
  });
});

describe('a replica of a command', () => {
  it('starts the command for every call, with the call as its input and variables', async () => {
    const replica = shop.command([
      'sh',
      '-c',
      'echo "$Http_Method $Http_Path?$Http_Query $Http_X_Call_Id"; cat',
    ]);
    await replica.ready;
    const { status, text, headers } = await call(replica.address, {
      path: '/a/b?c=d',
      body: 'input',
      headers: { 'x-call-id': '7' },
    });
    expect({ status, text }).toEqual({ status: 200, text: 'POST /a/b?c=d 7\ninput' });
    expect(Number(headers['x-wattloop-cpu-seconds'])).toBeGreaterThan(0);
  });

  it('fails the call when the command does', async () => {
    const replica = shop.command(['sh', '-c', 'echo half; echo why >&2; exit 3']);
    await replica.ready;
    const { status, text, headers } = await call(replica.address);
    expect({ status, text }).toEqual({ status: 500, text: 'the command ended with code 3: why\n' });
    expect(headers['x-wattloop-failure']).toBe('exit');
  });
});

describe('a replica of an HTTP server', () => {
  it('is ready when its port takes connections', async () => {
    const replica = shop.http(['python3', '-m', 'http.server', '--bind', '127.0.0.1', '$PORT']);
    await replica.ready;
    expect((await call(replica.address)).text).toContain('Directory listing');
    replica.stop(5);
    expect(await replica.ended).toEqual({ reason: 'stopped', message: 'it was killed by SIGTERM' });
  });
});
