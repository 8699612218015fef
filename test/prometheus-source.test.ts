import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createHost, createLogger, silentLogger } from '../src/base/index.js';
import { kepler } from '../src/meter/sources/kepler.js';
import { scaphandre } from '../src/meter/sources/scaphandre.js';
import {
  keplerNewPage,
  keplerOldPage,
  type PageServer,
  scaphandrePage,
  servePage,
} from '../src/meter/testing/metrics-pages.js';
import { type EnergyReading, settingsSchema } from '../src/model/index.js';

const PROMETHEUS = '/usr/bin/prometheus';
const missing = !existsSync(PROMETHEUS);

const host = createHost({ log: silentLogger });
const settings = (name: 'kepler' | 'scaphandre', more: object) =>
  settingsSchema.parse({ sources: { [name]: more } }).sources[name];

const NEW = { package: 9_000, core: 3_000, psys: 20_000 };
const OLD = { dynamic: 150, idle: 55_000, dram: 685.5 };

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const joulesOf = (readings: readonly EnergyReading[]): Record<string, number> =>
  Object.fromEntries(
    readings.map((r) => [`${r.device} ${r.domain}`, r.kind === 'counter' ? r.joules : r.watts]),
  );

describe.skipIf(missing)(`a real Prometheus${missing ? ` (no ${PROMETHEUS})` : ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'wattloop-prometheus-'));
  let pages: Record<'laptop' | 'server' | 'worker' | 'diver', PageServer>;
  let process: ChildProcess | undefined;
  let prometheus = '';

  beforeAll(async () => {
    pages = {
      laptop: await servePage(keplerNewPage(NEW)),
      server: await servePage(keplerNewPage(NEW).replaceAll('"laptop"', '"server"')),
      worker: await servePage(keplerOldPage(OLD)),
      // Prometheus rejects a whole page for one broken line, which Scaphandre's command lines can be.
      diver: await servePage(scaphandrePage({ socket: 5e9, power: 90e6 }).replace(/^.*hello.*\n/m, '')),
    };
    const job = (name: string): string =>
      `  - job_name: ${name}\n    static_configs:\n      - targets: ['${new URL(pages[name as keyof typeof pages].url).host}']\n`;
    writeFileSync(
      join(folder, 'prometheus.yml'),
      `global:\n  scrape_interval: 200ms\n  scrape_timeout: 200ms\nscrape_configs:\n${Object.keys(pages).map(job).join('')}`,
    );
    const port = await freePort();
    prometheus = `http://127.0.0.1:${port}`;
    const started = spawn(
      PROMETHEUS,
      [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    process = started;
    await new Promise<void>((resolve, reject) => {
      const lines: string[] = [];
      started.once('exit', () => reject(new Error(`prometheus ended: ${lines.join('\n')}`)));
      createInterface({ input: started.stderr }).on('line', (line) => {
        lines.push(line);
        if (line.includes('Server is ready')) resolve();
      });
    });
  });

  afterAll(async () => {
    const running = process;
    if (running && running.exitCode === null) {
      const ended = new Promise((resolve) => running.once('exit', resolve));
      running.kill('SIGTERM');
      await ended;
    }
    await Promise.all(Object.values(pages ?? {}).map((page) => page.close()));
    rmSync(folder, { recursive: true, force: true });
  });

  /** Prometheus scrapes on its own time. */
  const eventually = <T>(check: () => Promise<T>): Promise<T> =>
    vi.waitFor(check, { timeout: 20_000, interval: 100 });

  it("gives Kepler's energies since open, of the node that is asked for", async () => {
    const instance = 'node_name="laptop"';
    const source = kepler(host, settings('kepler', { prometheus, instance }));
    await eventually(() => source.open());
    pages.laptop.answer = keplerNewPage({ package: 9_042.5, core: 3_010, psys: 20_050 });
    await eventually(async () => {
      expect(joulesOf(await source.read())).toEqual({
        'package-0 package': 42.5,
        'package-0 core': 10,
        'psys psys': 50,
      });
    });
    const before = host.clock.now();
    const [reading] = await source.read();
    expect(reading?.at).toBeLessThanOrEqual(host.clock.now());
    // It was scraped within the scrape interval and not just now, nor minutes ago.
    expect(before - (reading?.at ?? 0)).toBeLessThan(10);
    await source.close();
  });

  it('never goes back in time however often it is asked, and warns of nothing', async () => {
    const lines: string[] = [];
    const loud = createHost({ log: createLogger('debug', (line) => lines.push(line)) });
    const source = kepler(loud, settings('kepler', { prometheus, instance: 'node_name="laptop"' }));
    await eventually(() => source.open());
    const times: (number | undefined)[] = [];
    for (let i = 0; i < 20; i++) {
      const readings = await source.read();
      expect(readings).toHaveLength(3);
      times.push(readings[0]?.at);
    }
    expect(times).toEqual([...times].sort((a, b) => (a ?? 0) - (b ?? 0)));
    expect(lines).toEqual([]);
  });

  it('counts nothing over a restart of Kepler, and goes on', async () => {
    const { host: instance } = new URL(pages.server.url);
    const page = (joules: number): string =>
      keplerNewPage({ ...NEW, package: joules }).replaceAll('"laptop"', '"server"');
    const source = kepler(host, settings('kepler', { prometheus, instance }));
    await eventually(() => source.open());
    const energy = async (): Promise<number | undefined> =>
      joulesOf(await source.read())['package-0 package'];
    for (const [total, sum] of [
      [9_100, 100],
      [7, 100],
      [12, 105],
    ] as const) {
      pages.server.answer = page(total);
      // Seen by two scrapes, it is stored by one of them at least: the restart must not pass unseen.
      const { requests } = pages.server;
      await eventually(async () => expect(pages.server.requests).toBeGreaterThan(requests + 1));
      await eventually(async () => expect(await energy()).toBe(sum));
    }
    await source.close();
  });

  it('reads names before 0.10, whose own instance label Prometheus renames', async () => {
    const source = kepler(host, settings('kepler', { prometheus, instance: 'exported_instance="worker-1"' }));
    await eventually(() => source.open());
    pages.worker.answer = keplerOldPage({ dynamic: 160, idle: 55_090, dram: 690.5 });
    await eventually(async () => {
      expect(joulesOf(await source.read())).toMatchObject({ 'package-0 package': 100, 'package-0 dram': 5 });
    });
  });

  it('does not choose among nodes, and says what would', async () => {
    await eventually(async () => {
      expect(await kepler(host, settings('kepler', { prometheus })).probe()).toMatchObject({
        usable: false,
        reason: expect.stringMatching(/3 nodes: .*laptop/),
        remedy: expect.stringMatching(/sources\.kepler\.instance/),
      });
    });
  });

  it("gives Scaphandre's energies", async () => {
    const source = scaphandre(host, settings('scaphandre', { prometheus }));
    await eventually(() => source.open());
    expect(source).toMatchObject({ interval: 5, provenance: 'measured' });
    pages.diver.answer = scaphandrePage({ socket: 5.03e9, power: 90e6 }).replace(/^.*hello.*\n/m, '');
    await eventually(async () => {
      expect(joulesOf(await source.read())).toEqual({ 'package-0 package': expect.closeTo(30) });
    });
  });

  it('says what Prometheus says of a wrong selector, and of none that it knows', async () => {
    const probe = (instance: string) => kepler(host, settings('kepler', { prometheus, instance })).probe();
    expect(await probe('node_name="a')).toMatchObject({
      usable: false,
      reason: expect.stringMatching(/status 400: .*parse error|bad_data/),
    });
    expect(await probe('no"such\\node')).toMatchObject({
      usable: false,
      reason: expect.stringMatching(/no energy of a node/),
    });
  });
});
