import { afterEach, describe, expect, it } from 'vitest';
import { createHost, ManualClock, silentLogger } from '../../base/index.js';
import type { NodeSnapshot } from '../../meter/index.js';
import { OtlpCollector, otlpValue } from '../testing/otlp-collector.js';
import { parseExposition } from '../testing/parse-exposition.js';
import { type AgentOptions, runAgent } from './agent.js';

const EMPTY: NodeSnapshot = {
  time: 0,
  since: 1000.25,
  seconds: 1,
  logicalCpus: 4,
  busyCpus: 1,
  energies: [],
  primary: { source: 'rapl', domains: ['package'], reason: '' },
  watts: 10,
  idleWatts: undefined,
  unattributedWatts: 0,
  totals: { joules: 0, idleJoules: undefined, unattributedJoules: 0, endedJoules: 0 },
  shares: [],
  usageSource: 'ebpf',
  self: { cpuSecondsTotal: 0, joulesTotal: 0 },
  disagreements: [],
  crossChecks: [],
  used: [],
  absent: [],
};

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  // The last one that began ends first: the agent before the collector that it sends to.
  for (const end of ends.splice(0).reverse()) await end();
});

/** Lets promises and the event loop run until nothing of them is left to do now. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function agent(options: Partial<AgentOptions> = {}) {
  const clock = new ManualClock();
  const warnings: string[] = [];
  const log = {
    ...silentLogger,
    warn: (text: string) => warnings.push(text),
    error: (text: string) => warnings.push(text),
  };
  const stop = new AbortController();
  const monitor = {
    ticks: 0,
    closed: 0,
    failure: undefined as Error | undefined,
    tick(): NodeSnapshot {
      if (monitor.failure) throw monitor.failure;
      monitor.ticks++;
      const principal = {
        key: 'abc',
        kind: 'container' as const,
        name: 'web "1"\n',
        labels: { image: 'nginx' },
      };
      const share = {
        principal,
        since: 1001.5,
        isGone: false,
        watts: 4,
        cpus: 1,
        joulesTotal: 4 * monitor.ticks,
        idleJoulesTotal: undefined,
        cpuSecondsTotal: monitor.ticks,
      };
      return {
        ...EMPTY,
        time: clock.wall(),
        totals: { ...totals, joules: 10 * monitor.ticks },
        shares: [share],
      };
    },
    async close(): Promise<void> {
      monitor.closed++;
    },
  };
  const totals = EMPTY.totals ?? { joules: 0, idleJoules: undefined, unattributedJoules: 0, endedJoules: 0 };
  let running: Promise<void> = Promise.resolve();
  const url = await new Promise<string>((resolve, reject) => {
    running = runAgent(
      createHost({ clock, log, env: {} }),
      monitor,
      {
        listen: '127.0.0.1:0',
        intervalSeconds: 1,
        version: '1.2.3',
        otlp: { headers: {}, intervalSeconds: 15 },
        onListening: resolve,
        ...options,
      },
      stop.signal,
    );
    running.catch(reject);
  });
  const end = async (): Promise<void> => {
    stop.abort();
    await running;
  };
  ends.push(end);
  const advance = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second++) {
      await settled();
      clock.advance(1);
      await settled();
    }
  };
  return { url, monitor, clock, warnings, end, advance };
}

const get = async (url: string) => {
  const response = await fetch(url);
  return { status: response.status, text: await response.text() };
};

describe('the agent', () => {
  it('shows nothing before its first tick, and then the latest one', async () => {
    const { url, advance } = await agent();
    expect(await get(`${url}/metrics`)).toEqual({ status: 200, text: '' });
    await advance(1);
    const value = async () =>
      parseExposition((await get(`${url}/metrics`)).text).get('wattloop_accounted_joules_total')?.samples[0]
        ?.value;
    expect(await value()).toBe(10);
    await advance(2);
    expect(await value()).toBe(30);
  });

  it('writes the page once a tick, however many ask for it', async () => {
    const { url, advance } = await agent();
    await advance(1);
    const pages = await Promise.all(Array.from({ length: 5 }, () => get(`${url}/metrics`)));
    expect(new Set(pages.map(({ text }) => text)).size).toBe(1);
    expect(pages[0]?.text).toContain('workload="web \\"1\\"\\n"');
  });

  it('is ill when no tick succeeds for a while, says so once, and recovers', async () => {
    const { url, monitor, warnings, advance } = await agent();
    await advance(1);
    monitor.failure = new Error('no more descriptors');
    await advance(5);
    expect(await get(`${url}/healthz`)).toEqual({ status: 200, text: 'ok\n' });
    await advance(1);
    expect(await get(`${url}/healthz`)).toEqual({
      status: 503,
      text: 'the last tick was 6.0 s ago: no more descriptors\n',
    });
    expect((await get(`${url}/metrics`)).status).toBe(503);
    expect(warnings).toEqual(['the account could not be brought up to date']);
    monitor.failure = undefined;
    await advance(1);
    expect((await get(`${url}/healthz`)).status).toBe(200);
    expect((await get(`${url}/metrics`)).text).toContain('wattloop_accounted_joules_total 20');
  });

  it('makes up for no tick that it missed', async () => {
    const { monitor, clock, advance } = await agent();
    await advance(1);
    clock.advance(100);
    await settled();
    expect(monitor.ticks).toBe(2);
    await advance(1);
    expect(monitor.ticks).toBe(3);
  });

  it('brings the account up to date once more at its end, and closes everything', async () => {
    const { url, monitor, end, advance } = await agent();
    await advance(1);
    await end();
    expect(monitor).toMatchObject({ ticks: 2, closed: 1 });
    await expect(fetch(url)).rejects.toThrow();
  });

  it('closes the monitor when it can not listen', async () => {
    const first = await agent();
    const listen = first.url.replace('http://', '');
    let closed = 0;
    const monitor = { tick: () => EMPTY, close: async () => void closed++ };
    await expect(
      runAgent(
        createHost({ clock: new ManualClock(), log: silentLogger, env: {} }),
        monitor,
        {
          listen,
          intervalSeconds: 1,
          version: '1',
          otlp: { headers: {}, intervalSeconds: 1 },
          onListening: () => undefined,
        },
        new AbortController().signal,
      ),
    ).rejects.toMatchObject({ code: 'address_in_use' });
    expect(closed).toBe(1);
  });
});

describe('OpenTelemetry', () => {
  const collector = async (): Promise<OtlpCollector> => {
    const opened = await new OtlpCollector().open();
    ends.push(() => opened.close());
    return opened;
  };
  const to = (endpoint: string, headers = {}, intervalSeconds = 15) => ({
    otlp: { endpoint, headers, intervalSeconds },
  });

  it('gets the same values as the page, with their starts', async () => {
    const receiver = await collector();
    const { url, clock, advance } = await agent(to(receiver.url, { authorization: 'Bearer secret' }));
    await advance(14);
    const coming = receiver.next();
    await advance(1);
    const { path, headers, resource, metrics } = await coming;
    const page = parseExposition((await get(`${url}/metrics`)).text);
    expect(path).toBe('/v1/metrics');
    expect(headers).toMatchObject({ 'content-type': 'application/json', authorization: 'Bearer secret' });
    expect(resource).toMatchObject({ 'service.name': 'wattloop-agent', 'service.version': '1.2.3' });
    expect(resource['host.name']).toBeTruthy();
    const labels = { id: 'abc', kind: 'active', workload: 'web "1"\n', type: 'container' };
    expect(otlpValue(metrics, 'wattloop_workload_joules', labels)).toBeGreaterThan(0);
    // The one page was of the tick before, or of this one.
    expect(page.get('wattloop_workload_joules_total')?.samples[0]?.labels).toEqual(labels);
    const joules = metrics.find(({ name }) => name === 'wattloop_workload_joules');
    expect(joules?.sum).toMatchObject({ isMonotonic: true, aggregationTemporality: 2 });
    expect(joules?.sum?.dataPoints[0]?.startTimeUnixNano).toBe('1001500000000');
    const total = metrics.find(({ name }) => name === 'wattloop_accounted_joules');
    expect(total?.sum?.dataPoints[0]?.startTimeUnixNano).toBe('1000250000000');
    expect(Number(total?.sum?.dataPoints[0]?.timeUnixNano) / 1e9).toBeGreaterThan(clock.wall() - 2);
    const watts = metrics.find(({ name }) => name === 'wattloop_workload_watts');
    expect(watts).toMatchObject({ unit: 'W', gauge: { dataPoints: [{ asDouble: 4 }] } });
    // Idle power is unknown: nothing is said of it, not 0.
    expect(metrics.some(({ name }) => name.startsWith('wattloop_idle'))).toBe(false);
  });

  it('gets the last state when the agent ends', async () => {
    const receiver = await collector();
    const { monitor, end, advance } = await agent(to(`${receiver.url}/v1/metrics`));
    await advance(3);
    await end();
    expect(monitor.ticks).toBe(4);
    expect(receiver.exports).toHaveLength(1);
    expect(otlpValue(receiver.exports[0]?.metrics ?? [], 'wattloop_accounted_joules')).toBe(40);
  });

  it('does no harm when nobody is there, and says so once', async () => {
    const gone = await new OtlpCollector().open();
    await gone.close();
    const { url, warnings, monitor, advance } = await agent(to(gone.url, {}, 0.1));
    await advance(2);
    expect((await get(`${url}/metrics`)).text).toContain('wattloop_accounted_joules_total 20');
    await expect.poll(() => warnings).toEqual(['the OpenTelemetry collector does not take the metrics']);
    await advance(30);
    expect(monitor.ticks).toBe(32);
    expect((await get(`${url}/healthz`)).status).toBe(200);
    expect(warnings).toHaveLength(1);
  });

  it('does no harm when the collector refuses', async () => {
    const receiver = await collector();
    receiver.status = 400;
    const { url, warnings, advance } = await agent(to(receiver.url));
    await advance(15);
    await expect.poll(() => warnings).toHaveLength(1);
    expect((await get(`${url}/healthz`)).status).toBe(200);
  });
});
