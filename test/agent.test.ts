import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { OtlpCollector, otlpValue } from '../src/gateway/testing/otlp-collector.js';
import { parseExposition } from '../src/gateway/testing/parse-exposition.js';
import { MachineTree } from './support/machine-tree.js';
import { freePort, noPrometheus, Prometheus } from './support/prometheus.js';
import { freshFolder, Running, wattloop } from './support/wattloop.js';

const DOCKER = '3f2a'.repeat(16);
const POD_CONTAINER = 'c0de'.repeat(16);
const POD = '0b1c2d3e-4f50-4617-8899-aabbccddeeff';
const HOSTILE = '/user.slice/a "quoted" back\\slash\nand {more}';
const GROUPS = [
  `/system.slice/docker-${DOCKER}.scope`,
  '/system.slice/nginx.service',
  `/kubepods/burstable/pod${POD}/${POD_CONTAINER}`,
  HOSTILE,
];
const EVERY = ['--interval', '100ms'];
const START = 1_000_000;

const ends: (() => Promise<void> | void)[] = [];
const endAll = async (): Promise<void> => {
  for (const end of ends.splice(0).reverse()) await end();
};

async function stop(agent: Running) {
  agent.child.kill('SIGTERM');
  return await agent.done;
}

/** An agent on a port of its own. */
async function start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const listen = `127.0.0.1:${await freePort()}`;
  const agent = new Running(['agent', '--listen', listen, ...EVERY, ...args], {
    env: { ...process.env, ...env },
  });
  ends.push(async () => void (await stop(agent)));
  const url = (await agent.shows(/metrics at (\S+)\/metrics/)) ?? '';
  const metrics = async () => parseExposition(await (await fetch(`${url}/metrics`)).text());
  const value = async (
    name: string,
    labels: Readonly<Record<string, string>> = {},
  ): Promise<number | undefined> =>
    (await metrics())
      .get(name)
      ?.samples.find((sample) => Object.entries(labels).every(([key, text]) => sample.labels[key] === text))
      ?.value;
  return { agent, listen, url, metrics, value };
}

describe.skipIf(noPrometheus)(`a machine that Prometheus watches (${noPrometheus ?? 'real'})`, () => {
  let tree: MachineTree;
  let agent: Awaited<ReturnType<typeof start>>;
  let prometheus: Prometheus;

  beforeAll(async () => {
    tree = new MachineTree(GROUPS);
    ends.push(() => tree.close());
    const logs = freshFolder();
    mkdirSync(join(logs, 'containers'));
    writeFileSync(join(logs, 'containers', `cart-7d9f_shop_server-${POD_CONTAINER}.log`), '');
    agent = await start(tree.roots, { WATTLOOP_AGENT_KUBELET_LOGS: logs });
    prometheus = await Prometheus.start(agent.listen);
    ends.push(() => prometheus.stop());
    const hasAccounted = (joules: number) =>
      vi.waitFor(
        async () => expect(await agent.value('wattloop_accounted_joules_total')).toBeCloseTo(joules, 6),
        10_000,
      );
    await hasAccounted(0);
    // While it stands still: what follows happens in one tick.
    agent.agent.child.kill('SIGSTOP');
    const [docker = '', nginx = '', pod = '', hostile = ''] = GROUPS;
    tree.use('/', 10);
    tree.use('/system.slice', 7);
    tree.use(docker, 6);
    tree.use(nginx, 1);
    for (const path of ['/kubepods', '/kubepods/burstable', `/kubepods/burstable/pod${POD}`, pod])
      tree.use(path, 2);
    tree.use('/user.slice', 1);
    tree.use(hostile, 1);
    tree.powercap.set(0, START + 25_000_000);
    tree.powercap.set(1, START + 5_000_000);
    agent.agent.child.kill('SIGCONT');
    await hasAccounted(30);
  });
  afterAll(endAll);

  const eventually = (promql: string) => expect.poll(() => prometheus.value(promql), { timeout: 20_000 });

  it('has the energy that the counters counted', async () => {
    await eventually('wattloop_node_joules_total{source="rapl",domain="package"}').toBeCloseTo(25, 6);
    await eventually('wattloop_node_joules_total{source="rapl",domain="dram"}').toBeCloseTo(5, 6);
    await eventually('wattloop_accounted_joules_total').toBeCloseTo(30, 6);
    await eventually(
      'sum(wattloop_node_joules_total * on (source, domain) wattloop_node_primary)',
    ).toBeCloseTo(30, 6);
    await eventually('up').toBe(1);
  });

  it('has every joule once', async () => {
    await eventually(
      `abs(sum(wattloop_workload_joules_total{kind="active"}) + sum(wattloop_unattributed_joules_total)
        + sum(wattloop_ended_joules_total) - sum(wattloop_accounted_joules_total)) < bool 1e-9`,
    ).toBe(1);
    await eventually(
      'sum(wattloop_workload_joules_total{type="wattloop",kind="active"}) - sum(wattloop_self_joules_total)',
    ).toBeCloseTo(0, 6);
  });

  it('has shares in proportion to CPU time', async () => {
    const joules = (label: string): string => `sum(wattloop_workload_joules_total{kind="active",${label}})`;
    await eventually(`${joules(`id="${DOCKER}"`)} / ${joules('workload="nginx.service"')}`).toBeCloseTo(6, 6);
    await eventually(`${joules(`id="${DOCKER}"`)} / ${joules(`id="${POD_CONTAINER}"`)}`).toBeCloseTo(3, 6);
  });

  it('names containers, pods and services, whatever they are called', async () => {
    await expect
      .poll(async () => (await prometheus.query('wattloop_workload_info')).map(({ labels }) => labels), {
        timeout: 20_000,
      })
      .toEqual(
        expect.arrayContaining([
          expect.objectContaining({ id: DOCKER, type: 'container', runtime: 'docker' }),
          expect.objectContaining({ type: 'service', workload: 'nginx.service' }),
          expect.objectContaining({
            id: POD_CONTAINER,
            workload: 'shop/cart-7d9f/server',
            pod: 'cart-7d9f',
            namespace: 'shop',
            container: 'server',
            pod_uid: POD,
            qos: 'burstable',
          }),
          expect.objectContaining({ id: HOSTILE, cgroup: HOSTILE }),
        ]),
      );
    const byPod =
      'sum by (pod) (wattloop_workload_cpu_seconds_total * on (id) group_left (pod) wattloop_workload_info{pod!=""})';
    expect(await prometheus.query(byPod)).toEqual([{ labels: { pod: 'cart-7d9f' }, value: 2 }]);
  });

  it('fails the scrape of an agent that is gone', async () => {
    const { code, signal, stderr } = await stop(agent.agent);
    expect({ code, signal }).toEqual({ code: 0, signal: null });
    expect(stderr).toMatch(/^wattloop agent: metrics at [^\n]*\n$/);
    await eventually('up').toBe(0);
  });
});

describe('the agent', () => {
  afterEach(endAll);

  it('keeps the account of this very machine, and of itself', async () => {
    const { agent, url, metrics, value } = await start([]);
    await expect.poll(() => value('wattloop_self_cpu_seconds_total'), { timeout: 10_000 }).toBeGreaterThan(0);
    expect(await (await fetch(`${url}/healthz`)).text()).toBe('ok\n');
    const page = await metrics();
    const sum = (name: string, kind?: string): number =>
      (page.get(name)?.samples ?? [])
        .filter(({ labels }) => kind === undefined || labels.kind === kind)
        .reduce((total, sample) => total + sample.value, 0);
    const accounted = sum('wattloop_accounted_joules_total');
    const parts =
      sum('wattloop_workload_joules_total', 'active') +
      sum('wattloop_idle_joules_total') +
      sum('wattloop_unattributed_joules_total') +
      sum('wattloop_ended_joules_total');
    expect(Math.abs(parts - accounted)).toBeLessThanOrEqual(1e-9 * Math.max(1, accounted));
    expect(await stop(agent)).toMatchObject({ code: 0, signal: null, stdout: '' });
  });

  it('tells a program where it is', async () => {
    const agent = new Running(['agent', '--listen', '127.0.0.1:0', '--json', ...EVERY]);
    ends.push(async () => void (await stop(agent)));
    const { url, metrics } = JSON.parse((await agent.shows(/(\{.*\})\n/)) ?? '{}');
    expect(metrics).toBe(`${url}/metrics`);
    expect((await fetch(metrics)).status).toBe(200);
    expect(await stop(agent)).toMatchObject({ code: 0, stderr: '' });
  });

  it.each(['SIGINT', 'SIGHUP'] as const)('ends in order by %s', async (signal) => {
    const { agent } = await start([]);
    agent.child.kill(signal);
    expect(await agent.done).toMatchObject({ code: 0, signal: null });
  });

  it('says in one line that its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    ends.push(() => void other.close());
    const address = other.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    expect(await wattloop(['agent', '--listen', `127.0.0.1:${port}`])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: `wattloop: 127.0.0.1:${port} is in use by another program. Stop it, or choose another address with --listen HOST:PORT\n`,
    });
  });

  it.each([
    ['nonsense', /must be HOST:PORT/],
    ['127.0.0.1:70000', /is no address to listen on/],
    ['192.0.2.1:9412', /cannot listen on 192\.0\.2\.1:9412/],
  ])('says in one line that it can not listen on %s', async (listen, line) => {
    const { code, stdout, stderr } = await wattloop(['agent', '--listen', listen]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^wattloop: [^\n]+\n$/);
    expect(stderr).toMatch(line);
  });
});

describe('OpenTelemetry', () => {
  afterEach(endAll);

  it('gets what the page shows', async () => {
    const tree = new MachineTree([]);
    const collector = await new OtlpCollector().open();
    ends.push(
      () => tree.close(),
      () => collector.close(),
    );
    const { agent, value } = await start([...tree.roots, '--otlp', collector.url], {
      WATTLOOP_AGENT_OTLP_INTERVAL_SECONDS: '0.2',
      WATTLOOP_AGENT_OTLP_HEADERS: '{ authorization: Bearer secret }',
    });
    await expect.poll(() => value('wattloop_accounted_joules_total')).toBeCloseTo(0, 6);
    tree.powercap.set(0, START + 25_000_000);
    const joules = { source: 'rapl', domain: 'package' };
    await expect.poll(() => value('wattloop_node_joules_total', joules)).toBeCloseTo(25, 6);
    await expect
      .poll(() => otlpValue(collector.exports.at(-1)?.metrics ?? [], 'wattloop_node_joules', joules))
      .toBeCloseTo(25, 6);
    expect(collector.exports.at(-1)?.headers.authorization).toBe('Bearer secret');
    tree.powercap.set(0, START + 31_000_000);
    await stop(agent);
    // The last export holds what was counted up to the end.
    expect(otlpValue(collector.exports.at(-1)?.metrics ?? [], 'wattloop_node_joules', joules)).toBeCloseTo(
      31,
      6,
    );
  });

  it('may be down', async () => {
    const tree = new MachineTree([]);
    ends.push(() => tree.close());
    const endpoint = `http://127.0.0.1:${await freePort()}`;
    const { agent, url, value } = await start([...tree.roots, '--otlp', endpoint], {
      WATTLOOP_AGENT_OTLP_INTERVAL_SECONDS: '0.2',
    });
    await agent.shows(/the OpenTelemetry collector does not take the metrics/);
    tree.powercap.set(0, START + 2_000_000);
    await expect.poll(() => value('wattloop_accounted_joules_total')).toBeCloseTo(2, 6);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect(await stop(agent)).toMatchObject({ code: 0, signal: null });
  });
});
