import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixtureHost, type Tree } from '../testing/tree.js';
import { rapl } from './rapl.js';

const zone = (path: string, name: string, energy: number | string, range = 262_143_328_850): Tree => ({
  [`sys/class/powercap/${path}/name`]: `${name}\n`,
  [`sys/class/powercap/${path}/energy_uj`]: `${energy}\n`,
  [`sys/class/powercap/${path}/max_energy_range_uj`]: `${range}\n`,
});

/** Two Xeon Gold 6226 sockets with memory, as Linux 5.15 lists them. */
const XEON_TWO_SOCKETS: Tree = {
  ...zone('intel-rapl:0', 'package-0', 1_000_000),
  ...zone('intel-rapl:0:0', 'dram', 500_000, 65_712_999_613),
  ...zone('intel-rapl:1', 'package-1', 2_000_000),
  ...zone('intel-rapl:1:0', 'dram', 700_000, 65_712_999_613),
};

/** A Tiger Lake laptop: platform zone, core and uncore, and the package once more by MMIO. */
const LAPTOP: Tree = {
  ...zone('intel-rapl:0', 'package-0', 10_000_000),
  ...zone('intel-rapl:0:0', 'core', 4_000_000),
  ...zone('intel-rapl:0:1', 'uncore', 1_000_000),
  ...zone('intel-rapl:1', 'psys', 50_000_000),
  ...zone('intel-rapl-mmio:0', 'package-0', 10_000_100),
};

/** An EPYC 7543: package and core only, subzones shown inside the package folder alone. */
const EPYC: Tree = {
  ...zone('intel-rapl:0', 'package-0', 5_000_000, 65_532_610_987),
  ...zone('intel-rapl:0/intel-rapl:0:0', 'core', 900_000, 65_532_610_987),
};

const set = (root: string, path: string, energy: string | number): void =>
  writeFileSync(join(root, 'sys/class/powercap', path, 'energy_uj'), `${energy}\n`);

async function opened(tree: Tree) {
  const host = fixtureHost(tree);
  const source = rapl(host);
  await source.open();
  const joules = () =>
    Object.fromEntries(
      source.read().map((r) => [`${r.device} ${r.domain}`, r.kind === 'counter' ? r.joules : Number.NaN]),
    );
  return { host, source, joules };
}

describe('rapl', () => {
  it('reads every package and its memory on a two-socket server', async () => {
    const { host, joules } = await opened(XEON_TWO_SOCKETS);
    host.clock.advance(1);
    set(host.root, 'intel-rapl:0', 91_000_000);
    set(host.root, 'intel-rapl:1:0', 3_700_000);
    expect(joules()).toEqual({
      'package-0 package': 90,
      'package-0 dram': 0,
      'package-1 package': 0,
      'package-1 dram': 3,
    });
  });

  it('names core, uncore and psys, and does not count the MMIO twin of a package', async () => {
    const { joules } = await opened(LAPTOP);
    expect(Object.keys(joules()).sort()).toEqual([
      'package-0 core',
      'package-0 package',
      'package-0 uncore',
      'psys psys',
    ]);
  });

  it('reads the package by MMIO where that is the only way', async () => {
    const { joules } = await opened(zone('intel-rapl-mmio:0', 'package-0', 1));
    expect(joules()).toEqual({ 'package-0 package': 0 });
  });

  it('finds subzones that are listed only inside their package', async () => {
    const source = rapl(fixtureHost(EPYC));
    expect(await source.probe()).toEqual({ usable: true, domains: ['package', 'core'] });
  });

  it('undoes a wrap by the range of the zone itself', async () => {
    const { host, joules } = await opened({
      ...zone('intel-rapl:0', 'package-0', 999_000_000, 1_000_000_000),
    });
    host.clock.advance(1);
    set(host.root, 'intel-rapl:0', 4_000_000);
    expect(joules()).toEqual({ 'package-0 package': 5 });
  });

  it('takes a jump backwards that no consumption explains for a reset, not for a wrap', async () => {
    const { host, joules } = await opened({ ...zone('intel-rapl:0', 'package-0', 50_000_000) });
    host.clock.advance(1);
    set(host.root, 'intel-rapl:0', 1_000_000);
    expect(joules()).toEqual({ 'package-0 package': 0 });
    set(host.root, 'intel-rapl:0', 3_000_000);
    expect(joules()).toEqual({ 'package-0 package': 2 });
  });

  it.each(['', 'garbage', '-5', '12e3', '999999999999999999999'])(
    'leaves out a zone that says %j and goes on with the others',
    async (text) => {
      const { host, joules } = await opened(XEON_TWO_SOCKETS);
      set(host.root, 'intel-rapl:0', text);
      expect(Object.keys(joules())).toEqual(['package-0 dram', 'package-1 package', 'package-1 dram']);
      set(host.root, 'intel-rapl:0', 2_000_000);
      expect(joules()).toMatchObject({ 'package-0 package': 1 });
    },
  );

  it('keeps integers that a double would lose', async () => {
    const huge = 9_007_199_254_740_993n;
    const { host, joules } = await opened({ ...zone('intel-rapl:0', 'package-0', String(huge), 2 ** 60) });
    set(host.root, 'intel-rapl:0', String(huge + 1_000_001n));
    expect(joules()).toEqual({ 'package-0 package': 1.000001 });
  });

  it('goes on without a zone that can not be read, and takes it up when it comes back', async () => {
    const energy = 'sys/class/powercap/intel-rapl:1/energy_uj';
    const { [energy]: _gone, ...tree } = XEON_TWO_SOCKETS;
    const { host, joules } = await opened(tree);
    expect(Object.keys(joules())).toEqual(['package-0 package', 'package-0 dram', 'package-1 dram']);
    set(host.root, 'intel-rapl:1', 7_000_000);
    host.clock.advance(1.5);
    expect(joules()).toMatchObject({ 'package-1 package': 0 });
    set(host.root, 'intel-rapl:1', 8_000_000);
    expect(joules()).toMatchObject({ 'package-1 package': 1 });
  });

  it('explains a virtual machine, an ARM board and a missing driver', async () => {
    const why = async (tree: Tree) => rapl(fixtureHost(tree)).probe();
    expect(await why({ 'proc/cpuinfo': 'flags\t\t: fpu hypervisor sse\n' })).toMatchObject({
      usable: false,
      reason: expect.stringMatching(/virtual machine/),
    });
    expect(await why({ 'proc/cpuinfo': 'CPU implementer\t: 0x41\n' })).toMatchObject({
      usable: false,
      reason: expect.stringMatching(/ARM/),
    });
    expect(await why({ 'proc/cpuinfo': 'flags\t\t: fpu\n' })).toMatchObject({
      usable: false,
      remedy: expect.stringMatching(/modprobe intel_rapl_msr/),
    });
  });

  it('refuses to open where there is nothing, saying what would help', async () => {
    await expect(rapl(fixtureHost({})).open()).rejects.toMatchObject({ code: 'source_unavailable' });
  });
});
