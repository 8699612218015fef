import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHost, ManualClock, silentLogger } from '../../base/index.js';
import { anyAmount } from '../testing/amount.js';
import { FakeEnergy, FakeUsage } from '../testing/fake-sources.js';
import type { IdlePower } from './idle-power.js';
import { NodeMonitor, type NodeMonitorOptions } from './node-monitor.js';
import { PathObserver } from './path-observer.js';
import { ProcessObserver } from './process-observer.js';
import type { NodeSnapshot, PrincipalShare } from './snapshot.js';

const unknown: IdlePower = { learn: () => undefined };
const share = (snapshot: NodeSnapshot, key: string): PrincipalShare | undefined =>
  snapshot.shares.find(({ principal }) => principal.key === key);

/** A machine of four processors with RAPL, whose groups are told apart by eBPF. */
async function machine(options: Partial<NodeMonitorOptions> = {}, logCount?: (line: string) => void) {
  const clock = new ManualClock();
  const rapl = new FakeEnergy(clock, 'rapl', ['package']);
  const standIn = new FakeEnergy(clock, 'tdp', ['package'], 'estimated');
  const usage = new FakeUsage(clock);
  const self = { cpuSeconds: 0 };
  const log = logCount ? { ...silentLogger, warn: logCount } : silentLogger;
  const open = (...sources: (FakeEnergy | FakeUsage)[]) =>
    NodeMonitor.open(createHost({ clock, log, env: {} }), sources, 4, {
      primary: [],
      intervalSeconds: 0.1,
      disagreementWarning: 0.15,
      observer: new PathObserver(() => undefined),
      idlePower: unknown,
      selfCpuSeconds: () => self.cpuSeconds,
      maxPrincipals: 100,
      ...options,
    });
  return { clock, rapl, standIn, usage, self, open };
}

describe('NodeMonitor', () => {
  it('splits a tick by CPU time, keeping apart what nobody used', async () => {
    const { clock, rapl, usage, self, open } = await machine();
    usage.groups.set('/a', 100);
    const monitor = await open(rapl, usage);
    clock.advance(2);
    rapl.add('package', 60);
    usage.work('/a', 1);
    usage.work('/b', 0.5);
    self.cpuSeconds = 0.25;
    usage.busySeconds = 3;
    const snapshot = monitor.tick();
    expect(snapshot).toMatchObject({
      seconds: 2,
      busyCpus: 1.5,
      watts: 30,
      idleWatts: undefined,
      unattributedWatts: 12.5,
      primary: { source: 'rapl', domains: ['package'] },
      totals: { joules: 60, idleJoules: undefined, unattributedJoules: 25, endedJoules: 0 },
      self: { cpuSecondsTotal: 0.25, joulesTotal: 5 },
      used: ['rapl', 'ebpf'],
      absent: [],
    });
    expect(share(snapshot, '/a')).toMatchObject({
      watts: 10,
      cpus: 0.5,
      joulesTotal: 20,
      cpuSecondsTotal: 1,
    });
    expect(share(snapshot, '/b')).toMatchObject({ watts: 5, cpus: 0.25, joulesTotal: 10 });
    expect(share(snapshot, 'wattloop')).toMatchObject({
      watts: 2.5,
      joulesTotal: 5,
      idleJoulesTotal: undefined,
    });
  });

  it('says nothing of energy where no source gives any, and still who is busy', async () => {
    const { clock, usage, open } = await machine();
    const monitor = await open(usage);
    clock.advance(1);
    usage.work('/a', 0.5);
    const snapshot = monitor.tick();
    expect(snapshot).toMatchObject({ energies: [], busyCpus: 0.5 });
    for (const key of ['primary', 'watts', 'idleWatts', 'unattributedWatts', 'totals'] as const) {
      expect(snapshot[key]).toBeUndefined();
    }
    expect(snapshot.self.joulesTotal).toBeUndefined();
    expect(share(snapshot, '/a')).toMatchObject({
      watts: undefined,
      joulesTotal: undefined,
      cpuSecondsTotal: 0.5,
    });
  });

  it('does not know how busy a machine is that does not tell', async () => {
    const { clock, rapl, usage, open } = await machine();
    usage.busySeconds = undefined;
    const monitor = await open(rapl, usage);
    clock.advance(1);
    rapl.add('package', 10);
    usage.groups.set('/a', 0.5);
    const snapshot = monitor.tick();
    expect(snapshot.busyCpus).toBeUndefined();
    expect(snapshot).toMatchObject({ watts: 10, unattributedWatts: 0 });
  });

  it('divides by nothing when two ticks fall on one moment', async () => {
    const { clock, rapl, usage, open } = await machine();
    const monitor = await open(rapl, usage);
    rapl.add('package', 10);
    usage.work('/a', 1);
    const snapshot = monitor.tick();
    expect(snapshot).toMatchObject({
      seconds: 0,
      watts: undefined,
      busyCpus: undefined,
      totals: { joules: 10 },
    });
    expect(snapshot.energies).toMatchObject([{ watts: undefined, joulesTotal: 10 }]);
    clock.advance(1);
    expect(monitor.tick()).toMatchObject({ watts: 0, totals: { joules: 10 } });
  });

  it('keeps idle apart from when it is known on', async () => {
    let idle: number | undefined;
    const { clock, rapl, usage, open } = await machine({ idlePower: { learn: () => idle } });
    const monitor = await open(rapl, usage);
    const tick = () => {
      clock.advance(1);
      rapl.add('package', 30);
      usage.work('/a', 2);
      usage.work('/b', 2);
      return monitor.tick();
    };
    expect(tick().totals).toMatchObject({ joules: 30, idleJoules: undefined });
    idle = 10;
    const known = tick();
    expect(known).toMatchObject({
      idleWatts: 10,
      totals: { joules: 60, idleJoules: 10, unattributedJoules: 0 },
    });
    expect(share(known, '/a')).toMatchObject({ watts: 10, joulesTotal: 25, idleJoulesTotal: 5 });
    // What was learnt once is not unlearnt by a tick that teaches nothing.
    idle = undefined;
    expect(tick()).toMatchObject({ idleWatts: 10, totals: { joules: 90, idleJoules: 20 } });
  });

  it('takes the idle power of a source that has a model of it, and never more than was drawn', async () => {
    const { clock, standIn, usage, open } = await machine();
    standIn.idle = 50;
    const monitor = await open(standIn, usage);
    clock.advance(1);
    standIn.add('package', 20);
    usage.work('/a', 1);
    expect(monitor.tick()).toMatchObject({ totals: { joules: 20, idleJoules: 20, unattributedJoules: 0 } });
  });

  it('takes what this process uses out of the group that it runs in', async () => {
    const { clock, rapl, usage, self, open } = await machine({ observer: new PathObserver(() => '/own') });
    usage.groups.set('/own', 50);
    self.cpuSeconds = 7;
    const monitor = await open(rapl, usage);
    for (const [group, own] of [
      [1, 0.25],
      // The figures are not of one moment: more of this process's own than the group has yet.
      [0.5, 1],
      [1, 0.25],
    ] as const) {
      clock.advance(1);
      rapl.add('package', 10);
      usage.work('/own', group);
      self.cpuSeconds += own;
      monitor.tick();
    }
    clock.advance(1);
    const snapshot = monitor.tick();
    expect(snapshot.self.cpuSecondsTotal).toBe(1.5);
    expect(share(snapshot, '/own')?.cpuSecondsTotal).toBe(1);
  });

  it('accounts for processes, with children that nobody saw, and for itself once', async () => {
    const { clock, rapl, usage, self, open } = await machine({ observer: new ProcessObserver(1) });
    const monitor = await open(rapl, usage);
    clock.advance(1);
    rapl.add('package', 10);
    usage.process(1, 'node', 0.5);
    usage.process(2, 'make', 0.25, 0.5);
    usage.busySeconds = 1.25;
    self.cpuSeconds = 0.5;
    const snapshot = monitor.tick();
    expect(
      snapshot.shares.map(({ principal, cpuSecondsTotal }) => [principal.name, cpuSecondsTotal]),
    ).toEqual([
      ['make', 0.75],
      ['wattloop', 0.5],
    ]);
    expect(snapshot.totals).toMatchObject({ joules: 10, unattributedJoules: 0 });
  });
});

describe('NodeMonitor over time', () => {
  it('lists a workload that is gone with its last figures, and goes on when it is back', async () => {
    const { clock, rapl, usage, open } = await machine();
    const monitor = await open(rapl, usage);
    const tick = (path?: string) => {
      clock.advance(1);
      rapl.add('package', 10);
      if (path !== undefined) usage.work(path, 1);
      return monitor.tick();
    };
    tick('/a');
    // Its source tells of it no more, but has not forgotten what it used.
    usage.groups.delete('/a');
    const gone = share(tick(), '/a');
    expect(gone).toMatchObject({ isGone: true, watts: 0, cpus: 0, joulesTotal: 10, cpuSecondsTotal: 1 });
    usage.groups.set('/a', 1);
    const back = share(tick('/a'), '/a');
    expect(back).toMatchObject({ isGone: false, watts: 10, joulesTotal: 20, cpuSecondsTotal: 2 });
    expect(back?.since).toBe(gone?.since);
  });

  it('forgets a process ten minutes after its end and keeps its energy', async () => {
    const { clock, rapl, usage, open } = await machine({ observer: new ProcessObserver(1) });
    const monitor = await open(rapl, usage);
    usage.process(7, 'burn', 1);
    usage.busySeconds = 1;
    clock.advance(1);
    rapl.add('package', 10);
    expect(share(monitor.tick(), '7:1')).toMatchObject({ joulesTotal: 10 });
    usage.running.clear();
    clock.advance(599);
    expect(share(monitor.tick(), '7:1')).toMatchObject({ joulesTotal: 10, isGone: true });
    clock.advance(10);
    const later = monitor.tick();
    expect(share(later, '7:1')).toBeUndefined();
    expect(later.totals).toMatchObject({ joules: 10, endedJoules: 10, unattributedJoules: 0 });
  });

  it('lists no more workloads than it may, and adds the rest up', async () => {
    const { clock, rapl, usage, open } = await machine({ maxPrincipals: 10 });
    const monitor = await open(rapl, usage);
    for (let i = 0; i < 30; i++) usage.work(`/pod${i}`, 0.1);
    clock.advance(1);
    rapl.add('package', 30);
    const snapshot = monitor.tick();
    expect(snapshot.shares.length).toBeLessThanOrEqual(11);
    expect(share(snapshot, 'others')?.joulesTotal).toBeCloseTo(21);
    expect(snapshot.totals?.unattributedJoules).toBeCloseTo(0);
    // Others that are gone make room; what they used is kept.
    usage.groups.clear();
    clock.advance(1);
    monitor.tick();
    clock.advance(1);
    rapl.add('package', 10);
    usage.work('/new', 1);
    const later = monitor.tick();
    expect(share(later, '/new')?.joulesTotal).toBeCloseTo(10);
    expect(later.shares.length).toBeLessThanOrEqual(11);
    expect(later.totals?.endedJoules).toBeGreaterThan(0);
  });

  it('stays small however many workloads come and go', async () => {
    const { clock, rapl, usage, open } = await machine({ maxPrincipals: 50 });
    const monitor = await open(rapl, usage);
    for (let i = 0; i < 2_000; i++) {
      usage.groups.clear();
      usage.work(`/run-${i}`, 0.5);
      clock.advance(1);
      rapl.add('package', 1);
      const snapshot = monitor.tick();
      expect(snapshot.shares.length).toBeLessThanOrEqual(51);
    }
    expect(monitor.tick().totals).toMatchObject({ joules: 2000, unattributedJoules: 0 });
  });

  it('shares out what was drawn while the only source was away when it is back', async () => {
    const { clock, rapl, usage, open } = await machine();
    const monitor = await open(rapl, usage);
    const tick = (path: string) => {
      clock.advance(1);
      rapl.add('package', 10);
      usage.work(path, 1);
      return monitor.tick();
    };
    tick('/a');
    rapl.silent.add('all');
    const away = tick('/b');
    expect(away).toMatchObject({
      primary: undefined,
      watts: undefined,
      totals: { joules: 10 },
      used: ['ebpf'],
    });
    expect(away.energies).toMatchObject([{ source: 'rapl', watts: undefined, joulesTotal: 10 }]);
    expect(away.absent).toMatchObject([{ name: 'rapl' }]);
    expect(share(away, '/a')).toMatchObject({ watts: undefined, joulesTotal: 10 });
    tick('/b');
    rapl.silent.clear();
    const back = tick('/a');
    expect(back).toMatchObject({ watts: 10, totals: { joules: 40, unattributedJoules: 0 } });
    expect(share(back, '/b')?.joulesTotal).toBeCloseTo(20);
    expect(share(back, '/a')?.joulesTotal).toBeCloseTo(20);
  });

  it('lets another source stand in, and counts no joule for both', async () => {
    const { clock, rapl, standIn, usage, open } = await machine();
    const monitor = await open(rapl, standIn, usage);
    const tick = () => {
      clock.advance(1);
      rapl.add('package', 10);
      standIn.add('package', 7);
      usage.work('/a', 1);
      return monitor.tick();
    };
    expect(tick()).toMatchObject({ primary: { source: 'rapl' }, totals: { joules: 10 } });
    rapl.silent.add('all');
    expect(tick()).toMatchObject({ primary: { source: 'tdp' }, totals: { joules: 17 } });
    expect(tick()).toMatchObject({ totals: { joules: 24 } });
    rapl.silent.clear();
    // RAPL now brings 30 J, 20 of which the other has counted for: it begins anew.
    expect(tick()).toMatchObject({ primary: { source: 'tdp' }, watts: 7, totals: { joules: 31 } });
    expect(tick()).toMatchObject({ primary: { source: 'rapl' }, watts: 10, totals: { joules: 41 } });
  });

  it('goes on from now when the only source never comes back and another does', async () => {
    const { clock, rapl, standIn, usage, open } = await machine();
    standIn.silent.add('all');
    const monitor = await open(rapl, standIn, usage);
    const tick = (path: string) => {
      clock.advance(1);
      rapl.add('package', 10);
      standIn.add('package', 7);
      usage.work(path, 1);
      return monitor.tick();
    };
    tick('/a');
    rapl.silent.add('all');
    tick('/early');
    standIn.silent.clear();
    tick('/early');
    const snapshot = tick('/late');
    expect(snapshot).toMatchObject({ primary: { source: 'tdp' }, watts: 7, totals: { joules: 17 } });
    // What was used while nobody told the energy has no part in that of now.
    expect(share(snapshot, '/early')).toMatchObject({ joulesTotal: 0, cpuSecondsTotal: 2 });
    expect(share(snapshot, '/late')).toMatchObject({ watts: 7, joulesTotal: 7 });
  });

  it('goes on without CPU times for a while: the energy is nobody’s, and nobody’s use is lost', async () => {
    const warnings: string[] = [];
    const { clock, rapl, usage, open } = await machine({}, (line) => warnings.push(line));
    const monitor = await open(rapl, usage);
    const tick = () => {
      clock.advance(1);
      rapl.add('package', 10);
      usage.work('/a', 1);
      return monitor.tick();
    };
    tick();
    usage.failure = new Error('too many open files');
    tick();
    expect(tick().totals).toMatchObject({ joules: 30, unattributedJoules: 20 });
    expect(warnings).toHaveLength(1);
    usage.failure = undefined;
    const back = tick();
    expect(share(back, '/a')).toMatchObject({ cpuSecondsTotal: 4, joulesTotal: 20 });
    expect(back.totals).toMatchObject({ joules: 40, unattributedJoules: 20 });
  });

  it('accounts for every joule once, and never takes one back, whatever happens', async () => {
    const path = fc.constantFrom('/a', '/a/b', '/own', '/c');
    const seconds = anyAmount(4);
    const tick = fc.record({
      dt: fc.constantFrom(0, 0.5, 1, 30, 700),
      joules: anyAmount(1e4),
      work: fc.array(fc.tuple(path, seconds), { maxLength: 4 }),
      vanish: fc.option(path, { nil: undefined, freq: 4 }),
      own: seconds,
      unexplained: seconds,
      silent: fc.subarray(['rapl', 'tdp'] as const),
      fails: fc.boolean(),
      idle: fc.option(anyAmount(100), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(tick, { maxLength: 40 }), async (ticks) => {
        let idle: number | undefined;
        const { clock, rapl, standIn, usage, self, open } = await machine({
          observer: new PathObserver(() => '/own'),
          idlePower: { learn: () => idle },
          maxPrincipals: 3,
        });
        const monitor = await open(rapl, standIn, usage);
        let before: NodeSnapshot | undefined;
        let drawn = 0;
        for (const step of ticks) {
          drawn += step.joules;
          clock.advance(step.dt);
          rapl.add('package', step.joules);
          standIn.add('package', step.joules / 2);
          for (const [group, used] of step.work) usage.work(group, used);
          if (step.vanish !== undefined) usage.groups.delete(step.vanish);
          usage.busySeconds = (usage.busySeconds ?? 0) + step.unexplained;
          self.cpuSeconds += step.own;
          for (const source of [rapl, standIn]) {
            if (step.silent.some((name) => name === source.name)) source.silent.add('all');
            else source.silent.clear();
          }
          usage.failure = step.fails ? new Error('gone') : undefined;
          idle = step.idle;
          const snapshot = monitor.tick();
          check(snapshot, before, drawn);
          before = snapshot;
        }
      }),
    );
  });
});

describe('a single source that fails now and then', () => {
  it('has every joule shared out once it has answered again', async () => {
    const tick = fc.record({ joules: fc.nat(1000), work: fc.nat(3), isSilent: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(tick, { maxLength: 30 }), async (ticks) => {
        const { clock, rapl, usage, open } = await machine();
        const monitor = await open(rapl, usage);
        let drawn = 0;
        let worked = 0;
        for (const { joules, work, isSilent } of [...ticks, { joules: 5, work: 1, isSilent: false }]) {
          clock.advance(1);
          rapl.add('package', joules);
          usage.work('/a', work);
          drawn += joules;
          worked += work;
          if (isSilent) rapl.silent.add('all');
          else rapl.silent.clear();
          const { totals, shares } = monitor.tick();
          if (isSilent) continue;
          expect(totals?.joules ?? 0).toBeCloseTo(drawn, 6);
          expect(sum(shares, (one) => one.cpuSecondsTotal)).toBeCloseTo(worked, 6);
        }
      }),
    );
  });
});

const sum = (
  shares: readonly PrincipalShare[],
  pick: (share: PrincipalShare) => number | undefined,
): number => shares.reduce((total, one) => total + (pick(one) ?? 0), 0);

/** What holds at every tick, against the one before. */
function check(snapshot: NodeSnapshot, before: NodeSnapshot | undefined, drawn: number): void {
  const { totals, shares, energies, watts, primary } = snapshot;
  if (totals) {
    const tolerance = 1e-9 * Math.max(1, totals.joules);
    const active = sum(shares, (one) => one.joulesTotal);
    const idle = totals.idleJoules ?? 0;
    const parts = active + idle + totals.unattributedJoules + totals.endedJoules;
    expect(Math.abs(parts - totals.joules)).toBeLessThanOrEqual(tolerance);
    expect(sum(shares, (one) => one.idleJoulesTotal)).toBeLessThanOrEqual(idle + tolerance);
    expect(totals.joules).toBeLessThanOrEqual(drawn + tolerance);
  }
  if (watts !== undefined) {
    expect(primary).toBeDefined();
    const parts = sum(shares, (one) => one.watts) + (snapshot.unattributedWatts ?? 0);
    const idle = watts - parts;
    expect(idle).toBeGreaterThanOrEqual(-1e-6 * Math.max(1, watts));
    expect(idle).toBeLessThanOrEqual((snapshot.idleWatts ?? 0) + 1e-6 * Math.max(1, watts));
  }
  for (const one of shares) {
    for (const value of [one.watts, one.cpus, one.joulesTotal, one.idleJoulesTotal, one.cpuSecondsTotal]) {
      if (value !== undefined) expect(value).toBeGreaterThanOrEqual(0);
    }
  }
  if (before === undefined) return;
  expect(totals?.joules ?? 0).toBeGreaterThanOrEqual(before.totals?.joules ?? 0);
  for (const key of ['idleJoules', 'unattributedJoules', 'endedJoules'] as const) {
    expect(totals?.[key] ?? 0).toBeGreaterThanOrEqual(before.totals?.[key] ?? 0);
  }
  for (const [index, energy] of energies.entries()) {
    expect(energy.joulesTotal).toBeGreaterThanOrEqual(before.energies[index]?.joulesTotal ?? 0);
  }
  for (const one of shares) {
    const earlier = share(before, one.principal.key);
    if (earlier?.since !== one.since) continue;
    expect(one.joulesTotal ?? 0).toBeGreaterThanOrEqual(earlier.joulesTotal ?? 0);
    expect(one.idleJoulesTotal ?? 0).toBeGreaterThanOrEqual(earlier.idleJoulesTotal ?? 0);
    expect(one.cpuSecondsTotal).toBeGreaterThanOrEqual(earlier.cpuSecondsTotal);
  }
}
