import { describe, expect, it } from 'vitest';
import type { HostOptions } from '../../base/index.js';
import type { PerfEvent } from '../native/perf-attributes.js';
import { FakePerf, systemError } from '../testing/fake-perf.js';
import { fixtureHost, type Tree } from '../testing/tree.js';
import { perf } from './perf.js';

/** A server of four processors under systemd, and a process 100 of two threads with a child 200. */
const SERVER: Tree = {
  'proc/cpuinfo': 'vendor_id\t: GenuineIntel\n',
  'proc/self/mountinfo': '31 24 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n',
  'proc/sys/kernel/perf_event_paranoid': '2\n',
  'sys/devices/system/cpu/online': '0-3\n',
  'sys/fs/cgroup/work/cgroup.procs': '200\n',
  'sys/outside/cgroup.procs': '1\n',
  'proc/100/task/100/children': '200 \n',
  'proc/100/task/101/children': '',
  'proc/200/task/200/children': '',
  'proc/100/stat': '100 (node) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 2 0 777 1 1\n',
  'proc/200/stat': '200 (sh) R 100 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 888 1 1\n',
};
const hybrid = (pmu: string, type: number, cpus: string): Tree => ({
  [`sys/bus/event_source/devices/${pmu}/type`]: `${type}\n`,
  [`sys/bus/event_source/devices/${pmu}/cpus`]: `${cpus}\n`,
});
/** An Alder Lake: two kinds of core. */
const ALDER_LAKE: Tree = { ...SERVER, ...hybrid('cpu_core', 4, '0-1'), ...hybrid('cpu_atom', 10, '2-3') };

const isHardware = ({ type }: PerfEvent): boolean => type !== 1;

/** What each event counts: hardware by its number, CPU time a second, context switches 7. */
const steady = ({ type, config }: PerfEvent) => {
  if (type === 1) return { count: config === 3n ? 7n : 1_000_000_000n };
  return { count: 1000n + (config & 0xffffn) };
};

function given(tree: Tree = SERVER, options: HostOptions = {}) {
  const kernel = new FakePerf();
  kernel.count = steady;
  const host = fixtureHost(tree, options);
  return { kernel, host, source: perf(host, kernel.openGroup) };
}

async function opened(tree: Tree = SERVER) {
  const all = given(tree);
  await all.source.open();
  const { follow, followCgroup, machine } = all.source;
  if (!follow || !followCgroup || !machine) throw new Error('not all there');
  return { ...all, follow: (pid: number) => follow.call(all.source, pid), followCgroup, machine };
}

const said = (text: RegExp) => expect.stringMatching(text);

describe('perf', () => {
  it('counts every thread of a tree, and what each creates from then on', async () => {
    const { kernel, follow } = await opened();
    const inherits: boolean[] = [];
    kernel.refuse = (_event, target, options) => {
      if ('pid' in target) inherits.push(options.inherit === true);
      return undefined;
    };
    expect(follow(100).read()).toEqual({
      cpuSeconds: 3,
      contextSwitches: 21,
      cycles: 3000,
      instructions: 3003,
      llcMisses: 3009,
    });
    expect(inherits.length).toBeGreaterThan(0);
    expect(inherits).not.toContain(false);
  });

  it('names the members that live', async () => {
    const { follow, followCgroup } = await opened();
    expect(follow(100).living()).toEqual([
      { pid: 100, startTicks: 777, name: 'node' },
      { pid: 200, startTicks: 888, name: 'sh' },
    ]);
    expect(followCgroup('/work').living()).toEqual([{ pid: 200, startTicks: 888, name: 'sh' }]);
  });

  it('counts a control group on each processor', async () => {
    const { kernel, followCgroup } = await opened();
    const before = new Set(kernel.open);
    expect(followCgroup('/work').read()).toMatchObject({ cpuSeconds: 4, contextSwitches: 28 });
    const groups = [...kernel.open].filter((group) => !before.has(group));
    expect(groups.map(({ target }) => 'cgroup' in target && target.cpu)).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
  });

  it.each(['/gone', '/../../outside', 'gone'])('says that there is no control group %s', async (path) => {
    const { followCgroup } = await opened();
    expect(() => followCgroup(path)).toThrow(expect.objectContaining({ code: 'not_found' }));
  });

  it('counts the machine from the moment it is opened', async () => {
    const { host, machine } = await opened();
    host.clock.advance(5);
    expect(machine()).toEqual({
      at: 5,
      logicalCpus: 4,
      contextSwitches: 28,
      cycles: 4000,
      instructions: 4004,
      llcMisses: 4012,
    });
  });

  it('counts each processor by the PMU of its kind, and a thread by all of them', async () => {
    const { kernel, follow, machine } = await opened(ALDER_LAKE);
    const pmuOn = [...kernel.open].flatMap(({ events, target }) =>
      events.filter(isHardware).map(({ config }) => ['cpu' in target && target.cpu, Number(config >> 32n)]),
    );
    expect(new Set(pmuOn.map(String))).toEqual(new Set(['0,4', '1,4', '2,10', '3,10']));
    expect(machine().cycles).toBe(4000);
    expect(follow(200).read().cycles).toBe(2000);
  });

  it('counts no metric that one kind of core lacks', async () => {
    const { kernel, source } = given(ALDER_LAKE);
    kernel.refuse = ({ config }) => (config === ((10n << 32n) | 3n) ? 'ENOENT' : undefined);
    await source.open();
    expect(source.machine?.()).not.toHaveProperty('llcMisses');
    expect(source.machine?.()).toHaveProperty('cycles');
  });

  it('splits a group that the processor has too few counters for', async () => {
    const { kernel, source } = given();
    kernel.fits = (events) => events.filter(isHardware).length < 3;
    await source.open();
    expect(source.machine?.()).toMatchObject({ cycles: 4000, instructions: 4004, llcMisses: 4012 });
    expect([...kernel.open].filter(({ target }) => 'cpu' in target && target.cpu === 0)).toHaveLength(3);
  });

  it('does without hardware counters, and says that it does', async () => {
    const { kernel, source } = given();
    kernel.refuse = (event) => (isHardware(event) ? 'ENOENT' : undefined);
    expect(await source.probe()).toEqual({ usable: true, domains: [], note: said(/no hardware counters/) });
    await source.open();
    expect(source.follow?.(200).read()).toEqual({ cpuSeconds: 1, contextSwitches: 7 });
    expect(Object.keys(source.machine?.() ?? {})).toEqual(['at', 'logicalCpus', 'contextSwitches']);
  });

  it('tells CPU time alone where the kernel may not be watched', async () => {
    const { kernel, source } = given();
    kernel.refuse = (event, _target, { excludeKernel }) =>
      excludeKernel && event.type === 1 ? undefined : 'EACCES';
    expect(await source.probe()).toMatchObject({
      usable: true,
      note: said(/CPU time alone.*perf_event_paranoid is 2.*sysctl kernel.perf_event_paranoid=1/),
    });
    await source.open();
    expect(source.follow?.(200).read()).toEqual({ cpuSeconds: 1 });
    expect([source.machine, source.followCgroup]).toEqual([undefined, undefined]);
  });

  it('follows trees alone where whole processors may not be counted', async () => {
    const { kernel, source } = given({ ...SERVER, 'proc/sys/kernel/perf_event_paranoid': '1\n' });
    kernel.refuse = (_event, target) => ('cpu' in target ? 'EACCES' : undefined);
    expect(await source.probe()).toMatchObject({
      usable: true,
      note: said(/no control groups.*sysctl kernel.perf_event_paranoid=0/),
    });
    await source.open();
    expect(source.machine).toBeUndefined();
    expect(source.follow?.(200).read()).toMatchObject({ cycles: 1000 });
  });

  it('has no control groups where no hierarchy is mounted', async () => {
    const { source } = given({ ...SERVER, 'proc/self/mountinfo': '27 1 254:0 / / rw - ext4 /dev/vda rw\n' });
    await source.open();
    expect(source.followCgroup).toBeUndefined();
    expect(source.machine).toBeDefined();
  });

  it('says what forbids it and what would allow it', async () => {
    const { kernel, source } = given({ ...SERVER, 'proc/sys/kernel/perf_event_paranoid': '3\n' });
    kernel.refuse = () => 'EACCES';
    expect(await source.probe()).toEqual({
      usable: false,
      reason: said(/perf_event_paranoid is 3/),
      remedy: said(/sysctl kernel.perf_event_paranoid=2/),
    });
    await expect(source.open()).rejects.toMatchObject({ code: 'permission_denied' });
    expect(await perf(fixtureHost(SERVER)).probe()).toMatchObject({
      usable: false,
      reason: said(/tree of another/),
      remedy: said(/--procfs/),
    });
  });

  it.each(['ECHILD', 'EINVAL', 'ENODEV'] as const)(
    'takes a tree up again when it had a child while its counters were being opened (%s)',
    async (code) => {
      const { kernel, follow } = await opened();
      const before = kernel.open.size;
      let disturbed = 2;
      kernel.refuse = () => (code !== 'ECHILD' && disturbed-- > 0 ? code : undefined);
      kernel.count = (event) => {
        if (code === 'ECHILD' && disturbed-- > 0) throw systemError(code);
        return steady(event);
      };
      const followed = follow(200);
      expect(kernel.open.size).toBe(before + 2);
      expect(followed.read().cpuSeconds).toBe(1);
    },
  );

  it('opens single events, which no child can get half of, when a tree never rests', async () => {
    const { kernel, follow } = await opened();
    const before = new Set(kernel.open);
    kernel.count = (event, target) => {
      const mine = [...kernel.open].filter((group) => !before.has(group));
      if ('pid' in target && mine.some(({ events }) => events.length > 1)) throw systemError('ECHILD');
      return steady(event);
    };
    expect(follow(200).read()).toMatchObject({ cpuSeconds: 1, cycles: 1000 });
  });

  it('leaves out a thread that ended while it was taken up, and refuses a process that is gone', async () => {
    const { kernel, follow } = await opened();
    kernel.refuse = (_event, target) => ('pid' in target && target.pid === 101 ? 'ESRCH' : undefined);
    expect(follow(100).read().cpuSeconds).toBe(2);
    expect(() => follow(4242)).toThrow(
      expect.objectContaining({ code: 'not_found', message: said(/process 4242/) }),
    );
  });

  it('leaves out a processor that was switched off meanwhile', async () => {
    const { kernel, source } = given();
    kernel.refuse = (_event, target) => ('cpu' in target && target.cpu === 3 ? 'ENODEV' : undefined);
    await source.open();
    expect(source.machine?.()).toMatchObject({ logicalCpus: 3, cycles: 3000 });
  });

  it('keeps what a thread had used when its counters can no longer be read', async () => {
    const { kernel, follow } = await opened();
    const followed = follow(100);
    followed.read();
    kernel.count = (event, target) => {
      if ('pid' in target && target.pid === 101) throw systemError('EIO');
      return { count: 2n * steady(event).count };
    };
    expect(followed.read().cpuSeconds).toBe(5);
  });

  it('says when there are too few descriptors, and leaves none open then', async () => {
    const { kernel, follow, followCgroup } = await opened();
    const before = kernel.open.size;
    kernel.refuse = () => (kernel.open.size > before + 2 ? 'EMFILE' : undefined);
    const scarce = expect.objectContaining({ code: 'kernel_failed', remedy: said(/ulimit -n/) });
    expect(() => follow(100)).toThrow(scarce);
    expect(() => followCgroup('/work')).toThrow(scarce);
    expect(kernel.open.size).toBe(before);
  });

  it('leaves nothing open after a probe, and lets go of all when it is closed', async () => {
    const { kernel, source } = given();
    await source.probe();
    expect(kernel.open.size).toBe(0);
    await source.open();
    const followed = source.follow?.(100);
    source.follow?.(200).close();
    source.followCgroup?.('/work');
    const last = followed?.read();
    await source.close();
    await source.close();
    expect(kernel.open.size).toBe(0);
    expect([source.machine, source.followCgroup]).toEqual([undefined, undefined]);
    // What was read last goes on being told, and nobody is said to live.
    expect(followed?.read()).toEqual(last);
    expect(followed?.living()).toEqual([]);
    expect(() => source.follow?.(100)).toThrow(/not open/);
  });
});
