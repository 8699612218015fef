import { describe, expect, it } from 'vitest';
import type { PerfTarget } from '../native/perf-event.js';
import { FakePerf, systemError } from '../testing/fake-perf.js';
import { fixtureHost, type Tree } from '../testing/tree.js';
import { perfPower } from './perf-power.js';

const JOULE = 2n ** 32n;
const SCALE = '2.3283064365386962890625e-10\n';

const pmu = (name: string, type: number, cpumask: string, events: Readonly<Record<string, number>>): Tree => {
  const folder = `sys/bus/event_source/devices/${name}`;
  const tree: Record<string, string> = {
    [`${folder}/type`]: `${type}\n`,
    [`${folder}/cpumask`]: `${cpumask}\n`,
    [`${folder}/format/event`]: 'config:0-7\n',
    [`${folder}/perf_event_mux_interval_ms`]: '4\n',
  };
  for (const [event, code] of Object.entries(events)) {
    tree[`${folder}/events/${event}`] = `event=0x0${code}\n`;
    tree[`${folder}/events/${event}.unit`] = 'Joules\n';
    tree[`${folder}/events/${event}.scale`] = SCALE;
  }
  return tree;
};

const cpu = (number: number, packageId: number, dieId = 0): Tree => ({
  [`sys/devices/system/cpu/cpu${number}/topology/physical_package_id`]: `${packageId}\n`,
  [`sys/devices/system/cpu/cpu${number}/topology/die_id`]: `${dieId}\n`,
});

const AMD: Tree = { 'proc/cpuinfo': 'processor\t: 0\nvendor_id\t: AuthenticAMD\n' };
const INTEL: Tree = { 'proc/cpuinfo': 'processor\t: 0\nvendor_id\t: GenuineIntel\n' };

/** Two Xeon Gold 6226 sockets of 12 cores: counters on the first processor of each. */
const XEON: Tree = {
  ...INTEL,
  ...pmu('power', 23, '0,12', { 'energy-pkg': 2, 'energy-ram': 3 }),
  ...cpu(0, 0),
  ...cpu(12, 1),
};
/** A Tiger Lake laptop. */
const LAPTOP: Tree = {
  ...INTEL,
  ...pmu('power', 18, '0', { 'energy-cores': 1, 'energy-pkg': 2, 'energy-gpu': 4, 'energy-psys': 5 }),
  ...cpu(0, 0),
};
/** Two small EPYC sockets under kernel 6.14: package energy, and that of each core by a PMU of its own. */
const EPYC: Tree = {
  ...AMD,
  ...pmu('power', 12, '0,2', { 'energy-pkg': 2 }),
  ...pmu('power_core', 13, '0-3', { 'energy-core': 1 }),
  ...cpu(0, 0),
  ...cpu(1, 0),
  ...cpu(2, 1),
  ...cpu(3, 1),
};
/** One Genoa socket under kernel 6.10, which lists a processor for each group of cores though the register is one. */
const GENOA: Tree = {
  ...AMD,
  ...pmu('power', 12, '0,8,16,24', { 'energy-pkg': 2 }),
  ...cpu(0, 0),
  ...cpu(8, 0, 1),
  ...cpu(16, 0, 2),
  ...cpu(24, 0, 3),
};
/** A Cascade Lake AP: two dies in a package, each with registers of its own. */
const TWO_DIES: Tree = {
  ...INTEL,
  ...pmu('power', 20, '0,24', { 'energy-pkg': 2 }),
  ...cpu(0, 0, 0),
  ...cpu(24, 0, 1),
};

const cpuOf = (target: PerfTarget): number => ('cpu' in target ? target.cpu : -1);

async function opened(tree: Tree) {
  const kernel = new FakePerf();
  const host = fixtureHost(tree);
  const source = perfPower(host, kernel.openGroup);
  await source.open();
  const joules = () =>
    Object.fromEntries(
      source.read().map((r) => [`${r.device} ${r.domain}`, r.kind === 'counter' ? r.joules : Number.NaN]),
    );
  return { kernel, source, joules, host };
}

const probe = (tree: Tree, kernel = new FakePerf()) => perfPower(fixtureHost(tree), kernel.openGroup).probe();

describe('perf-power', () => {
  it('reads packages and memory of each socket on the processor that speaks for it', async () => {
    const { kernel, joules } = await opened(XEON);
    kernel.count = ({ config }, target) => ({ count: (config * 100n + BigInt(cpuOf(target))) * JOULE });
    expect(joules()).toEqual({
      'package-0 package': 200,
      'package-0 dram': 300,
      'package-1 package': 212,
      'package-1 dram': 312,
    });
    expect([...kernel.open].every(({ events }) => events[0]?.type === 23)).toBe(true);
  });

  it("calls a laptop's domains as RAPL does", async () => {
    const { joules } = await opened(LAPTOP);
    expect(Object.keys(joules()).sort()).toEqual([
      'package-0 core',
      'package-0 package',
      'package-0 uncore',
      'psys psys',
    ]);
  });

  it('adds up cores that are counted one by one, by package', async () => {
    const { kernel, joules } = await opened(EPYC);
    kernel.count = ({ type }, target) => ({
      count: (type === 13 ? 10n ** BigInt(cpuOf(target)) : 5000n) * JOULE,
    });
    expect(joules()).toEqual({
      'package-0 package': 5000,
      'package-1 package': 5000,
      'package-0 core': 11,
      'package-1 core': 1100,
    });
  });

  it('keeps what a core had used when it can no longer be read', async () => {
    const { kernel, joules } = await opened(EPYC);
    kernel.count = () => ({ count: 3n * JOULE });
    expect(joules()).toMatchObject({ 'package-0 core': 6 });
    kernel.count = (_event, target) => {
      if (cpuOf(target) === 1) throw systemError('ENODEV');
      return { count: 4n * JOULE };
    };
    expect(joules()).toMatchObject({ 'package-0 core': 7, 'package-1 core': 8 });
  });

  it("counts an AMD package's one register once", async () => {
    const { kernel, joules } = await opened(GENOA);
    kernel.count = () => ({ count: JOULE });
    expect(joules()).toEqual({ 'package-0 package': 1 });
  });

  it('tells the dies of an Intel package apart', async () => {
    const { joules } = await opened(TWO_DIES);
    expect(Object.keys(joules())).toEqual(['package-0-die-0 package', 'package-0-die-1 package']);
  });

  it('keeps units that a double would lose', async () => {
    const { kernel, joules, host } = await opened(LAPTOP);
    host.clock.advance(1e6);
    kernel.count = () => ({ count: 2n ** 60n });
    joules();
    kernel.count = () => ({ count: 2n ** 60n + JOULE });
    expect(joules()['package-0 package']).toBe(2 ** 28 + 1);
  });

  it('never goes backwards', async () => {
    const { kernel, joules } = await opened(LAPTOP);
    kernel.count = () => ({ count: 9n * JOULE });
    joules();
    kernel.count = () => ({ count: 4n * JOULE });
    expect(joules()).toMatchObject({ 'package-0 package': 9 });
    kernel.count = () => ({ count: 5n * JOULE });
    expect(joules()).toMatchObject({ 'package-0 package': 10 });
  });

  it('goes on with the others when one counter fails', async () => {
    const { kernel, joules } = await opened(XEON);
    kernel.count = (_event, target) => {
      if (cpuOf(target) === 12) throw systemError('EIO');
      return { count: JOULE };
    };
    expect(joules()).toEqual({ 'package-0 package': 1, 'package-0 dram': 1 });
  });

  it('leaves nothing open: not after a probe, not after close, not when opening fails', async () => {
    const { kernel, source } = await opened(XEON);
    expect(kernel.open.size).toBe(4);
    expect(await source.probe()).toEqual({ usable: true, domains: ['package', 'dram'] });
    expect(kernel.open.size).toBe(4);
    await source.close();
    await source.close();
    expect(kernel.open.size).toBe(0);

    const half = new FakePerf();
    half.refuse = ({ type }, target) => (type === 13 && cpuOf(target) === 1 ? 'EMFILE' : undefined);
    expect(await probe(EPYC, half)).toMatchObject({ usable: true, note: expect.stringMatching(/EMFILE/) });
    expect(half.open.size).toBe(0);
  });

  it.each([
    ['another unit', { 'events/energy-pkg.unit': 'Watts\n' }, /power\/energy-pkg has the unit "Watts"/],
    ['no scale', { 'events/energy-pkg.scale': '\n' }, /power\/energy-pkg has no usable scale/],
    [
      'another encoding',
      { 'events/energy-pkg': 'event=0x02,umask=0x1\n' },
      /power\/energy-pkg has an encoding/,
    ],
    ['a cpumask that is none', { cpumask: 'all\n' }, /no usable type and cpumask/],
  ])('assumes nothing about %s', async (_name, files, reason) => {
    const tree = { ...pmu('power', 18, '0', { 'energy-pkg': 2 }), ...cpu(0, 0) };
    const folder = 'sys/bus/event_source/devices/power';
    const changed = Object.fromEntries(
      Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]),
    );
    expect(await probe({ ...tree, ...changed })).toMatchObject({
      usable: false,
      reason: expect.stringMatching(reason),
    });
  });

  it('reads the other events beside one that it does not know, and says so', async () => {
    const tree = { ...LAPTOP, ...pmu('power', 18, '0', { 'energy-pkg': 2, 'energy-warp': 9 }) };
    expect(await probe(tree)).toMatchObject({
      usable: true,
      note: expect.stringMatching(/energy-warp has an unknown event/),
    });
  });

  it('says what forbids it and what would allow it', async () => {
    const denied = new FakePerf();
    denied.refuse = () => 'EACCES';
    const paranoid = { 'proc/sys/kernel/perf_event_paranoid': '2\n' };
    expect(await probe({ ...XEON, ...paranoid }, denied)).toEqual({
      usable: false,
      reason: expect.stringMatching(/kernel.perf_event_paranoid is 2/),
      remedy: expect.stringMatching(/sysctl kernel.perf_event_paranoid=0/),
    });
    denied.refuse = () => 'EPERM';
    const lax = { 'proc/sys/kernel/perf_event_paranoid': '-1\n' };
    expect(await probe({ ...XEON, ...lax }, denied)).toEqual({
      usable: false,
      reason: expect.stringMatching(/seccomp/),
      remedy: expect.stringMatching(/--cap-add PERFMON/),
    });
    const none = new FakePerf();
    none.refuse = () => 'ENOSYS';
    expect(await probe(XEON, none)).toMatchObject({
      reason: expect.stringMatching(/no performance counters/),
    });
  });

  it('explains a virtual machine, an ARM board, a missing driver and the tree of another machine', async () => {
    const why = (text: string) => probe({ 'proc/cpuinfo': text });
    expect(await why('flags\t\t: fpu hypervisor\n')).toMatchObject({
      reason: expect.stringMatching(/virtual machine/),
    });
    expect(await why('CPU implementer\t: 0x41\n')).toMatchObject({ reason: expect.stringMatching(/ARM/) });
    expect(await why('flags\t\t: fpu\n')).toMatchObject({ remedy: expect.stringMatching(/modprobe rapl/) });
    expect(await perfPower(fixtureHost(XEON)).probe()).toMatchObject({
      usable: false,
      reason: expect.stringMatching(/on that machine alone/),
    });
  });

  it('refuses to open where there is nothing', async () => {
    await expect(perfPower(fixtureHost({})).open()).rejects.toMatchObject({ code: 'source_unavailable' });
  });
});
