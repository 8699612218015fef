import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { settingsSchema } from '../../model/index.js';
import { keplerNewPage, keplerOldPage, type PageServer, servePage } from '../testing/metrics-pages.js';
import { fixtureHost } from '../testing/tree.js';
import { kepler } from './kepler.js';

const servers: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const settings = (kepler: object) => settingsSchema.parse({ sources: { kepler } }).sources.kepler;

async function serving(page: string | number): Promise<PageServer> {
  const server = await servePage(page);
  servers.push(server);
  return server;
}

async function opened(page: string) {
  const server = await serving(page);
  const host = fixtureHost({});
  const source = kepler(host, settings({ url: server.url }));
  await source.open();
  const joules = async (next: string) => {
    server.answer = next;
    host.clock.advance(1);
    return Object.fromEntries(
      (await source.read()).map((r) => [
        `${r.device} ${r.domain}`,
        r.kind === 'counter' ? r.joules : r.watts,
      ]),
    );
  };
  return { server, host, source, joules };
}

const OLD = { dynamic: 151.5, idle: 55_646.25, dram: 685.5 };
const NEW = { package: 9_212.75, core: 3_000, psys: 20_000 };

describe('kepler, names before 0.10', () => {
  it('adds the modes of each package, and leaves out what it shows as 0', async () => {
    const { joules } = await opened(keplerOldPage(OLD));
    expect(await joules(keplerOldPage({ dynamic: 161.5, idle: 55_666.25, dram: 686, other: 9 }))).toEqual({
      'package-0 package': 30,
      'package-1 package': 0,
      'package-0 dram': 0.5,
      'platform system': 0,
    });
  });

  it('goes on when a mode is missing from one page', async () => {
    const { joules } = await opened(keplerOldPage(OLD));
    await joules(keplerOldPage({ ...OLD, idle: OLD.idle + 50 }));
    const holed = keplerOldPage({ ...OLD, dynamic: OLD.dynamic + 2 });
    const without = holed.replace(/^kepler_node_package_joules_total.*mode="idle",package="0".*$/m, '');
    expect(await joules(without)).toMatchObject({ 'package-0 package': 52 });
    expect(
      await joules(keplerOldPage({ ...OLD, idle: OLD.idle + 60, dynamic: OLD.dynamic + 2 })),
    ).toMatchObject({
      'package-0 package': 62,
    });
  });

  it('says so when Kepler shows what its model thinks', async () => {
    const server = await serving(keplerOldPage(OLD).replaceAll('rapl-sysfs', 'trained_power_model'));
    const source = kepler(fixtureHost({}), settings({ url: server.url }));
    expect(await source.probe()).toMatchObject({ usable: true, note: expect.stringMatching(/model/) });
    await source.open();
    expect(source).toMatchObject({ provenance: 'modelled', uncertainty: 0.3 });
  });
});

describe('kepler, names from 0.10 on', () => {
  it('reads the total of each zone and not its active and idle parts', async () => {
    const { source, joules } = await opened(keplerNewPage(NEW));
    expect(source).toMatchObject({ provenance: 'measured', interval: 1 });
    expect(await joules(keplerNewPage({ package: 9_220.25, core: 3_004, psys: 20_012 }))).toEqual({
      'package-0 package': 7.5,
      'package-0 core': 4,
      'psys psys': 12,
    });
  });

  it('takes several packages that Kepler has added up as one', async () => {
    const page = keplerNewPage(NEW).replaceAll('/sys/class/powercap/intel-rapl:0"', 'aggregated-package"');
    const { joules } = await opened(page);
    expect(await joules(page)).toHaveProperty(['all package'], 0);
  });

  it('reads its gauges of accelerators and of the platform, parts of a chassis not counted twice', async () => {
    const control = (id: string, watts: number): string =>
      `kepler_platform_watts{source="redfish",node_name="laptop",bmc_id="b",chassis_id="1U",power_control_id="${id}",power_control_name="x"} ${watts}\n`;
    const gpu =
      'kepler_node_gpu_watts{gpu="1",gpu_uuid="GPU-7",gpu_name="L4",vendor="nvidia",node_name="laptop"} 31.5\n';
    const page = `${keplerNewPage(NEW)}${gpu}${control('PC1', 310)}${control('PC2', 90)}`;
    const { joules } = await opened(page);
    expect(await joules(page)).toMatchObject({ 'gpu-1 gpu': 31.5, '1U system': 310 });
  });

  it('loses the step over a restart but nothing else, and never goes backwards', async () => {
    const { joules } = await opened(keplerNewPage(NEW));
    expect(await joules(keplerNewPage({ ...NEW, package: NEW.package + 100 }))).toMatchObject({
      'package-0 package': 100,
    });
    expect(await joules(keplerNewPage({ ...NEW, package: 40 }))).toMatchObject({ 'package-0 package': 100 });
    expect(await joules(keplerNewPage({ ...NEW, package: 55 }))).toMatchObject({ 'package-0 package': 115 });
  });

  it('leaves out a zone that says NaN', async () => {
    const { joules } = await opened(keplerNewPage(NEW));
    const page = keplerNewPage({ ...NEW, package: Number.NaN });
    expect(Object.keys(await joules(page))).toEqual(['package-0 core', 'psys psys']);
  });
});

describe('kepler that cannot be read', () => {
  it('is not looked for where no setting names it', async () => {
    expect(await kepler(fixtureHost({}), settings({})).probe()).toMatchObject({
      usable: false,
      remedy: expect.stringMatching(/sources\.kepler\.url/),
    });
  });

  it('explains each refusal', async () => {
    const probe = (more: object) => kepler(fixtureHost({}), settings(more)).probe();
    const { url } = await serving(503);
    const empty = await serving('go_goroutines 8\n');
    const why = (reason: RegExp, remedy: RegExp) => ({
      usable: false,
      reason: expect.stringMatching(reason),
      remedy: expect.stringMatching(remedy),
    });
    expect(await probe({ url })).toMatchObject(why(/status 503: it does not work/, /log/));
    expect(await probe({ url: url.replace('metrics', 'x') })).toMatchObject(why(/status 404/, /\/metrics/));
    expect(await probe({ url: empty.url })).toMatchObject(why(/no energy of a node/, /kepler_node_/));
    expect(await probe({ url: 'localhost:9102' })).toMatchObject(why(/not an http address/, /http:\/\//));
    expect(await probe({ url, prometheus: url })).toMatchObject(why(/both/, /url/));
    expect(await probe({ prometheus: url.replace('/metrics', '') })).toMatchObject(why(/404/, /./));
    await servers.splice(0, 1)[0]?.close();
    expect(await probe({ url })).toMatchObject(why(/ECONNREFUSED/, /Start kepler/));
  });

  it('gives up on a server that never answers', async () => {
    const sockets = new Set<import('node:net').Socket>();
    const silent = createServer((socket) => sockets.add(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    servers.push({
      close: () =>
        new Promise((resolve) => {
          for (const socket of sockets) socket.destroy();
          silent.close(() => resolve());
        }),
    });
    const address = silent.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/metrics`;
    const source = kepler(fixtureHost({}), settings({ url, timeout_seconds: 0.05 }));
    await expect(source.open()).rejects.toMatchObject({
      code: 'source_failed',
      message: expect.stringMatching(/no answer within 0\.05 s/),
    });
  });

  it('rejects a read while it is down, and goes on when it is back', async () => {
    const { server, source, joules } = await opened(keplerNewPage(NEW));
    server.answer = 500;
    await expect(source.read()).rejects.toMatchObject({ code: 'source_failed' });
    expect(await joules(keplerNewPage({ ...NEW, psys: NEW.psys + 5 }))).toMatchObject({ 'psys psys': 5 });
    await source.close();
    await source.close();
  });

  it('sends the credentials of the address, and does not show them', async () => {
    const server = await serving(keplerNewPage(NEW));
    const url = server.url.replace('http://', 'http://me:s%40fe@');
    const source = kepler(fixtureHost({}), settings({ url }));
    await source.open();
    expect(server.authorization).toBe(`Basic ${Buffer.from('me:s@fe').toString('base64')}`);
    server.answer = 401;
    await expect(source.read()).rejects.toMatchObject({
      message: expect.not.stringContaining('s%40fe'),
      remedy: expect.stringMatching(/USER:PASSWORD/),
    });
  });

  it('refuses to choose among several nodes', async () => {
    const page = keplerNewPage(NEW);
    const { url } = await serving(page + page.replaceAll('"laptop"', '"other"'));
    await expect(kepler(fixtureHost({}), settings({ url })).open()).rejects.toMatchObject({
      message: expect.stringMatching(/2 nodes: laptop, other/),
      remedy: expect.stringMatching(/sources\.kepler\.instance/),
    });
  });
});
