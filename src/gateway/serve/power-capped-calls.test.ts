import { expect, it } from 'vitest';
import { systemClock } from '../../base/index.js';
import type { AccountTick, LiveAccount } from '../account/account.js';
import { CallCap } from './call/call-cap.js';
import { testFront } from './testing/front.js';
import { deployedExample } from './testing/function-example.js';

const TICK: AccountTick = {
  at: 0,
  seconds: 1,
  watts: 5,
  idleWatts: 5,
  busyCpus: 0,
  rate: undefined,
  functions: [{ function: 'echo', wattsPerCall: 10, joulesPerCall: 10, meanSeconds: 1 }],
};

/** 16 W: idle, and one call of `echo`. */
async function capped() {
  let tell: (tick: AccountTick) => void = () => undefined;
  const account: Pick<LiveAccount, 'onTick'> = {
    onTick: (listener) => {
      tell = listener;
      return () => undefined;
    },
  };
  const cap = new CallCap(16, systemClock, account as LiveAccount);
  tell(TICK);
  const front = await testFront({}, undefined, cap);
  const pending: (() => void)[] = [];
  front.replicas.listener = (_request, response) => pending.push(() => response.end('well'));
  const until = async (is: () => boolean): Promise<void> => {
    while (!is()) await new Promise((resolve) => setTimeout(resolve, 2));
  };
  const call = (init: RequestInit = {}): Promise<Response> => fetch(`${front.url}/function/echo`, init);
  return { front, cap, pending, until, call };
}

it('lets calls wait for power, and passes them on when there is some', async () => {
  const { front, cap, pending, until, call } = await capped();
  front.pools.deploy(deployedExample());
  const calls = [call(), call()];
  await until(() => pending.length === 1 && cap.report.waiting === 1);
  expect(cap.report).toMatchObject({ running: 1, waiting: 1 });
  pending.shift()?.();
  await until(() => pending.length === 1);
  pending.shift()?.();
  expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 200]);
  await until(() => cap.report.running === 0);
});

it('sheds a call that waits for power for too long, and frees its place at the replica', async () => {
  const { front, cap, pending, until, call } = await capped();
  front.pools.deploy(deployedExample({ queue: { deadlineSeconds: 0.1 } }));
  const first = call();
  await until(() => pending.length === 1);
  const shed = await call();
  expect(shed.status).toBe(429);
  expect(shed.headers.get('x-wattloop-reason')).toBe('power_cap');
  expect(front.pools.get('echo')?.inFlight).toBe(1);
  pending.shift()?.();
  expect((await first).status).toBe(200);
  await until(() => cap.report.running === 0);
});

it('forgets a call that waits for power when its caller goes', async () => {
  const { front, cap, pending, until, call } = await capped();
  front.pools.deploy(deployedExample());
  const first = call();
  await until(() => pending.length === 1);
  const abort = new AbortController();
  const second = call({ signal: abort.signal }).catch(() => undefined);
  await until(() => cap.report.waiting === 1);
  abort.abort();
  await second;
  await until(() => cap.report.waiting === 0 && front.pools.get('echo')?.inFlight === 1);
  pending.shift()?.();
  expect((await first).status).toBe(200);
  await until(() => cap.report.running === 0);
});
