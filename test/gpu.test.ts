import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHost, silentLogger, systemClock } from '../src/base/index.js';
import { Nvml } from '../src/meter/native/nvml.js';
import { nvidiaUsage } from '../src/meter/nvidia/usage.js';
import { nvidia } from '../src/meter/sources/nvidia.js';

const host = createHost({ log: silentLogger });

/** The best answer of this machine's own driver: runs where a real GPU is, and says why where there is none. */
describe('a real NVIDIA GPU', () => {
  const source = nvidia(host);
  let missing: string | undefined;
  let note = '';

  beforeAll(async () => {
    const found = await source.probe();
    if (!found.usable) missing = found.reason;
    else {
      note = found.note ?? '';
      if (!note.startsWith('NVML')) missing = `no NVML, but ${note}`;
      else await source.open();
    }
  });
  afterAll(() => source.close());

  it('counts energy that never goes backwards', async (ctx) => {
    if (missing !== undefined) ctx.skip(missing);
    const counters = async () =>
      new Map(
        (await source.read()).flatMap((r) => (r.kind === 'counter' ? [[r.device, r.joules] as const] : [])),
      );
    let last = await counters();
    if (last.size === 0) ctx.skip(`no energy counter: ${note}`);
    for (let look = 0; look < 20; look++) {
      const now = await counters();
      for (const [device, joules] of last) expect(now.get(device)).toBeGreaterThanOrEqual(joules);
      last = now;
    }
  });

  it('draws as much power as a board can, and as much energy as power over time', async (ctx) => {
    if (missing !== undefined) ctx.skip(missing);
    const nvml = await Nvml.load('libnvidia-ml.so.1');
    await nvml.init();
    try {
      const begin = await source.read();
      const watts = new Map<string, number[]>();
      while (systemClock.now() - (begin[0]?.at ?? 0) < 2) {
        for (const { device } of begin) {
          const handle = await nvml.device(Number(device.replace('gpu-', '')));
          const power = Number(await nvml.powerMilliwatts(handle)) / 1_000;
          expect(power).toBeGreaterThan(10);
          expect(power).toBeLessThan(800);
          watts.set(device, [...(watts.get(device) ?? []), power]);
        }
        // It is energy over time that is measured: there is no event to wait for.
        await systemClock.sleep(0.05);
      }
      const end = await source.read();
      for (const first of begin) {
        const last = end.find(({ device }) => device === first.device);
        if (first.kind !== 'counter' || last?.kind !== 'counter') continue;
        const powers = watts.get(first.device) ?? [];
        const mean = powers.reduce((sum, power) => sum + power, 0) / powers.length;
        const ratio = (last.joules - first.joules) / (mean * (last.at - first.at));
        expect(ratio).toBeGreaterThan(0.8);
        expect(ratio).toBeLessThan(1.2);
      }
    } finally {
      await nvml.shutdown();
    }
  });

  it('tells which processes use it', async (ctx) => {
    if (missing !== undefined) ctx.skip(missing);
    const reader = nvidiaUsage(host);
    await reader.open();
    for (const usage of await reader.processes()) {
      expect(usage.device).toMatch(/^gpu-\d+$/);
      expect(usage.pid).toBeGreaterThan(0);
      expect(usage.busySeconds ?? 0).toBeGreaterThanOrEqual(0);
    }
    await reader.close();
  });
});
