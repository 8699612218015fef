import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { settingsSchema } from '../../model/index.js';
import { RedfishServer, selfSigned } from '../testing/redfish-server.js';
import { fixtureHost } from '../testing/tree.js';
import { redfish } from './redfish.js';

const certificate = selfSigned();
const foreign = selfSigned('DNS:bmc.example');

const at = (path: string): { '@odata.id': string } => ({ '@odata.id': `/redfish/v1${path}` });
const members = (...paths: string[]): object => ({ Members: paths.map(at) });
const ROOT = {
  '@odata.id': '/redfish/v1',
  RedfishVersion: '1.11.0',
  Chassis: at('/Chassis'),
  Links: { Sessions: at('/SessionService/Sessions') },
};

/** PowerEdge R740, iDRAC 9: an enclosure of drives beside the system, and one PowerControl entry. */
const dell = (watts: unknown): Record<string, unknown> => ({
  '/redfish/v1': ROOT,
  '/redfish/v1/Chassis': members('/Chassis/System.Embedded.1', '/Chassis/Enclosure.Internal.0-1'),
  '/redfish/v1/Chassis/System.Embedded.1': {
    Id: 'System.Embedded.1',
    ChassisType: 'RackMount',
    Power: at('/Chassis/System.Embedded.1/Power'),
    Links: { Contains: [at('/Chassis/Enclosure.Internal.0-1')] },
  },
  '/redfish/v1/Chassis/Enclosure.Internal.0-1': {
    Id: 'Enclosure.Internal.0-1',
    ChassisType: 'StorageEnclosure',
    Links: { ContainedBy: at('/Chassis/System.Embedded.1') },
  },
  '/redfish/v1/Chassis/System.Embedded.1/Power': {
    PowerControl: [
      {
        MemberId: 'PowerControl',
        Name: 'System Power Control',
        PowerAllocatedWatts: 750,
        PowerConsumedWatts: watts,
        PowerMetrics: { AverageConsumedWatts: 180, IntervalInMin: 60 },
      },
    ],
    PowerSupplies: [{ MemberId: 'PSU.Slot.1', Name: 'PS1 Status', PowerInputWatts: 99 }],
  },
});

/** ProLiant DL380 Gen10, iLO 5: paths end with a slash, and the entry has no name. */
const hpe = (watts: unknown): Record<string, unknown> => ({
  '/redfish/v1': ROOT,
  '/redfish/v1/Chassis': members('/Chassis/1/'),
  '/redfish/v1/Chassis/1': { Id: '1', ChassisType: 'RackMount', Power: at('/Chassis/1/Power/') },
  '/redfish/v1/Chassis/1/Power': {
    PowerControl: [
      {
        '@odata.id': '/redfish/v1/Chassis/1/Power/#PowerControl/0',
        MemberId: '0',
        PowerCapacityWatts: 1600,
        PowerConsumedWatts: watts,
      },
    ],
    PowerSupplies: [{ LastPowerOutputWatts: 70, LineInputVoltage: 230 }],
  },
});

/** ThinkSystem SR650, XCC: the entries after the first are parts of it. */
const lenovo = (): Record<string, unknown> => ({
  ...hpe(0),
  '/redfish/v1/Chassis/1/Power': {
    PowerControl: [
      { Name: 'CPU Sub-system Power', PhysicalContext: 'CPU', PowerConsumedWatts: 140 },
      { Name: 'Memory Sub-system Power', PowerConsumedWatts: 22 },
      { Name: 'Server Power Control', PhysicalContext: 'Chassis', PowerConsumedWatts: 312 },
    ],
  },
});

/** A GPU server by the newer resources: a baseboard of accelerators within the chassis, with a figure of its own. */
const gpuServer = (contained: boolean): Record<string, unknown> => ({
  '/redfish/v1': ROOT,
  '/redfish/v1/Chassis': members('/Chassis/HGX_0', '/Chassis/Main'),
  '/redfish/v1/Chassis/Main': {
    Id: 'Main',
    ChassisType: 'RackMount',
    EnvironmentMetrics: at('/Chassis/Main/EnvironmentMetrics'),
    Power: at('/Chassis/Main/Power'),
  },
  '/redfish/v1/Chassis/Main/EnvironmentMetrics': {
    PowerWatts: { DataSourceUri: '/redfish/v1/Chassis/Main/Sensors/Total', Reading: 4210.5 },
    EnergykWh: { Reading: 1200.25 },
  },
  '/redfish/v1/Chassis/HGX_0': {
    Id: 'HGX_0',
    ChassisType: contained ? 'Other' : 'Module',
    EnvironmentMetrics: at('/Chassis/HGX_0/EnvironmentMetrics'),
    Links: contained ? { ContainedBy: at('/Chassis/Main/') } : {},
  },
  '/redfish/v1/Chassis/HGX_0/EnvironmentMetrics': { PowerWatts: { Reading: 2800 } },
});

/** Power by the supplies' own metrics, and nothing for the whole. */
const supplies = (): Record<string, unknown> => ({
  '/redfish/v1': ROOT,
  '/redfish/v1/Chassis': members('/Chassis/Self'),
  '/redfish/v1/Chassis/Self': { Id: 'Self', PowerSubsystem: at('/Chassis/Self/PowerSubsystem') },
  '/redfish/v1/Chassis/Self/PowerSubsystem': {
    PowerSupplies: at('/Chassis/Self/PowerSubsystem/PowerSupplies'),
  },
  '/redfish/v1/Chassis/Self/PowerSubsystem/PowerSupplies': members('/Supply/1', '/Supply/2', '/Supply/3'),
  '/redfish/v1/Supply/1': { Id: 'PSU1', Metrics: at('/Supply/1/Metrics') },
  '/redfish/v1/Supply/2': { Id: 'PSU2', Metrics: at('/Supply/2/Metrics') },
  '/redfish/v1/Supply/1/Metrics': { InputPowerWatts: { Reading: 210 } },
  '/redfish/v1/Supply/2/Metrics': { InputPowerWatts: { Reading: 0 } },
});

const answers =
  (status: number, body: string, headers: Record<string, string> = {}) =>
  (_request: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(status, headers).end(body);
  };

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function service(resources: Record<string, unknown>, settings: object = {}, trusted = certificate) {
  if (!trusted) throw new Error('no certificate');
  const server = new RedfishServer(trusted, resources);
  const url = await server.start();
  closers.push(() => server.stop());
  const redfishSettings = { url, user: 'meter', password: 'ohm-law', ca_file: trusted.file, ...settings };
  const host = fixtureHost({});
  const source = redfish(
    host,
    settingsSchema.parse({ sources: { redfish: redfishSettings } }).sources.redfish,
  );
  closers.push(() => source.close());
  const watts = async () =>
    Object.fromEntries(
      (await source.read()).map((r) => [`${r.device} ${r.domain}`, r.kind === 'power' ? r.watts : -r.joules]),
    );
  return { server, host, source, watts, url };
}

describe('redfish without a service', () => {
  const probe = (settings: object) =>
    redfish(
      fixtureHost({}),
      settingsSchema.parse({ sources: { redfish: settings } }).sources.redfish,
    ).probe();

  it('says which settings it needs', async () => {
    expect(await probe({})).toMatchObject({ usable: false, remedy: /sources\.redfish\.url/ });
  });

  it('sends no password in the clear', async () => {
    expect(await probe({ url: 'http://127.0.0.1:1' })).toMatchObject({ usable: false, remedy: /https/ });
  });

  it('says that nobody answers', async () => {
    expect(await probe({ url: 'https://127.0.0.1:1' })).toMatchObject({
      usable: false,
      reason: /127\.0\.0\.1:1.*ECONNREFUSED/,
      remedy: /sources\.redfish\.url/,
    });
  });

  it('says that a service speaks no TLS', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    closers.push(async () => server.close());
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await probe({ url })).toMatchObject({ usable: false, remedy: /no TLS/ });
  });
});

describe.skipIf(!certificate || !foreign)('redfish with a service (needs openssl)', () => {
  it('reads the power of a Dell server, by a session that it ends', async () => {
    const { server, source, watts } = await service(dell(177));
    expect(await source.probe()).toEqual({
      usable: true,
      domains: ['system'],
      note: 'System.Embedded.1 (PowerControl)',
    });
    expect(server.sessions.size).toBe(0);
    await source.open();
    expect(server.sessions.size).toBe(1);
    Object.assign(server.resources, dell(201));
    expect(await watts()).toEqual({ 'System.Embedded.1 system': 201 });
    await source.close();
    await source.close();
    expect(server.sessions.size).toBe(0);
  });

  it('reads the power of an HPE server, whose paths end with a slash', async () => {
    const { server, source, watts } = await service(hpe(93));
    server.slashes = true;
    await source.open();
    expect(await watts()).toEqual({ '1 system': 93 });
    await source.close();
    expect(server.sessions.size).toBe(0);
  });

  it('sends user and password each time where it is told to', async () => {
    const { server, source, watts } = await service(dell(177), { auth: 'basic' });
    await source.open();
    expect(await watts()).toEqual({ 'System.Embedded.1 system': 177 });
    expect(server.requests.filter((request) => request.startsWith('POST'))).toEqual([]);
  });

  it('does not add processors and memory to the server that holds them', async () => {
    const { source, watts } = await service(lenovo());
    await source.open();
    expect(await watts()).toEqual({ '1 system': 312 });
  });

  it.each([true, false])('does not add a baseboard to its chassis (which says so: %s)', async (contained) => {
    const { source, watts } = await service(gpuServer(contained));
    expect(await source.probe()).toMatchObject({ note: /Main .*not added: HGX_0/ });
    await source.open();
    expect(await watts()).toEqual({ 'Main system': 4210.5 });
  });

  it('reads the chassis that the settings name', async () => {
    const { source, watts } = await service(gpuServer(true), { chassis: ['HGX_0'] });
    await source.open();
    expect(await watts()).toEqual({ 'HGX_0 system': 2800 });
    const wrong = await service(gpuServer(true), { chassis: ['nonesuch'] });
    await expect(wrong.source.open()).rejects.toMatchObject({ code: 'bad_configuration', remedy: /HGX_0/ });
  });

  it('reads several chassis that stand beside each other', async () => {
    const { source, watts } = await service({
      ...dell(100),
      ...hpe(50),
      '/redfish/v1/Chassis': members('/Chassis/System.Embedded.1', '/Chassis/1', '/Chassis/gone'),
    });
    await source.open();
    expect(await watts()).toEqual({ 'System.Embedded.1 system': 100, '1 system': 50 });
  });

  it('reads supplies where there is no figure for the whole', async () => {
    const { server, source, watts } = await service(supplies());
    await source.open();
    expect(await watts()).toEqual({ 'Self/PSU1 system': 210, 'Self/PSU2 system': 0 });
    server.resources['/redfish/v1/Supply/1/Metrics'] = answers(500, 'oops');
    server.resources['/redfish/v1/Supply/2/Metrics'] = { InputPowerWatts: { Reading: 215 } };
    expect(await watts()).toEqual({ 'Self/PSU2 system': 215 });
  });

  it('counts energy where that is all there is', async () => {
    const metrics = (kwh: number) => ({
      '/redfish/v1/Chassis/Main/EnvironmentMetrics': { EnergykWh: { Reading: kwh } },
    });
    const only = { ...gpuServer(true), '/redfish/v1/Chassis': members('/Chassis/Main'), ...metrics(1200.25) };
    const { server, source } = await service(only);
    await source.open();
    const joules = async () =>
      (await source.read()).map((r) => (r.kind === 'counter' ? r.joules : Number.NaN));
    expect(await joules()).toEqual([0]);
    Object.assign(server.resources, metrics(1200.26));
    expect((await joules())[0]).toBeCloseTo(36_000, 6);
    Object.assign(server.resources, metrics(0.01));
    expect((await joules())[0]).toBeCloseTo(36_000, 6);
  });

  it('logs in again when the session has expired, once for all', async () => {
    const { server, source, watts } = await service(supplies());
    await source.open();
    server.sessions.clear();
    expect(await watts()).toEqual({ 'Self/PSU1 system': 210, 'Self/PSU2 system': 0 });
    expect(server.sessions.size).toBe(1);
    expect(server.requests.filter((request) => request.startsWith('POST'))).toHaveLength(2);
  });

  it.each(['session', 'basic'])(
    'does not send a refused password again before the user could be locked out (%s)',
    async (auth) => {
      const { server, host, source } = await service(dell(177), { password: 'guess', auth });
      const refused = () => expect(source.open()).rejects.toMatchObject({ code: 'permission_denied' });
      await refused();
      const requests = server.requests.length;
      await refused();
      expect(await source.probe()).toMatchObject({ usable: false, reason: /refused/, remedy: /300 s/ });
      expect(server.requests.slice(requests).filter((request) => !request.endsWith('/v1/'))).toEqual([]);
      host.clock.advance(300);
      await refused();
      expect(server.requests.length).toBeGreaterThan(requests + 1);
    },
  );

  it.each([
    ['is busy', answers(503, '', { 'Retry-After': '30' }), /busy \(503, asks to wait 30 s\)/],
    ['sends garbage', answers(200, '<html>login</html>'), /not JSON: "<html>login/],
    ['sends half an answer', answers(200, '{"PowerControl": [{"PowerCons'), /not JSON/],
    ['breaks', answers(500, ''), /status 500/],
    ['gives null', { PowerControl: [{ PowerConsumedWatts: null }] }, /no power now/],
    ['gives a negative figure', { PowerControl: [{ PowerConsumedWatts: -3 }] }, /no power now/],
    ['gives text', { PowerControl: [{ PowerConsumedWatts: '177' }] }, /no power now/],
    ['gives another shape', [1, 2, 3], /no power now/],
    ['reads 0 W', { PowerControl: [{ PowerConsumedWatts: 0 }] }, /reads 0 W/],
    ['hangs up', (request: IncomingMessage) => void request.socket.destroy(), /hang up|ECONNRESET/],
  ])('fails one poll when the service %s, and reads the next', async (_case, fault, message) => {
    const { server, source, watts } = await service(dell(177));
    await source.open();
    server.resources['/redfish/v1/Chassis/System.Embedded.1/Power'] = fault;
    await expect(source.read()).rejects.toMatchObject({ code: 'instrument_failed', message });
    Object.assign(server.resources, dell(180));
    expect(await watts()).toEqual({ 'System.Embedded.1 system': 180 });
  });

  it('gives up on a slow answer', async () => {
    const { server, host, source } = await service(dell(177));
    await source.open();
    const asked = new Promise<void>((resolve) => {
      server.resources['/redfish/v1/Chassis/System.Embedded.1/Power'] = () => resolve();
    });
    const reading = source.read();
    await asked;
    host.clock.advance(10);
    await expect(reading).rejects.toMatchObject({ message: /no answer within 10 s/ });
  });

  it('says why a service that lists nothing is of no use', async () => {
    const { source } = await service({ '/redfish/v1': ROOT, '/redfish/v1/Chassis': members() });
    expect(await source.probe()).toMatchObject({ usable: false, reason: /no chassis/ });
    const broken = await service({
      ...dell(1),
      '/redfish/v1/Chassis/System.Embedded.1/Power': answers(503, ''),
    });
    expect(await broken.source.probe()).toMatchObject({ usable: false, reason: /busy/ });
    expect(broken.server.sessions.size).toBe(0);
  });

  it('explains a certificate that is not trusted, and takes any when told to', async () => {
    const strict = await service(dell(177), { ca_file: undefined });
    expect(await strict.source.probe()).toMatchObject({
      usable: false,
      reason: /self-signed/,
      remedy: /ca_file.*insecure/,
    });
    const other = await service(dell(177), {}, foreign);
    expect(await other.source.probe()).toMatchObject({ usable: false, reason: /another name/ });
    const lax = await service(dell(177), { ca_file: undefined, insecure: true });
    expect(await lax.source.probe()).toMatchObject({ usable: true });
  });

  it('names a certificate file or a password file that is not there', async () => {
    const noCa = await service(dell(177), { ca_file: '/nonesuch.pem' });
    expect(await noCa.source.probe()).toMatchObject({ usable: false, reason: /ca_file.*nonesuch/ });
    const noPassword = await service(dell(177), { password_file: '/nonesuch' });
    expect(await noPassword.source.probe()).toMatchObject({ usable: false, reason: /password_file/ });
  });

  it('sends nothing to another address that the service refers to', async () => {
    const other = await service(dell(177));
    const elsewhere = { '@odata.id': `${other.url}/redfish/v1/Chassis` };
    const { source } = await service({ '/redfish/v1': { ...ROOT, Chassis: elsewhere } });
    expect(await source.probe()).toMatchObject({ usable: false, reason: /another address/ });
    expect(other.server.requests).toEqual([]);
  });
});
