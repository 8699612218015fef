import { existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { createHost, type Host, ManualClock, silentLogger } from '../../base/index.js';
import { allSources, type InstantEnergySource } from '../../meter/index.js';
import { settingsSchema } from '../../model/index.js';
import type { Load } from './load.js';
import { VirtualPowercap, type VirtualPowercapOptions } from './virtual-powercap.js';

const open: VirtualPowercap[] = [];
afterEach(() => {
  for (const tree of open.splice(0)) tree.close();
});

/** Packages whose power a test sets. */
function scripted(sockets = 1): Load & { watts: number } {
  let last = 0;
  const load = {
    watts: 0,
    start: (at: number) => {
      last = at;
    },
    advance: (at: number) => {
      const joules = load.watts * (at - last);
      last = at;
      return Array.from({ length: sockets }, () => joules);
    },
    close: () => {},
  };
  return load;
}

function virtual(options: Partial<VirtualPowercapOptions> = {}) {
  const clock = new ManualClock();
  const host = createHost({ clock, log: silentLogger, env: {} });
  const root = join(mkdtempSync(join(tmpdir(), 'wattloop-lab-')), 'sys');
  const load = scripted(options.sockets);
  const tree = new VirtualPowercap(host, {
    root,
    load,
    sockets: 1,
    extra: ['core', 'dram'],
    maxWatts: 100,
    ...options,
  });
  open.push(tree);
  tree.open();
  const rooted = createHost({ sysfs: root, clock, log: silentLogger, env: {} });
  return { clock, root, load, tree, host: rooted };
}

/** The meter's own source, rooted in the tree, as any program would have it. */
async function raplIn(host: Host): Promise<InstantEnergySource> {
  const source = allSources(host, settingsSchema.parse({})).find(({ name }) => name === 'rapl');
  if (source?.yields !== 'energy' || !source.instant) throw new Error('rapl is not an instant source');
  await source.open();
  return source;
}

const joulesOf = (source: InstantEnergySource): Record<string, number> =>
  Object.fromEntries(
    source.read().map((r) => [`${r.device} ${r.domain}`, r.kind === 'counter' ? r.joules : Number.NaN]),
  );

describe('VirtualPowercap', () => {
  it("lays zones out as the kernel does, with the rest of this machine's sysfs around them", () => {
    const { root } = virtual({ sockets: 2, extra: ['core', 'uncore', 'dram', 'psys', 'mmio'] });
    const zones = join(root, 'class/powercap');
    const name = (zone: string): string => readFileSync(join(zones, zone, 'name'), 'utf8');
    expect(
      readdirSync(zones)
        .sort()
        .map((zone) => (zone.includes(':') ? `${zone} ${name(zone)}` : zone)),
    ).toEqual([
      'intel-rapl',
      'intel-rapl-mmio',
      'intel-rapl-mmio:0 package-0\n',
      'intel-rapl-mmio:1 package-1\n',
      'intel-rapl:0 package-0\n',
      'intel-rapl:0:0 core\n',
      'intel-rapl:0:1 uncore\n',
      'intel-rapl:0:2 dram\n',
      'intel-rapl:1 package-1\n',
      'intel-rapl:1:0 core\n',
      'intel-rapl:1:1 uncore\n',
      'intel-rapl:1:2 dram\n',
      'intel-rapl:2 psys\n',
    ]);
    expect(lstatSync(join(zones, 'intel-rapl:0:2')).isSymbolicLink()).toBe(true);
    expect(realpathSync(join(zones, 'intel-rapl:0:2'))).toBe(
      realpathSync(join(root, 'devices/virtual/powercap/intel-rapl/intel-rapl:0/intel-rapl:0:2')),
    );
    const ranges = ['intel-rapl:0', 'intel-rapl:0:2'].map((zone) =>
      readFileSync(join(zones, zone, 'max_energy_range_uj'), 'utf8'),
    );
    expect(ranges).toEqual(['262143328850\n', '65712999613\n']);
    expect(readFileSync(join(zones, 'intel-rapl:0/constraint_0_power_limit_uw'), 'utf8')).toBe('100000000\n');
    const online = 'devices/system/cpu/online';
    expect(readFileSync(join(root, online), 'utf8')).toBe(readFileSync(join('/sys', online), 'utf8'));
    expect(readdirSync(join(root, 'fs')).sort()).toEqual(readdirSync('/sys/fs').sort());
  });

  it('is a machine with RAPL to the meter: domains, shares, and no zone twice', async () => {
    const { host, clock, load, tree } = virtual({
      sockets: 2,
      extra: ['core', 'uncore', 'dram', 'psys', 'mmio'],
    });
    const source = await raplIn(host);
    load.watts = 50;
    clock.advance(2);
    tree.step();
    expect(joulesOf(source)).toEqual({
      'package-0 package': 100,
      'package-0 core': 70,
      'package-0 uncore': 5,
      'package-0 dram': 12,
      'package-1 package': 100,
      'package-1 core': 70,
      'package-1 uncore': 5,
      'package-1 dram': 12,
      'psys psys': 240,
    });
    await source.close();
  });

  it('gives a meter that reads at least once a range every joule, whatever the powers, over any number of wraps', async () => {
    const range = 3_000_000n;
    const step = fc.record({
      watts: fc.nat(100),
      milliseconds: fc.integer({ min: 1, max: 29 }),
      read: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 200 }),
        fc.bigInt({ min: 0n, max: range - 1n }),
        async (steps, startMicrojoules) => {
          const { host, clock, load, tree } = virtual({ rangeMicrojoules: range, startMicrojoules });
          const source = await raplIn(host);
          let joules = 0;
          let unread = 0;
          for (const { watts, milliseconds, read } of steps) {
            load.watts = watts;
            const next = (watts * milliseconds) / 1000;
            if (read || unread + next >= 2.9) {
              source.read();
              unread = 0;
            }
            unread += next;
            joules += next;
            clock.advance(milliseconds / 1000);
            tree.step();
          }
          const got = joulesOf(source);
          await source.close();
          expect(got['package-0 package']).toBeCloseTo(joules, 5);
          expect(got['package-0 core']).toBeCloseTo(0.7 * joules, 5);
          expect(got['package-0 dram']).toBeCloseTo(0.12 * joules, 5);
          for (const { zone, domain, joules: truth } of tree.truth()) {
            expect([zone, got[`package-0 ${domain}`]]).toEqual([zone, expect.closeTo(truth, 9)]);
          }
          tree.close();
        },
      ),
      { numRuns: 40 },
    );
  });

  it('wraps at its range as the real one does', () => {
    const { root, clock, load, tree } = virtual({ rangeMicrojoules: 1_000_000n, startMicrojoules: 999_999n });
    const energy = (): string => readFileSync(join(root, 'class/powercap/intel-rapl:0/energy_uj'), 'utf8');
    expect(energy()).toBe('999999\n');
    load.watts = 0.000_004;
    clock.advance(1);
    tree.step();
    expect(energy()).toBe('3\n');
  });

  it('moves by itself every interval once started, until it is closed, and leaves nothing behind', async () => {
    const { root, clock, load, tree } = virtual({ intervalSeconds: 0.05 });
    load.watts = 10;
    const running = tree.start();
    for (let i = 0; i < 4; i++) {
      clock.advance(0.05);
      await Promise.resolve().then(() => {});
    }
    expect(tree.truth().find(({ domain }) => domain === 'package')?.joules).toBeCloseTo(2, 9);
    tree.close();
    await running;
    expect(existsSync(root)).toBe(false);
  });

  it('refuses to stand where the sysfs is that it links to, and machines that can not be', () => {
    const host = createHost({ log: silentLogger, env: {} });
    const make = (more: Partial<VirtualPowercapOptions>) => () =>
      new VirtualPowercap(host, {
        root: '/sys',
        sockets: 1,
        extra: [],
        maxWatts: 1,
        load: scripted(),
        ...more,
      });
    expect(make({})).toThrow(/imitated/);
    expect(make({ sockets: 0 })).toThrow(/0 sockets/);
    expect(make({ rangeMicrojoules: 0n })).toThrow(/range/);
    expect(make({ shares: { core: 0.8, uncore: 0.3, dram: 0, platformWatts: 0 } })).toThrow(/not parts/);
  });
});
