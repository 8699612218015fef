import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../../base/index.js';
import { asNobody, canBeNobody } from '../testing/nobody.js';
import { fixtureHost, type Tree } from '../testing/tree.js';
import { type HwmonOptions, hwmon } from './hwmon.js';

/** Files of one chip, by attribute. */
function chip(number: number, files: Readonly<Record<string, string | number>>): Tree {
  return Object.fromEntries(
    Object.entries(files).map(([file, text]) => [`sys/class/hwmon/hwmon${number}/${file}`, `${text}\n`]),
  );
}

const cpu = (number: number, socket: number): Tree => ({
  [`sys/devices/system/cpu/cpu${number}/topology/physical_package_id`]: `${socket}\n`,
});

const amdEnergy = (labels: readonly string[]): Record<string, string | number> =>
  Object.fromEntries(
    labels.flatMap((label, index) => [
      [`energy${index + 1}_label`, label],
      [`energy${index + 1}_input`, (index + 1) * 1_000_000],
    ]),
  );

/** Two EPYC 7252 sockets of two cores each with amd_energy: cores first, then sockets by NUMA node. */
const EPYC: Tree = {
  ...chip(0, { name: 'k10temp', temp1_input: 40_000 }),
  ...chip(1, {
    name: 'amd_energy',
    ...amdEnergy(['Ecore000', 'Ecore001', 'Ecore002', 'Ecore003', 'Esocket0', 'Esocket1']),
  }),
  ...cpu(0, 0),
  ...cpu(1, 0),
  ...cpu(2, 1),
  ...cpu(3, 1),
  'sys/devices/system/node/node0/cpulist': '0-1,4-5\n',
  'sys/devices/system/node/node1/cpulist': '2-3,6-7\n',
};

/** An NVIDIA GH200: ACPI meters, told apart by what the vendor wrote, with attributes in the parent's folder. */
const acpiMeter = (number: number, label: string, microwatts: number): Tree =>
  chip(number, {
    name: 'power_meter',
    'device/power1_average': microwatts,
    'device/power1_average_interval': 1000,
    'device/power1_oem_info': label,
  });
const GRACE: Tree = {
  ...acpiMeter(1, 'Module Power Socket 0', 350_000_000),
  ...acpiMeter(2, 'Grace Power Socket 0', 120_000_000),
  ...acpiMeter(3, 'CPU Power Socket 0', 70_000_000),
  ...acpiMeter(4, 'SysIO Power Socket 0', 30_000_000),
};

/** An IBM AC922, as its OPAL firmware names things: energies and powers of the same parts. */
const POWER9: Tree = chip(0, {
  name: 'ibmpowernv',
  power1_label: 'Chip 0 ',
  power1_input: 157_000_000,
  power2_label: 'Chip 0 Vdd',
  power2_input: 113_000_000,
  power4_label: 'Chip 8 ',
  power4_input: 99_000_000,
  power7_label: 'System',
  power7_input: 426_000_000,
  energy1_label: 'Chip 0 ',
  energy1_input: 7_510_000_000,
  energy2_label: 'Chip 0 Vdd',
  energy2_input: 2_680_000_000,
  energy3_label: 'Chip 0 Vdn',
  energy3_input: 307_100_000,
  energy4_label: 'Chip 8 ',
  energy4_input: 5_090_000_000,
  energy7_label: 'System',
  energy7_input: 21_290_000_000,
  energy8_label: 'APSS 1 ',
  energy8_input: 5_980_000_000,
});

/** A Ryzen laptop with a second card: the APU's sensor covers the cores, the card's does not; and a battery. */
const RYZEN_LAPTOP: Tree = {
  ...chip(0, { name: 'BAT0', in0_input: 12_000, curr1_input: 900, power1_input: 10_800_000 }),
  ...chip(3, { name: 'amdgpu', in1_label: 'vddnb', power1_label: 'PPT', power1_input: 14_000_000 }),
  ...chip(10, { name: 'amdgpu', in0_label: 'vddgfx', power1_label: 'PPT', power1_average: 31_000_000 }),
};

function world(tree: Tree, options: HwmonOptions = {}) {
  const lines: string[] = [];
  const host = fixtureHost(tree, { log: createLogger('warn', (line) => lines.push(line)) });
  const source = hwmon(host, options);
  const set = (path: string, value: number | string): void =>
    writeFileSync(join(host.root, 'sys/class/hwmon', path), `${value}\n`);
  const figures = () =>
    Object.fromEntries(
      source
        .read()
        .map((r) => [`${r.device} ${r.domain}`, r.kind === 'counter' ? `${r.joules} J` : `${r.watts} W`]),
    );
  return { host, source, set, figures, lines };
}

async function opened(tree: Tree, options?: HwmonOptions) {
  const here = world(tree, options);
  await here.source.open();
  return here;
}

describe('hwmon on servers', () => {
  it('reads amd_energy: packages by their own counters, cores added up per package', async () => {
    const { set, figures } = await opened(EPYC);
    set('hwmon1/energy1_input', 1_000_000 + 2_000_000);
    set('hwmon1/energy2_input', 2_000_000 + 3_000_000);
    set('hwmon1/energy4_input', 4_000_000 + 500_000);
    set('hwmon1/energy5_input', 5_000_000 + 20_000_000);
    expect(figures()).toEqual({
      'package-0 package': '20 J',
      'package-1 package': '0 J',
      'package-0 core': '5 J',
      'package-1 core': '0.5 J',
    });
  });

  it('counts a package once where several NUMA nodes show its counter', async () => {
    const { figures } = await opened({
      ...EPYC,
      ...cpu(2, 0),
      ...cpu(3, 0),
    });
    expect(Object.keys(figures())).toEqual(['package-0 package', 'package-0 core']);
  });

  it('does not say which package cores belong to where it can not know', async () => {
    const { source } = world(
      chip(0, { name: 'amd_energy', ...amdEnergy(['Ecore000', 'Esocket0', 'Esocket1']) }),
    );
    expect(await source.probe()).toMatchObject({ domains: ['package'], note: /Ecore000/ });
  });

  it('keeps what an offline core has used, and never counts backwards', async () => {
    const { host, set, figures } = await opened(EPYC);
    set('hwmon1/energy1_input', 4_000_000);
    expect(figures()).toMatchObject({ 'package-0 core': '3 J' });
    set('hwmon1/energy1_input', '');
    set('hwmon1/energy2_input', 3_000_000);
    host.clock.advance(2);
    expect(figures()).toMatchObject({ 'package-0 core': '4 J' });
  });

  it('takes a smaller value for a restarted counter and goes on from there', async () => {
    const { set, figures, lines } = await opened(EPYC);
    set('hwmon1/energy5_input', 10);
    expect(figures()).toMatchObject({ 'package-0 package': '0 J' });
    set('hwmon1/energy5_input', 1_000_010);
    expect(figures()).toMatchObject({ 'package-0 package': '1 J' });
    expect(lines.join('')).toMatch(/began anew/);
  });

  it('tells the ACPI meters of NVIDIA Grace apart, and leaves out parts of what it counts', async () => {
    const { source, figures } = await opened(GRACE);
    expect(figures()).toEqual({ 'package-0 package': '120 W', 'package-0 core': '70 W' });
    expect(await source.probe()).toMatchObject({ note: /SysIO Power Socket 0 \(a part of the socket\)/ });
  });

  it('takes an unlabelled ACPI meter for the whole machine, and only the first of two', async () => {
    const meter = (microwatts: number) => ({ name: 'power_meter', power1_average: microwatts });
    const { figures } = await opened({ ...chip(2, meter(210_000_000)), ...chip(10, meter(55_000_000)) });
    expect(figures()).toEqual({ 'power_meter system': '210 W' });
  });

  it('prefers the energies of OPAL to its powers and does not count a part twice', async () => {
    const { set, figures } = await opened(POWER9);
    set('hwmon0/energy4_input', 5_090_000_000 + 7_000_000);
    expect(figures()).toEqual({
      'system system': '0 J',
      'package-0 package': '0 J',
      'package-8 package': '7 J',
      'package-0 core': '0 J',
    });
  });

  it('adds the two rails of an X-Gene, and leaves both out when one is silent', async () => {
    const { host, set, figures } = await opened(
      chip(0, {
        name: 'apm_xgene',
        power1_label: 'CPU power',
        power1_input: 14_760_000,
        power2_label: 'IO power',
        power2_input: 31_000_000,
      }),
    );
    expect(figures()).toEqual({ 'package-0 package': '45.76 W' });
    set('hwmon0/power2_input', 'garbage');
    expect(figures()).toEqual({});
    set('hwmon0/power2_input', 30_000_000);
    host.clock.advance(1);
    expect(figures()).toEqual({ 'package-0 package': '44.76 W' });
  });

  it('gives each power supply, and does not take the meter for a third', async () => {
    const supply = (microwatts: number) => ({
      name: 'cffps2',
      power1_label: 'pin',
      power1_input: microwatts,
      power2_label: 'pout1',
      power2_input: microwatts - 10_000_000,
    });
    const pair = { ...chip(1, supply(200_000_000)), ...chip(2, supply(180_000_000)) };
    expect((await opened(pair)).figures()).toEqual({
      'cffps2-0 system': '200 W',
      'cffps2-1 system': '180 W',
    });
    const both = await opened({ ...pair, ...chip(0, { name: 'power_meter', power1_average: 370_000_000 }) });
    expect(both.figures()).toEqual({ 'power_meter system': '370 W' });
  });
});

describe('hwmon on desktops and boards', () => {
  it('knows an APU, whose sensor covers the cores, from a card; and leaves the battery alone', async () => {
    const { source, figures } = await opened(RYZEN_LAPTOP);
    expect(figures()).toEqual({ 'package-0 package': '14 W', 'amdgpu-1 gpu': '31 W' });
    expect(await source.probe()).toEqual({ usable: true, domains: ['package', 'gpu'] });
  });

  it('lets a sleeping card sleep', async () => {
    const status = 'hwmon10/device/power/runtime_status';
    const { set, figures } = await opened({ ...RYZEN_LAPTOP, [`sys/class/hwmon/${status}`]: 'suspended\n' });
    expect(figures()).toEqual({ 'package-0 package': '14 W' });
    set(status, 'active');
    expect(figures()).toMatchObject({ 'amdgpu-1 gpu': '31 W' });
  });

  it('reads the card counter of Intel graphics and not its parts, beside another card', async () => {
    const { set, figures } = await opened({
      ...chip(1, {
        name: 'xe',
        energy1_label: 'card',
        energy1_input: 1_000_000,
        energy2_label: 'pkg',
        energy2_input: 900_000,
      }),
      ...chip(2, { name: 'i915', energy1_input: 5, power1_max: 190_000_000 }),
      ...chip(3, { name: 'i915_gt0', energy1_input: 4 }),
    });
    set('hwmon1/energy1_input', 43_000_000);
    expect(figures()).toEqual({ 'xe-0 gpu': '42 J', 'i915-0 gpu': '0 J' });
  });

  it('reads the cores of a Zen processor by zenpower', async () => {
    const { figures } = await opened(
      chip(4, {
        name: 'zenpower',
        power1_label: 'SVI2_P_Core',
        power1_input: 40_000_000,
        power2_label: 'SVI2_P_SoC',
        power2_input: 5_000_000,
      }),
    );
    expect(figures()).toEqual({ 'package-0 core': '40 W' });
  });

  it('uses a board sensor that is labelled, and does not guess at one that is not', async () => {
    const { source, figures } = await opened({
      ...chip(0, { name: 'ina226', label: 'vdd_cpu', power1_input: 3_000_000 }),
      ...chip(1, { name: 'ina226', power1_input: 9_000_000 }),
      ...chip(2, { name: 'ltc2945', power1_input: 8_000_000 }),
    });
    expect(figures()).toEqual({ 'board core': '3 W' });
    expect(await source.probe()).toMatchObject({
      note: 'left out: ina226/power1, ltc2945/power1 (nothing says what it measures)',
    });
  });

  it('believes the user about a sensor', async () => {
    const tree = chip(0, { name: 'ltc2945', power1_input: 8_000_000 });
    const { figures } = await opened(tree, { sensors: ['ltc2945/power1=system'] });
    expect(figures()).toEqual({ 'ltc2945-0-power1 system': '8 W' });
  });

  it('leaves the INA3221 of a Jetson to the tegra source', async () => {
    const { source } = world(
      chip(3, {
        name: 'ina3221',
        in1_label: 'VDD_IN',
        in1_input: 5000,
        curr1_input: 900,
        power1_input: 4_500_000,
      }),
    );
    expect(await source.probe()).toMatchObject({
      usable: false,
      reason: /ina3221\/power1 \(read by the tegra/,
    });
  });
});

describe('hwmon where something is wrong', () => {
  it.each(['', 'n/a', '1e6', '-4000000', '999999999999999'])('leaves out a power of %j', async (text) => {
    const { set, figures, lines } = await opened(RYZEN_LAPTOP);
    set('hwmon3/power1_input', text);
    for (let i = 0; i < 3; i++) expect(figures()).toEqual({ 'amdgpu-1 gpu': '31 W' });
    expect(lines).toHaveLength(1);
  });

  it('names the sensors that may not be read, and goes on with the others', async (ctx) => {
    if (!canBeNobody) ctx.skip('needs root, to become another user');
    const secret = 'sys/class/hwmon/hwmon1/energy5_input';
    const { host, source } = world({ ...EPYC, [secret]: { text: '5\n', mode: 0o400 } });
    await asNobody(host.root, async () => {
      expect(await source.probe()).toMatchObject({
        usable: true,
        note: /amd_energy\/Esocket0 \(permission denied\)/,
      });
    });
  });

  it('says how to get at counters that only root may read', async (ctx) => {
    if (!canBeNobody) ctx.skip('needs root, to become another user');
    const { host, source } = world({
      ...chip(0, { name: 'amd_energy', energy1_label: 'Esocket0' }),
      'sys/class/hwmon/hwmon0/energy1_input': { text: '5\n', mode: 0o400 },
    });
    await asNobody(host.root, async () => {
      expect(await source.probe()).toMatchObject({ usable: false, reason: /denied/, remedy: /chmod a\+r/ });
      await expect(source.open()).rejects.toMatchObject({ code: 'source_unavailable' });
    });
  });

  it('explains a machine without sensors, a virtual one, and one that has none for energy', async () => {
    const why = (tree: Tree, options?: HwmonOptions) => world(tree, options).source.probe();
    expect(await why({})).toMatchObject({ usable: false, remedy: /sensors-detect/ });
    expect(await why({ 'proc/cpuinfo': 'flags\t\t: fpu hypervisor\n' })).toMatchObject({
      reason: /virtual machine/,
    });
    expect(await why(chip(0, { name: 'coretemp', temp1_input: 40_000 }))).toMatchObject({
      reason: /\(coretemp\) measures energy or power/,
    });
    expect(await why(chip(0, { name: 'ina219', power1_input: 1 }))).toMatchObject({
      remedy: /sources\.hwmon\.sensors.*"ina219\/power1=package"/,
    });
  });

  it('refuses to open where there is nothing to read', async () => {
    await expect(world({}).source.open()).rejects.toMatchObject({ code: 'source_unavailable' });
  });

  it('may be closed twice, and gives nothing afterwards', async () => {
    const { source } = await opened(EPYC);
    await source.close();
    await source.close();
    expect(source.read()).toEqual([]);
  });
});
