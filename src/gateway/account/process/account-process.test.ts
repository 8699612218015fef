import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createHost, silentLogger } from '../../../base/index.js';
import { settingsSchema } from '../../../model/index.js';
import { startAccountProcess } from '../start-account-process.js';

const closes: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closes.splice(0)) await close();
});

async function account() {
  const settings = settingsSchema.parse({
    data_dir: mkdtempSync(join(tmpdir(), 'account-')),
    meter: { methods: ['tdp'] },
    gateway: { account: { interval_seconds: 0.2, update_seconds: 0.4 } },
  });
  const opened = await startAccountProcess(createHost({ log: silentLogger }), settings, { version: '1.2.3' });
  closes.push(() => opened.close());
  return opened;
}

describe('the account in a process of its own', () => {
  it('ticks, says what a CPU second costs, and settles calls', async () => {
    const live = await account();
    const calls = new Promise<readonly unknown[]>((resolve) => live.onCalls(resolve));
    await new Promise((resolve) => live.onTick(resolve));
    const now = Date.now() / 1e3;
    live.began(1, 'f', now);
    live.ended(1, {
      id: 'id-1',
      function: 'f',
      version: 'v',
      replica: 'r',
      attempt: 1,
      isAsync: false,
      arrivedAt: now,
      startedAt: now,
      endedAt: now + 0.1,
      cold: false,
      status: 'done',
      requestBytes: 1,
      responseBytes: 2,
    });
    expect(await calls).toMatchObject([{ id: 'id-1', function: 'f', energy: { source: 'tdp' } }]);
    await new Promise((resolve) => live.onTick(resolve));
    expect(live.metrics()).toContain('wattloop_node_joules_total{source="tdp"');
    expect(live.metrics()).toContain('wattloop_function_joules_total{function="f",kind="individual"}');
    expect(live.ailment()).toBeUndefined();
    const footprints = await live.footprints({ from: now - 10, to: now + 10 });
    expect(footprints.functions).toMatchObject([{ function: 'f', calls: 1 }]);
  });
});
