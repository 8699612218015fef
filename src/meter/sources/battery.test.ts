import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../../base/index.js';
import { asNobody, canBeNobody } from '../testing/nobody.js';
import { fixtureHost, type Tree, writeTree } from '../testing/tree.js';
import { battery } from './battery.js';

function supply(name: string, files: Readonly<Record<string, string | number>>): Tree {
  return Object.fromEntries(
    Object.entries(files).map(([file, text]) => [`sys/class/power_supply/${name}/${file}`, `${text}\n`]),
  );
}

/** A ThinkPad with two batteries, of which one is used at a time: the gauge gives power in µW. */
const THINKPAD: Tree = {
  ...supply('AC', { type: 'Mains', online: 0 }),
  ...supply('BAT0', { type: 'Battery', status: 'Not charging', power_now: 0, voltage_now: 11_400_000 }),
  ...supply('BAT1', {
    type: 'Battery',
    status: 'Discharging',
    power_now: 7_500_000,
    voltage_now: 11_900_000,
  }),
};

/** A Dell: current in µA and voltage in µV; a charging port that is empty, and a mouse that has a battery of its own. */
const DELL: Tree = {
  ...supply('AC', { type: 'Mains', online: 0 }),
  ...supply('ucsi-source-psy-USBC000:001', { type: 'USB', online: 0 }),
  ...supply('BAT0', {
    type: 'Battery',
    status: 'Discharging',
    current_now: 1_250_000,
    voltage_now: 12_000_000,
  }),
  ...supply('hidpp_battery_0', {
    type: 'Battery',
    scope: 'Device',
    status: 'Discharging',
    voltage_now: 3_900_000,
  }),
};

/** An Apple silicon laptop: another name, and currents that are negative while it discharges. */
const ASAHI: Tree = {
  ...supply('macsmc-ac', { type: 'Mains', online: 0 }),
  ...supply('macsmc-battery', {
    type: 'Battery',
    scope: 'System',
    status: 'Discharging',
    power_now: -6_500_000,
    current_now: -500_000,
    voltage_now: 12_800_000,
  }),
};

async function opened(tree: Tree) {
  const lines: string[] = [];
  const host = fixtureHost(tree, { log: createLogger('info', (line) => lines.push(line)) });
  const source = battery(host);
  await source.open();
  const figures = async () =>
    Object.fromEntries((await source.read()).map((r) => [r.device, r.kind === 'power' ? r.watts : r.kind]));
  const set = (path: string, text: string | number): void =>
    writeFileSync(join(host.root, 'sys/class/power_supply', path), `${text}\n`);
  return { host, source, figures, set, lines };
}

const probe = (tree: Tree) => battery(fixtureHost(tree)).probe();

describe('battery', () => {
  it('reads the power of the battery that discharges, of domain system', async () => {
    const { source, figures } = await opened(THINKPAD);
    expect(await figures()).toEqual({ BAT1: 7.5 });
    expect(await source.read()).toMatchObject([{ domain: 'system', kind: 'power' }]);
    expect(await source.probe()).toEqual({
      usable: true,
      domains: ['system'],
      note: 'BAT0 is "Not charging", not discharging',
    });
  });

  it('reads current and voltage where there is no power, and no battery of a mouse', async () => {
    const { figures } = await opened(DELL);
    expect(await figures()).toEqual({ BAT0: 15 });
    expect(await probe(DELL)).toEqual({ usable: true, domains: ['system'] });
  });

  it('does not mind the sign', async () => {
    const { figures } = await opened(ASAHI);
    expect(await figures()).toEqual({ 'macsmc-battery': 6.5 });
  });

  it('gives two batteries that discharge at once as two devices', async () => {
    const { figures, set } = await opened(THINKPAD);
    set('BAT0/status', 'Discharging');
    set('BAT0/power_now', 2_000_000);
    expect(await figures()).toEqual({ BAT0: 2, BAT1: 7.5 });
  });

  it('gives nothing on a charger, says why once, and comes back when it is unplugged', async () => {
    const { figures, set, lines } = await opened(DELL);
    set('AC/online', 1);
    set('BAT0/status', 'Charging');
    for (let i = 0; i < 3; i++) expect(await figures()).toEqual({});
    expect(lines).toHaveLength(1);
    set('AC/online', 0);
    set('BAT0/status', 'Discharging');
    expect(await figures()).toEqual({ BAT0: 15 });
  });

  it('gives nothing while a weak charger feeds the machine beside the battery', async () => {
    const { figures, set } = await opened(DELL);
    set('ucsi-source-psy-USBC000:001/online', 1);
    expect(await figures()).toEqual({});
  });

  it.each(['', 'unknown', '1.5', 0, 4_294_967_295_000])(
    'leaves out a power of %j and goes on with the other',
    async (text) => {
      const { figures, set } = await opened(THINKPAD);
      set('BAT0/status', 'Discharging');
      set('BAT0/power_now', text);
      expect(await figures()).toEqual({ BAT1: 7.5 });
    },
  );

  it('goes on when a battery is taken out and put in again', async () => {
    const { host, figures } = await opened(THINKPAD);
    rmSync(join(host.root, 'sys/class/power_supply/BAT1'), { recursive: true });
    expect(await figures()).toEqual({});
    writeTree(host.root, supply('BAT2', { type: 'Battery', status: 'Discharging', power_now: 9_000_000 }));
    expect(await figures()).toEqual({ BAT2: 9 });
  });

  it('opens on a charger, for it may be unplugged, but not without a battery', async () => {
    const { figures } = await opened(supply('BAT0', { type: 'Battery', status: 'Full', power_now: 0 }));
    expect(await figures()).toEqual({});
    await expect(battery(fixtureHost({})).open()).rejects.toMatchObject({ code: 'source_unavailable' });
  });

  it('explains why there is no figure', async () => {
    const why = async (files: Readonly<Record<string, string | number>>) =>
      probe({
        ...supply('BAT0', { type: 'Battery', ...files }),
        ...supply('AC', { type: 'Mains', online: 0 }),
      });
    expect(await probe({})).toMatchObject({ usable: false, reason: /no battery/ });
    expect(await why({ status: 'Charging' })).toMatchObject({
      reason: /BAT0 is "Charging"/,
      remedy: /Unplug/,
    });
    expect(await why({})).toMatchObject({ reason: /status cannot be read \(ENOENT\)/ });
    expect(await why({ status: 'Discharging' })).toMatchObject({ reason: /no power_now and no current_now/ });
    expect(await why({ status: 'Discharging', power_now: 'junk' })).toMatchObject({ reason: /not a number/ });
    expect(await why({ status: 'Discharging', power_now: 0 })).toMatchObject({ reason: /0 W while/ });
  });

  it('says that it may not read', async (ctx) => {
    if (!canBeNobody) ctx.skip('needs root, to become another user');
    const host = fixtureHost({
      ...supply('BAT0', { type: 'Battery', status: 'Discharging' }),
      'sys/class/power_supply/BAT0/power_now': { text: '1\n', mode: 0o400 },
    });
    const found = await asNobody(host.root, () => battery(host).probe());
    expect(found).toMatchObject({ usable: false, reason: /BAT0 permission denied/ });
  });

  it('gives nothing once closed', async () => {
    const { source } = await opened(DELL);
    await source.close();
    await source.close();
    expect(await source.read()).toEqual([]);
  });
});
