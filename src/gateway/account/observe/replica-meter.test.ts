import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createHost, type Host, silentLogger } from '../../../base/index.js';
import {
  allSources,
  detectLayout,
  folderOf,
  groupOfProcess,
  type UsageSource,
} from '../../../meter/index.js';
import { SYSTEMD_V2, unifiedGroup } from '../../../meter/testing/cgroups.js';
import { BURN, Script, timesIn } from '../../../meter/testing/script.js';
import { fixtureHost } from '../../../meter/testing/tree.js';
import { settingsSchema } from '../../../model/index.js';
import { replicaMeters } from './replica-meter.js';

const GROUP = '/wattloop/42/f-1';
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A group for a replica on this very machine, or why there can be none. */
function liveGroup(host: Host): { path: string; folder: string } | string {
  const layout = detectLayout(host);
  const own = layout && groupOfProcess(host, layout.cpu, 'self');
  if (layout === undefined || own === undefined) return 'there are no control groups';
  const path = join(own, `wattloop-test-${process.pid}`);
  const folder = folderOf(layout.cpu, path);
  try {
    mkdirSync(folder);
  } catch {
    return 'no control group can be made';
  }
  ends.push(() => rmdirSync(folder));
  return { path, folder };
}

async function procSource(host: Host): Promise<UsageSource> {
  const source = allSources(host, settingsSchema.parse({})).find(({ name }) => name === 'proc');
  if (source?.yields !== 'usage') throw new Error('there is no source of that name');
  await source.open();
  ends.push(() => source.close());
  return source;
}

describe('what a replica uses', () => {
  it('is what its group used since it was made, or since it was told of', () => {
    const host = fixtureHost({ ...SYSTEMD_V2, ...unifiedGroup(GROUP, { microseconds: 1_500_000 }) });
    const meters = replicaMeters(host);
    const replica = { id: 'f-1', function: 'f', pid: undefined, group: GROUP };
    const whole = meters(replica, true, undefined);
    const later = meters(replica, false, undefined);
    expect([whole?.cpuSeconds(), later?.cpuSeconds()]).toEqual([1.5, 0]);
    writeFileSync(join(host.root, 'sys/fs/cgroup', GROUP, 'cpu.stat'), 'usage_usec 2000000\n');
    expect([whole?.cpuSeconds(), later?.cpuSeconds()]).toEqual([2, 0.5]);
    whole?.close();
    later?.close();
  });

  it('is not known where there is neither such a group nor a process', () => {
    const meters = replicaMeters(fixtureHost(SYSTEMD_V2));
    expect(
      meters({ id: 'f-1', function: 'f', pid: undefined, group: GROUP }, true, undefined),
    ).toBeUndefined();
    expect(
      meters({ id: 'f-1', function: 'f', pid: undefined, group: undefined }, true, undefined),
    ).toBeUndefined();
  });

  it('of a real group contains all that ran in it, also what has ended', async ({ skip }) => {
    const host = createHost({ log: silentLogger });
    const group = liveGroup(host);
    if (typeof group === 'string') return skip(group);
    const meter = replicaMeters(host)(
      { id: 'r', function: 'f', pid: undefined, group: group.path },
      true,
      undefined,
    );
    expect(meter?.cpuSeconds()).toBe(0);
    const script = new Script(
      `${BURN} echo $$ > ${join(group.folder, 'cgroup.procs')}; read _; (burn 40000); burn 20000; times; read _`,
    );
    ends.push(() => script.stop());
    script.go();
    const { own, children } = timesIn([await script.line(), await script.line()]);
    const used = meter?.cpuSeconds() ?? 0;
    // What `times` says is rounded, and says nothing of how the script began.
    expect(used).toBeGreaterThan(own + children - 0.05);
    expect(used).toBeLessThan(own + children + 0.25);
    script.go();
    await script.ended;
    expect(meter?.cpuSeconds()).toBeGreaterThanOrEqual(used);
    meter?.close();
  });

  it('without a group is what its process and all that it started used', async () => {
    const host = createHost({ log: silentLogger });
    const source = await procSource(host);
    const script = new Script(`${BURN} read _; (burn 60000); burn 30000; times; read _`);
    ends.push(() => script.stop());
    const replica = { id: 'r', function: 'f', pid: script.pid, group: '/not/there' };
    const meter = replicaMeters(host)(replica, true, source);
    script.go();
    const { own, children } = timesIn([await script.line(), await script.line()]);
    const used = meter?.cpuSeconds() ?? 0;
    expect(Math.abs(used - own - children)).toBeLessThan(0.1);
    expect(used).toBeGreaterThan(0.05);
    meter?.close();
  });

  it('is not known of a process that has ended already', async () => {
    const host = createHost({ log: silentLogger });
    const source = await procSource(host);
    const script = new Script('exit 0');
    await script.ended;
    const replica = { id: 'r', function: 'f', pid: script.pid, group: undefined };
    expect(replicaMeters(host)(replica, true, source)).toBeUndefined();
  });
});
