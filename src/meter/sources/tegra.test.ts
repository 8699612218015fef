import { type ChildProcess, spawn as nodeSpawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createLogger, type ManualClock } from '../../base/index.js';
import type { EnergyReading } from '../../model/index.js';
import { parseRails, type Spawn } from '../tegra/tegrastats.js';
import { asNobody, canBeNobody } from '../testing/nobody.js';
import { fixtureHost, type Tree } from '../testing/tree.js';
import { tegra } from './tegra.js';

const IIO = 'sys/bus/i2c/drivers/ina3221x';
const HWMON = 'sys/bus/i2c/drivers/ina3221';

/** A chip as NVIDIA's driver shows it: power in mW, and an alias of the folder beside it. */
function iioChip(address: string, number: number, rails: Readonly<Record<string, number>>): Tree {
  const folder = `${IIO}/${address}/iio:device${number}`;
  return {
    [`${IIO}/${address}/iio_device`]: { link: `iio:device${number}` },
    ...Object.fromEntries(
      Object.entries(rails).flatMap(([rail, milliwatts], channel) => [
        [`${folder}/rail_name_${channel}`, `${rail}\n`],
        [`${folder}/in_power${channel}_input`, `${milliwatts}\n`],
      ]),
    ),
  };
}

/** A chip as the kernel's driver shows it: mV and mA, then the shunts and their sum on higher channels. */
function hwmonChip(address: string, number: number, rails: Readonly<Record<string, [number, number]>>): Tree {
  const folder = `${HWMON}/${address}/hwmon/hwmon${number}`;
  return {
    [`${folder}/name`]: 'ina3221\n',
    [`${folder}/in4_input`]: '1\n',
    [`${folder}/in7_label`]: 'sum of shunt voltages\n',
    [`${folder}/in7_input`]: '3\n',
    ...Object.fromEntries(
      Object.entries(rails).flatMap(([rail, [millivolts, milliamperes]], index) => [
        [`${folder}/in${index + 1}_label`, `${rail}\n`],
        [`${folder}/in${index + 1}_input`, `${millivolts}\n`],
        [`${folder}/curr${index + 1}_input`, `${milliamperes}\n`],
      ]),
    ),
  };
}

const TX2: Tree = {
  ...iioChip('0-0040', 0, { VDD_SYS_GPU: 152, VDD_SYS_SOC: 458, VDD_4V0_WIFI: 19 }),
  ...iioChip('0-0041', 1, { VDD_IN: 1835, VDD_SYS_CPU: 305, VDD_SYS_DDR: 191 }),
  ...iioChip('0-0042', 2, { VDD_MUX: 4200, VDD_5V0_IO_SYS: 800, VDD_3V3_SYS: 300 }),
};
const AGX_XAVIER: Tree = {
  ...iioChip('1-0040', 0, { GPU: 310, CPU: 620, SOC: 930 }),
  ...iioChip('1-0041', 1, { CV: 0, VDDRQ: 155, SYS5V: 1485 }),
};
const AGX_ORIN: Tree = {
  ...hwmonChip('1-0040', 3, {
    VDD_GPU_SOC: [19_000, 160],
    VDD_CPU_CV: [19_000, 40],
    VIN_SYS_5V0: [4_968, 953],
  }),
  ...hwmonChip('1-0041', 4, { NC: [0, 0], VDDQ_VDD2_1V8AO: [4_968, 100] }),
};
const ORIN_NANO: Tree = hwmonChip('1-0040', 1, {
  VDD_IN: [5_016, 900],
  VDD_CPU_GPU_CV: [5_016, 200],
  VDD_SOC: [5_016, 250],
});

const byDomain = (readings: readonly EnergyReading[]) =>
  Object.fromEntries(readings.map((r) => [`${r.device} ${r.domain}`, r.kind === 'power' ? r.watts : r.kind]));

async function opened(tree: Tree) {
  const lines: string[] = [];
  const host = fixtureHost(tree, { log: createLogger('warn', (line) => lines.push(line)) });
  const source = tegra(host);
  await source.open();
  const figures = async () => byDomain(await source.read());
  const set = (path: string, text: string): void => writeFileSync(join(host.root, path), `${text}\n`);
  return { host, source, figures, set, lines };
}

describe('tegra by sysfs', () => {
  it('reads a TX2 by the old driver: the module, the chip without its GPU, the GPU and the memory', async () => {
    const { source, figures } = await opened(TX2);
    expect(source.instant).toBe(true);
    expect(await figures()).toEqual({
      'module system': 1.835,
      'package-0 package': 0.763,
      'gpu-0 gpu': 0.152,
      'memory-0 dram': 0.191,
    });
    expect(await source.probe()).toMatchObject({ usable: true, note: /left out:.*VDD_4V0_WIFI.*VDD_MUX/ });
  });

  it('adds all that enters an AGX Xavier, which has no rail for it', async () => {
    const { figures } = await opened(AGX_XAVIER);
    expect(await figures()).toEqual({
      'module system': 3.5,
      'package-0 package': 1.55,
      'gpu-0 gpu': 0.31,
      'memory-0 dram': 0.155,
    });
  });

  it('reads an AGX Orin by voltages and currents, and does not make up what enters the module', async () => {
    const { figures } = await opened(AGX_ORIN);
    expect(await figures()).toEqual({
      'package-0 package': 0.76,
      'gpu-0 gpu': 3.04,
      'memory-0 dram': 0.4968,
    });
  });

  it('reads an Orin Nano, whose processor and GPU share a rail', async () => {
    const { figures } = await opened(ORIN_NANO);
    expect(await figures()).toEqual({ 'module system': 4.5144, 'package-0 package': 2.2572 });
  });

  it.each(['', 'EIO', '5016.2', '9999999999'])(
    'leaves out the domains of a rail that says %j',
    async (text) => {
      const { figures, set, lines } = await opened(ORIN_NANO);
      set(`${HWMON}/1-0040/hwmon/hwmon1/in3_input`, text);
      expect(await figures()).toEqual({ 'module system': 4.5144 });
      expect(lines).toHaveLength(1);
      set(`${HWMON}/1-0040/hwmon/hwmon1/in3_input`, '5016');
      expect(Object.keys(await figures())).toHaveLength(2);
    },
  );

  it('takes a slightly negative current for none', async () => {
    const { figures, set } = await opened(ORIN_NANO);
    set(`${HWMON}/1-0040/hwmon/hwmon1/curr3_input`, '-8');
    expect(await figures()).toMatchObject({ 'package-0 package': 1.0032 });
  });

  it('does without a rail that is not there from the start', async () => {
    const { [`${IIO}/1-0041/iio:device1/in_power1_input`]: _gone, ...tree } = AGX_XAVIER;
    const { figures } = await opened(tree);
    expect(Object.keys(await figures())).toEqual(['package-0 package', 'gpu-0 gpu']);
  });

  it('does not know the rails of any other board', async () => {
    const source = tegra(fixtureHost(hwmonChip('2-0040', 0, { ARM: [5000, 10], ETH: [3300, 20] })));
    expect(await source.probe()).toMatchObject({ usable: false, reason: /not known.*: ARM, ETH/ });
    await expect((async () => source.open())()).rejects.toMatchObject({ code: 'source_unavailable' });
  });

  it('says how to get at rails that only root may read', async (ctx) => {
    if (!canBeNobody) ctx.skip('needs root, to become another user');
    const folder = `${IIO}/6-0040/iio:device0`;
    const host = fixtureHost({
      [`${folder}/rail_name_0`]: 'POM_5V_IN\n',
      [`${folder}/in_power0_input`]: { text: '1532\n', mode: 0o400 },
    });
    const found = await asNobody(host.root, () => tegra(host).probe());
    expect(found).toMatchObject({ usable: false, reason: /denied.*POM_5V_IN/, remedy: /chmod/ });
  });
});

describe('parseRails', () => {
  it.each([
    [
      'JetPack 5 on an AGX Orin',
      '11-21-2025 08:49:48 RAM 13983/62780MB (lfb 424x4MB) SWAP 126/31390MB (cached 0MB) CPU [90%@2201,0%@2201] ' +
        'EMC_FREQ 1%@2133 GR3D_FREQ 14%@[407,407] VIC_FREQ 115 APE 174 CV0@73.625C CPU@77.281C tj@77.281C ' +
        'VDD_GPU_SOC 3150mW/2971mW VDD_CPU_CV 14312mW/12415mW VIN_SYS_5V0 4968mW/5048mW VDDQ_VDD2_1V8AO 1091mW/1090mW',
      { VDD_GPU_SOC: 3.15, VDD_CPU_CV: 14.312, VIN_SYS_5V0: 4.968, VDDQ_VDD2_1V8AO: 1.091 },
    ],
    [
      'JetPack 4 on a Nano',
      'RAM 1215/3964MB (lfb 100x4MB) IRAM 0/252kB(lfb 252kB) CPU [8%@102,off] EMC_FREQ 0% PLL@25C CPU@27.5C ' +
        'PMIC@100C GPU@27C AO@36C thermal@27.25C POM_5V_IN 1532/1520 POM_5V_GPU 40/41 POM_5V_CPU 200/201',
      { POM_5V_IN: 1.532, POM_5V_GPU: 0.04, POM_5V_CPU: 0.2 },
    ],
    ['a line without rails', 'RAM 1215/3964MB CPU [8%@102]', {}],
    ['garbage', 'VDD_IN mW/4480mW VDD_IN 12/ VDD_IN -3mW/4mW', {}],
  ])('reads %s', (_what, line, rails) => {
    expect(Object.fromEntries(parseRails(line))).toEqual(rails);
  });
});

const started: ChildProcess[] = [];
afterEach(() => {
  // Whatever a failed test left running.
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** A program in place of tegrastats, in a live host's eyes. */
function standIn(script: string) {
  const command = join(mkdtempSync(join(tmpdir(), 'wattloop-tegrastats-')), 'tegrastats');
  writeFileSync(command, `#!/bin/sh\n${script}\n`);
  chmodSync(command, 0o755);
  const children: ChildProcess[] = [];
  const spawn: Spawn = (...args) => {
    const child = nodeSpawn(...args);
    children.push(child);
    started.push(child);
    return child;
  };
  const host = { ...fixtureHost({}), live: true };
  return { host, clock: host.clock as ManualClock, children, source: tegra(host, { command, spawn }) };
}

describe('tegra by tegrastats', () => {
  const XAVIER_NX = 'VDD_IN 4512mW/4480mW VDD_CPU_GPU_CV 1001mW/990mW VDD_SOC 900mW/890mW';

  it('reads the present power of each rail, and ends the program when closed', async () => {
    const { source, children } = standIn(`echo '${XAVIER_NX}'; exec sleep 600`);
    await source.open();
    expect(source.instant).toBe(false);
    expect(byDomain(await source.read())).toEqual({
      'module system': 4.512,
      'package-0 package': expect.closeTo(1.901),
    });
    await source.close();
    expect(children.map((child) => child.signalCode)).toEqual(['SIGTERM']);
    expect(await source.read()).toEqual([]);
  });

  it('leaves no program behind after a probe', async () => {
    const { source, children } = standIn(`echo '${XAVIER_NX}'; exec sleep 600`);
    expect(await source.probe()).toMatchObject({ usable: true, domains: ['system', 'package'] });
    expect(children.map((child) => child.signalCode)).toEqual(['SIGTERM']);
  });

  it('asks again for a fresh line, and does not pass off an old one', async () => {
    const { source, clock } = standIn(`echo '${XAVIER_NX}'; exec sleep 600`);
    await source.open();
    clock.advance(10);
    const late = source.read() as Promise<EnergyReading[]>;
    const refused = expect(late).rejects.toMatchObject({ code: 'instrument_failed', message: /within 3 s/ });
    clock.advance(3);
    await refused;
    await source.close();
  });

  it('starts the program anew after it died', async () => {
    const { source, children } = standIn(`echo '${XAVIER_NX}'; exec sleep 600`);
    await source.open();
    const [first] = children;
    first?.kill('SIGKILL');
    if (first) await once(first, 'exit');
    expect(byDomain(await source.read())).toMatchObject({ 'module system': 4.512 });
    expect(children).toHaveLength(2);
    await source.close();
  });

  it('says how the program failed', async () => {
    const { source } = standIn('exit 3');
    expect(await source.probe()).toMatchObject({ usable: false, reason: /exit status 3/ });
    await expect(source.open()).rejects.toMatchObject({ code: 'instrument_failed' });
  });

  it('says that this is no Jetson, or what a Jetson lacks', async () => {
    const command = 'wattloop-no-such-tegrastats';
    const probe = (tree: Tree) => tegra({ ...fixtureHost(tree), live: true }, { command }).probe();
    expect(await probe({})).toMatchObject({ usable: false, reason: /no NVIDIA Jetson/ });
    expect(await probe({ 'proc/device-tree/model': 'NVIDIA Jetson Orin Nano\0' })).toMatchObject({
      reason: /no such program/,
      remedy: /nvidia-l4t-tools/,
    });
  });

  it('does not take this machine for the one in a fixture', async () => {
    const source = tegra(fixtureHost({}), { command: 'true' });
    expect(await source.probe()).toMatchObject({ usable: false, reason: /no INA3221/ });
  });
});
