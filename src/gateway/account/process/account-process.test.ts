import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createHost, silentLogger, WattloopError } from '../../../base/index.js';
import { readTrace } from '../../../lab/index.js';
import { Script } from '../../../meter/testing/script.js';
import { type ServedCall, type Settings, settingsSchema } from '../../../model/index.js';
import type { AccountTick, LiveAccount } from '../account.js';
import { startAccountProcess } from '../start-account-process.js';
import { AccountClient, type AccountClientParts } from './account-client.js';
import { ACCOUNT_PROGRAM } from './account-program.js';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const settingsWith = (changes: object = {}): Settings =>
  settingsSchema.parse({
    data_dir: mkdtempSync(join(tmpdir(), 'account-')),
    meter: { methods: ['tdp'] },
    gateway: { account: { interval_seconds: 0.2, update_seconds: 0.4 } },
    ...changes,
  });

function listening() {
  const lines: string[] = [];
  const note = (text: string): number => lines.push(text);
  return { lines, host: createHost({ log: { ...silentLogger, warn: note, error: note } }) };
}

async function account(settings = settingsWith(), parts: Partial<AccountClientParts> = {}) {
  const { host, lines } = listening();
  const client = new AccountClient({
    host,
    settings,
    version: '1.2.3',
    program: ACCOUNT_PROGRAM,
    ...parts,
  });
  ends.push(() => client.close());
  await client.opened;
  return { live: client, lines, settings };
}

const nextTick = (live: LiveAccount, is: (tick: AccountTick) => boolean = () => true): Promise<AccountTick> =>
  new Promise((resolve) => {
    const end = live.onTick((tick) => {
      if (!is(tick)) return;
      end();
      resolve(tick);
    });
  });

/** Until this holds after a tick: for what a batch or a process brings in its own time. */
async function until(live: LiveAccount, holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await nextTick(live);
}

const call = (name: string, startedAt: number, seconds: number): ServedCall => ({
  id: `id-${name}`,
  function: name,
  version: 'v',
  replica: 'r',
  attempt: 1,
  isAsync: false,
  arrivedAt: startedAt,
  startedAt,
  endedAt: startedAt + seconds,
  cold: false,
  status: 'done',
  requestBytes: 1,
  responseBytes: 2,
});

const isAlive = (pid: number | undefined): boolean => {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
};

const counter = (page: string | undefined, name: string): number =>
  Number(
    page
      ?.split('\n')
      .find((line) => line.startsWith(name))
      ?.split(' ')
      .at(-1),
  );

describe('the account in a process of its own', () => {
  it('ticks, says what a CPU second costs, and settles calls', async () => {
    const { live } = await account();
    const calls = new Promise<readonly unknown[]>((resolve) => live.onCalls(resolve));
    const windows: unknown[] = [];
    live.onUpdate((window) => windows.push(window));
    await nextTick(live);
    const now = Date.now() / 1e3;
    live.began(1, 'f', now);
    live.ended(1, call('f', now, 0.1));
    expect(await calls).toMatchObject([{ id: 'id-f', function: 'f', energy: { source: 'tdp' } }]);
    await nextTick(live);
    expect(live.metrics()).toContain('wattloop_node_joules_total{source="tdp"');
    expect(live.metrics()).toContain('wattloop_function_joules_total{function="f",kind="individual"}');
    expect(live.ailment()).toBeUndefined();
    const footprints = await live.footprints({ from: now - 10, to: now + 10 });
    expect(footprints.functions).toMatchObject([{ function: 'f', calls: 1 }]);
    expect((await live.calls({ limit: 5 })).calls).toMatchObject([{ id: 'id-f' }]);
    expect(windows.length).toBeGreaterThan(0);
  });

  it('refuses what it can’t do with the reason, and goes on', async () => {
    const { live } = await account();
    const bad = live.calls({ limit: 5, cursor: 'not one' });
    await expect(bad).rejects.toBeInstanceOf(WattloopError);
    await expect(bad).rejects.toMatchObject({ code: 'bad_input' });
    await expect(live.footprints({ from: 0, to: 1, kind: 'work' })).rejects.toMatchObject({
      code: 'bad_input',
    });
    await expect(live.trace({ from: 0, to: 1 })).rejects.toMatchObject({ code: 'not_found' });
    expect((await live.calls({ limit: 5 })).calls).toEqual([]);
  });

  it('does not start with settings that make no sense, and says which', async () => {
    const settings = settingsWith({ carbon: { region: 'nowhere-1' } });
    const { host } = listening();
    await expect(startAccountProcess(host, settings, { version: '1' })).rejects.toThrow('nowhere-1');
  });

  it('writes a trace of whole windows that can be read', async () => {
    const { live } = await account();
    await nextTick(live);
    const directory = join(mkdtempSync(join(tmpdir(), 'trace-')), 'one');
    const recording = await live.recordTrace(directory);
    await expect(live.recordTrace(directory)).rejects.toMatchObject({ code: 'bad_usage' });
    const now = Date.now() / 1e3;
    live.began(1, 'f', now);
    live.began(2, 'g', now);
    live.ended(1, call('f', now, 0.1));
    await until(live, async () => (await live.calls({ limit: 1 })).calls.length > 0);
    await recording.stop();
    const trace = await readTrace(directory);
    expect(trace.invocations.functions).toEqual(['f', 'g']);
    expect(trace.invocations.end[1]).toBe(Number.POSITIVE_INFINITY);
    expect(trace.power.t.length % 2).toBe(0);
    expect(trace.usage?.principals).toEqual(
      expect.arrayContaining(['control-plane', 'os', 'system', 'wattloop']),
    );
    expect(trace.description).toMatchObject({ carbonGramsPerKilowattHour: 473 });
  });

  it('goes on when its process crashes: with what runs, and with counters that never fall', async () => {
    const { live, lines } = await account();
    const now = Date.now() / 1e3;
    live.began(1, 'f', now);
    live.began(2, 'f', now);
    live.ended(2, call('f', now, 0.1));
    await until(live, async () => (await live.calls({ limit: 1 })).calls.length === 1);
    const before = live.metrics();
    const { pid } = live;
    if (pid === undefined) throw new Error('there is no process');
    process.kill(pid, 'SIGKILL');
    const ailing = new Promise<void>((resolve) => {
      const look = (): void => (live.ailment() === undefined ? void setImmediate(look) : resolve());
      look();
    });
    await ailing;
    expect(live.ailment()).toContain('SIGKILL');
    expect(live.metrics()).toBeUndefined();
    expect(live.tick).toBeUndefined();
    await expect(live.calls({ limit: 1 })).rejects.toMatchObject({ code: 'account_unavailable' });
    expect(lines.some((line) => line.includes('goes on without it'))).toBe(true);

    // It ended while there was no account: the next one hears of it, and of what it was.
    live.ended(1, call('f', now, Date.now() / 1e3 - now));
    await nextTick(live);
    expect(live.pid).not.toBe(pid);
    expect(live.ailment()).toBeUndefined();
    for (const name of [
      'wattloop_node_joules_total{source="tdp"',
      'wattloop_self_cpu_seconds_total',
      'wattloop_accounted_joules_total',
      'wattloop_unattributed_joules_total',
      'wattloop_function_joules_total{function="f",kind="individual"}',
    ]) {
      expect(counter(live.metrics(), name)).toBeGreaterThanOrEqual(counter(before, name));
    }
    await until(live, async () => (await live.calls({ limit: 9 })).calls.length === 2);
  });

  it('does not hold up the gateway when it is not read, counts what is lost, and catches up', async () => {
    const { live, lines } = await account(settingsWith(), { mostWaitingBytes: 2 ** 20 });
    await nextTick(live);
    const { pid } = live;
    if (pid === undefined) throw new Error('there is no process');
    process.kill(pid, 'SIGSTOP');
    const now = Date.now() / 1e3;
    live.began(-1, 'long', now);
    let key = 0;
    const one = (): void => {
      live.began(key, 'f', now);
      live.ended(key, call('f', now, key / 1e5));
      key++;
    };
    while (live.lostEvents === 0 && key < 200_000) one();
    expect(live.lostEvents).toBeGreaterThan(0);
    expect(live.ailment()).toContain('does not keep up');
    process.kill(pid, 'SIGCONT');
    while (live.ailment()?.includes('does not keep up')) {
      await new Promise((resolve) => setImmediate(resolve));
      one();
    }
    await until(
      live,
      () => counter(live.metrics(), 'wattloop_account_lost_events_total') === live.lostEvents,
    );
    expect(lines.filter((line) => line.includes('does not keep up'))).toHaveLength(1);
  });

  it('ends with the gateway, and keeps what it had', async () => {
    const settings = settingsWith({ gateway: { account: { interval_seconds: 0.2, update_seconds: 3_600 } } });
    const program = join(tmpdir(), 'gateway-of-a-test.mjs');
    const dist = join(ACCOUNT_PROGRAM, '..', '..', '..', '..');
    writeFileSync(
      program,
      `import { createHost } from '${dist}/base/index.js';
       import { startAccountProcess } from '${dist}/gateway/index.js';
       const settings = JSON.parse(process.argv[2]);
       const live = await startAccountProcess(createHost(), settings, { version: '1' });
       await new Promise((resolve) => live.onTick(resolve));
       const now = Date.now() / 1e3;
       live.began(1, 'f', now);
       live.ended(1, { ...JSON.parse(process.argv[3]), startedAt: now, endedAt: now });
       const end = live.onTick(() => {
         end();
         console.log(live.pid);
       });
       setInterval(() => undefined, 1000);`,
    );
    const gateway = new Script('', process.execPath, [
      program,
      JSON.stringify(settings),
      JSON.stringify(call('f', 0, 0)),
    ]);
    ends.push(() => gateway.stop());
    const pid = Number(await gateway.line());
    expect(isAlive(pid)).toBe(true);
    gateway.kill();
    await gateway.ended;
    while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(existsSync(join(settings.data_dir, 'gateway', 'account-sums.json'))).toBe(true);
    const { live } = await account({ ...settings });
    expect((await live.calls({ limit: 5 })).calls).toMatchObject([{ id: 'id-f' }]);
  });
});
