import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createHost, silentLogger } from '../../base/index.js';
import { settingsSchema } from '../../model/index.js';
import { fixtureHost, type Tree } from '../testing/tree.js';
import { tdp } from './tdp.js';

const cpuinfo = (count: number, fields: string, sockets = 1): string =>
  Array.from(
    { length: count },
    (_, n) =>
      `processor\t: ${n}\n${fields}physical id\t: ${n % sockets}\ncore id\t\t: ${Math.floor(n / (2 * sockets))}\n`,
  ).join('\n');

const stat = (busy: number, idle: number, count = 2): string =>
  `cpu  ${busy} 0 0 ${idle} 0 0 0 0 0 0\n${Array.from({ length: count }, (_, n) => `cpu${n} ${busy / count} 0 0 ${idle / count} 0 0 0 0 0 0\n`).join('')}btime 1700000000\n`;

/** A Firecracker machine on a fourth-generation EPYC: no DMI, no name of the model. */
const MICRO_VM: Tree = {
  'proc/cpuinfo': cpuinfo(
    2,
    'vendor_id\t: AuthenticAMD\ncpu family\t: 25\nmodel\t\t: 17\nmodel name\t: AMD EPYC\nstepping\t: 1\nflags\t\t: fpu lm hypervisor\n',
  ),
  'proc/stat': stat(0, 10_000),
};

/** A two-socket Xeon Gold 6226 on bare metal. */
const SERVER: Tree = {
  'proc/cpuinfo': cpuinfo(
    48,
    'vendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 85\nmodel name\t: Intel(R) Xeon(R) Gold 6226 CPU @ 2.70GHz\nstepping\t: 7\nflags\t\t: fpu lm\n',
    2,
  ),
  'proc/stat': stat(0, 0, 48),
  'sys/class/dmi/id/sys_vendor': 'Dell Inc.\n',
  'sys/class/dmi/id/product_name': 'PowerEdge R640\n',
};

/** A Graviton2 machine of EC2. */
const GRAVITON: Tree = {
  'proc/cpuinfo':
    'processor\t: 0\nCPU implementer\t: 0x41\nCPU architecture: 8\nCPU variant\t: 0x3\nCPU part\t: 0xd0c\nCPU revision\t: 1\n',
  'proc/stat': stat(0, 0, 1),
  'sys/class/dmi/id/sys_vendor': 'Amazon EC2\n',
  'sys/class/dmi/id/product_name': 'c6g.medium\n',
};

const settings = (tdp: object = {}) => settingsSchema.parse({ sources: { tdp } }).sources.tdp;

async function opened(tree: Tree, more: object = {}) {
  const host = fixtureHost(tree);
  const source = tdp(host, settings(more));
  await source.open();
  const joulesAfter = (seconds: number, text: string): number | undefined => {
    host.clock.advance(seconds);
    writeFileSync(join(host.root, 'proc/stat'), text);
    const [reading] = source.read();
    return reading?.kind === 'counter' ? reading.joules : undefined;
  };
  return { host, source, joulesAfter };
}

describe('tdp', () => {
  it('estimates a virtual machine by its vCPUs', async () => {
    const { source, joulesAfter } = await opened(MICRO_VM);
    expect(source).toMatchObject({ provenance: 'estimated', instant: true, uncertainty: 0.35 });
    expect(joulesAfter(10, stat(0, 12_000))).toBeCloseTo(14.78);
    expect(joulesAfter(10, stat(1_000, 13_000))).toBeCloseTo(14.78 + 30.21);
    expect(source.read()).toEqual([
      { kind: 'counter', domain: 'package', device: 'all', at: 20, joules: expect.closeTo(44.99) },
    ]);
  });

  it('estimates a server by the design power of its sockets', async () => {
    const { source, joulesAfter } = await opened(SERVER);
    expect(source.uncertainty).toBe(0.25);
    expect(joulesAfter(1, stat(0, 4_800, 48))).toBeCloseTo(30);
    expect(joulesAfter(1, stat(2_400, 7_200, 48))).toBeCloseTo(30 + 187.5);
  });

  it('does as the settings say', async () => {
    const { joulesAfter } = await opened(SERVER, { watts: 50, idle_watts: 10 });
    expect(joulesAfter(1, stat(0, 4_800, 48))).toBeCloseTo(20);
    expect(joulesAfter(1, stat(4_800, 4_800, 48))).toBeCloseTo(20 + 102);
  });

  it('says what it goes by', async () => {
    const note = async (tree: Tree, more: object = {}) => tdp(fixtureHost(tree), settings(more)).probe();
    const said = (text: RegExp) => ({
      usable: true,
      domains: ['package'],
      note: expect.stringMatching(text),
    });
    expect(await note(MICRO_VM)).toEqual(
      said(/^virtual machine: .* 2 × 0\.74 to 2\.28 W \(EPYC 4th Gen, Cloud Carbon/),
    );
    expect(await note(SERVER)).toEqual(said(/^2 × Xeon Gold 6226: 125 W by Intel's/));
    expect(await note(GRAVITON)).toEqual(said(/1 of 64 threads of Graviton2/));
    expect(await note({ 'proc/stat': stat(1, 1) })).toEqual(
      said(/default: .*median.*set sources\.tdp\.watts/),
    );
  });

  it('refuses an idle power that is not below the full one', async () => {
    const refused = { usable: false, reason: expect.stringMatching(/130 W idle are not less than/) };
    expect(await tdp(fixtureHost(SERVER), settings({ idle_watts: 130 })).probe()).toMatchObject(refused);
    await expect(tdp(fixtureHost(SERVER), settings({ idle_watts: 130 })).open()).rejects.toMatchObject({
      code: 'source_unavailable',
    });
  });

  it('needs to know how busy the processors are', async () => {
    const { 'proc/stat': _stat, ...rest } = SERVER;
    expect(await tdp(fixtureHost(rest), settings()).probe()).toMatchObject({
      usable: false,
      reason: expect.stringMatching(/proc\/stat does not tell/),
    });
  });

  it('holds the load over a half-written file, and goes on', async () => {
    const { joulesAfter } = await opened(MICRO_VM);
    expect(joulesAfter(10, stat(0, 12_000))).toBeCloseTo(14.78);
    expect(joulesAfter(1, 'cpu  12')).toBeCloseTo(14.78 + 1.48, 1);
    expect(joulesAfter(1, stat(0, 12_400))).toBeCloseTo(14.78 + 2.96, 1);
  });

  it('gives nothing before it is open and joulesAfter it is closed', async () => {
    const { source, host } = await opened(MICRO_VM);
    expect(tdp(host, settings()).read()).toEqual([]);
    await source.close();
    expect(source.read()).toEqual([]);
    await source.close();
    rmSync(host.root, { recursive: true });
  });

  it('estimates this machine while it works', async (ctx) => {
    const host = createHost({ log: silentLogger });
    const source = tdp(host, settings());
    const availability = await source.probe();
    if (!availability.usable) return ctx.skip(availability.reason);
    await source.open();
    const began = host.clock.now();
    let joules = 0;
    while (host.clock.now() - began < 0.2) {
      const [reading] = source.read();
      const next = reading?.kind === 'counter' ? reading.joules : Number.NaN;
      expect(next).toBeGreaterThanOrEqual(joules);
      joules = next;
    }
    const watts = joules / (host.clock.now() - began);
    await source.close();
    expect(watts).toBeGreaterThan(0);
    expect(watts).toBeLessThan(5_000);
  });
});
