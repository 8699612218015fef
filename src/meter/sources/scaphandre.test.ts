import { afterEach, describe, expect, it } from 'vitest';
import { type EnergyReading, settingsSchema } from '../../model/index.js';
import { type PageServer, scaphandrePage, servePage } from '../testing/metrics-pages.js';
import { fixtureHost } from '../testing/tree.js';
import { scaphandre } from './scaphandre.js';

const servers: PageServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const figure = (reading: EnergyReading): number =>
  reading.kind === 'counter' ? reading.joules : reading.watts;

async function opened(page: string) {
  const server = await servePage(page);
  servers.push(server);
  const host = fixtureHost({});
  const { sources } = settingsSchema.parse({ sources: { scaphandre: { url: server.url } } });
  const source = scaphandre(host, sources.scaphandre);
  await source.open();
  const read = async (next: string) => {
    server.answer = next;
    host.clock.advance(1);
    const readings = await source.read();
    return Object.fromEntries(readings.map((r) => [`${r.kind} ${r.device} ${r.domain}`, figure(r)]));
  };
  return { source, read };
}

describe('scaphandre', () => {
  it('reads sockets and memory by their counters, beside process lines that are broken', async () => {
    const { read } = await opened(scaphandrePage({ socket: 5e9, host: 6e9, dram: 1e9, power: 53e9 }));
    expect(
      await read(scaphandrePage({ socket: 5.0905e9, host: 6.1e9, dram: 1.0095e9, power: 100e6 })),
    ).toEqual({
      'counter package-0 package': 90.5,
      'counter package-0 dram': 9.5,
    });
  });

  it('takes the host for the platform where there is a platform counter', async () => {
    const psys = 'scaph_host_rapl_psys_microjoules 9000000000\n';
    const { read } = await opened(scaphandrePage({ socket: 5e9, host: 9e9, power: 0 }) + psys);
    expect(await read(scaphandrePage({ socket: 5.03e9, host: 9.05e9, power: 0 }) + psys)).toEqual({
      'counter host psys': 50,
      'counter package-0 package': 30,
    });
  });

  it('falls back on gauges, of which the first and the impossible are left out', async () => {
    const { read } = await opened(scaphandrePage({ power: 53e9 }));
    expect(await read(scaphandrePage({ power: 53e9 }))).toEqual({});
    expect(await read(scaphandrePage({ power: 95.5e6 }))).toEqual({ 'power package-0 package': 95.5 });
    expect(await read(scaphandrePage({ power: Number.NaN }))).toEqual({});
    expect(await read(scaphandrePage({ power: -1 }))).toEqual({});
  });

  it('leaves out a first gauge that could be true', async () => {
    const server = await servePage(scaphandrePage({ power: 4_000e6 }));
    servers.push(server);
    const { sources } = settingsSchema.parse({ sources: { scaphandre: { url: server.url } } });
    const source = scaphandre(fixtureHost({}), sources.scaphandre);
    expect(await source.probe()).toEqual({ usable: true, domains: ['package'] });
    await source.open();
    server.answer = scaphandrePage({ power: 80e6 });
    expect((await source.read()).map(figure)).toEqual([80]);
  });

  it('counts nothing over the wrap of a hardware counter', async () => {
    const { read } = await opened(scaphandrePage({ socket: 262_143_000_000, power: 0 }));
    expect(await read(scaphandrePage({ socket: 1_000_000, power: 0 }))).toEqual({
      'counter package-0 package': 0,
    });
    expect(await read(scaphandrePage({ socket: 31_000_000, power: 0 }))).toEqual({
      'counter package-0 package': 30,
    });
  });

  it('reads the host alone where it shows nothing else', async () => {
    const { read } = await opened('scaph_host_energy_microjoules 1000000\n');
    expect(await read('scaph_host_energy_microjoules 3500000\n')).toEqual({ 'counter host psys': 2.5 });
  });
});
