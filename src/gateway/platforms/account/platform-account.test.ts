import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHost, ManualClock, silentLogger } from '../../../base/index.js';
import { OnlineAccount } from '../../../footprint/index.js';
import { GroupObserver, NodeMonitor } from '../../../meter/index.js';
import { FakeEnergy, FakeUsage } from '../../../meter/testing/fake-sources.js';
import { type WorkerRule, workerRule } from '../../../model/index.js';
import { MemoryStore } from '../../account/store/memory-store.js';
import { GRID } from '../../account/testing/account-machine.js';
import type { FeedSink, InvocationFeed } from '../feeds/feed.js';
import { RuleSet } from '../rules/rule-set.js';
import { PlatformObserver } from '../workers/platform-observer.js';
import { PlatformAccount } from './platform-account.js';

const RULES: readonly WorkerRule[] = [
  workerRule.parse({ name: 'fn', match: { cgroup: '^/fn/(?<name>\\w+)' }, function: '${name}' }),
  workerRule.parse({ name: 'cp', match: { cgroup: '^/platform' }, control_plane: true }),
];

/** A feed whose calls a test tells. */
class HandFeed implements InvocationFeed {
  readonly name = 'hand';
  readonly isOfCluster: boolean;
  readonly lateSeconds = 0;
  sink: FeedSink | undefined;
  failure: string | undefined;
  readonly covered = new Set<string>();

  constructor(isOfCluster = false) {
    this.isOfCluster = isOfCluster;
  }

  async open(sink: FeedSink): Promise<void> {
    this.sink = sink;
  }

  async close(): Promise<void> {}

  covers({ function: name = '' }: { readonly function?: string }): boolean {
    return this.covered.has(name);
  }

  ailment(): string | undefined {
    return this.failure;
  }
}

/** A machine with workers in groups, and an account of whom they work for. */
async function machine(updateSeconds = 5, feed = new HandFeed()) {
  const clock = new ManualClock();
  const rapl = new FakeEnergy(clock, 'rapl', ['package']);
  rapl.idle = 10;
  const usage = new FakeUsage(clock, 'ebpf');
  const names = { of: () => ({}) };
  const observer = new PlatformObserver({
    groups: new GroupObserver(names, () => undefined),
    names,
    rules: new RuleSet([{ platform: 'own', rules: RULES }]),
  });
  const monitor = await NodeMonitor.open(
    createHost({ clock, log: silentLogger, env: {} }),
    [rapl, usage],
    4,
    {
      primary: [],
      intervalSeconds: 0.1,
      disagreementWarning: 0.15,
      observer,
      idlePower: { learn: () => undefined },
      selfCpuSeconds: () => 0,
      maxPrincipals: 100,
    },
  );
  const store = new MemoryStore();
  const account = await new PlatformAccount({
    clock,
    log: silentLogger,
    monitor,
    recognise: (principal) => observer.recognitionOf(principal),
    account: new OnlineAccount(),
    carbon: () => GRID,
    feeds: [feed],
    store,
    intervalSeconds: 1,
    updateSeconds,
  }).open();
  /** A second in which groups work; the machine draws 20 J more for each CPU second. */
  const second = (work: Readonly<Record<string, number>>) => {
    for (const [path, cpuSeconds] of Object.entries(work)) {
      usage.work(path, cpuSeconds);
      rapl.add('package', cpuSeconds * 20);
    }
    rapl.add('package', 10);
    clock.advance(1);
    return account.tick();
  };
  const seconds = (count: number, work: Readonly<Record<string, number>>): void => {
    for (let at = 0; at < count; at++) second(work);
  };
  const joules = (name: string) => account.sums.functions.get(name);
  const metric = (name: string) =>
    account.families().find(({ definition }) => definition.name === name)?.samples ?? [];
  return { clock, account, feed, store, second, seconds, joules, metric };
}

const everything = ({ sums }: PlatformAccount): number =>
  [...sums.functions.values()].reduce(
    (total, { individualJoules, controlPlaneJoules, idleJoules }) =>
      total + individualJoules + controlPlaneJoules + idleJoules,
    sums.unattributedJoules + sums.endedJoules,
  );

describe('functions that others serve', () => {
  it('have what their workers used, shares of the platform and of idle', async () => {
    const { account, joules, second } = await machine();
    second({});
    // More and less in turn: of what never changes nobody could say who caused it.
    for (let at = 0; at < 40; at++)
      second({
        '/fn/aes': 0.3 + (at % 3) * 0.3,
        '/fn/json': 0.1 + (at % 5) * 0.05,
        '/platform': 0.1,
        '/user': 0.1,
      });
    const [aes, json] = [joules('aes'), joules('json')];
    expect((aes?.individualJoules ?? 0) / (json?.individualJoules ?? 1)).toBeCloseTo(3, 0);
    expect(aes?.controlPlaneJoules).toBeGreaterThan(0);
    expect(aes?.idleJoules).toBeCloseTo(json?.idleJoules ?? 0, 6);
    expect(aes?.idleJoules).toBeGreaterThan(0);
    expect([...account.sums.functions.keys()].sort()).toEqual(['aes', 'json']);
  });

  it('have no calls where nobody tells of any', async () => {
    const { seconds, metric } = await machine();
    seconds(20, { '/fn/aes': 0.6 });
    expect(metric('wattloop_function_joules_total').length).toBeGreaterThan(0);
    expect(metric('wattloop_function_invocations_total')).toEqual([]);
  });

  it('pay nothing for idle while they rest, nor for what keeps their runtime awake', async () => {
    const { seconds, joules } = await machine();
    seconds(60, { '/fn/aes': 0.5, '/fn/rests': 0.001 });
    expect(joules('rests')?.idleJoules ?? 0).toBe(0);
    expect(joules('aes')?.idleJoules).toBeGreaterThan(0);
  });

  it('have the calls that are told of in sum', async () => {
    const { clock, feed, seconds, metric, store, account } = await machine();
    feed.covered.add('aes');
    seconds(3, { '/fn/aes': 0.5 });
    const to = clock.wall();
    feed.sink?.counted({ function: 'aes', from: to - 2, to, done: 8, failed: 2, seconds: 3 });
    seconds(20, {});
    const samples = metric('wattloop_function_invocations_total').map(({ labels, value }) => [labels, value]);
    expect(samples).toEqual([
      [{ function: 'aes', status: 'done' }, 8],
      [{ function: 'aes', status: 'failed' }, 2],
    ]);
    const kept = store.footprints({ from: 0, to: 1e12 })?.functions.find((each) => each.function === 'aes');
    expect(kept).toMatchObject({ calls: 10, errors: 2, callSeconds: 3 });
    await account.close();
  });

  it('give their calls the energy that was theirs, where each is told', async () => {
    const { clock, feed, seconds, store, metric } = await machine();
    feed.covered.add('aes');
    seconds(2, {});
    const from = clock.wall();
    feed.sink?.began('c1', 'aes', from);
    seconds(3, { '/fn/aes': 1 });
    const call = {
      id: 'c1',
      function: 'aes',
      version: '',
      replica: 'c1',
      attempt: 1,
      isAsync: false,
      arrivedAt: from,
      startedAt: from,
      endedAt: clock.wall(),
      cold: true,
      status: 'done',
      requestBytes: 0,
      responseBytes: 0,
    } as const;
    feed.sink?.ended(call);
    seconds(20, {});
    expect(metric('wattloop_function_invocations_total')).toMatchObject([
      { labels: { function: 'aes', status: 'done', start: 'cold' }, value: 1 },
    ]);
    const kept = store.footprints({ from: 0, to: 1e12 });
    expect(kept?.functions[0]).toMatchObject({ function: 'aes', calls: 1, cold: 1 });
    // Three seconds of one processor, at 20 W.
    expect(kept?.functions[0]?.individualJoules).toBeCloseTo(60, 0);
  });

  it('go on by what they use when nobody tells of their calls any more', async () => {
    const { feed, seconds, joules } = await machine();
    feed.covered.add('aes');
    seconds(30, { '/fn/aes': 0.5 });
    // Told to have had no call: what it used is its own all the same, but it stood ready for nobody.
    expect(joules('aes')?.idleJoules ?? 0).toBe(0);
    feed.failure = 'gone';
    seconds(60, { '/fn/aes': 0.5 });
    expect(joules('aes')?.idleJoules).toBeGreaterThan(0);
  });

  it('are there by what they use also while their platform tells of no call', async () => {
    const { feed, seconds, joules } = await machine(5, new HandFeed(true));
    feed.covered.add('cron');
    seconds(60, { '/fn/cron': 0.2 });
    expect(joules('cron')?.individualJoules).toBeGreaterThan(0);
    expect(joules('cron')?.idleJoules).toBeGreaterThan(0);
  });

  it('are those with workers here, whatever a cluster tells of others', async () => {
    const { clock, feed, seconds, metric, joules } = await machine(5, new HandFeed(true));
    seconds(3, {});
    const to = clock.wall();
    for (const name of ['aes', 'elsewhere'])
      feed.sink?.counted({ function: name, from: to - 2, to, done: 4, failed: 0, seconds: 1 });
    seconds(20, { '/fn/Aes': 0.5 });
    expect(metric('wattloop_function_invocations_total').map(({ labels }) => labels.function)).toEqual([
      'Aes',
    ]);
    expect(metric('wattloop_function_invocations_total')[0]?.value).toBe(4);
    expect(joules('elsewhere')).toBeUndefined();
  });

  it('have every joule once, whatever is told of them', async () => {
    const work = fc.dictionary(
      fc.constantFrom('/fn/a', '/fn/b', '/fn/c', '/platform', '/user'),
      fc.float({ min: 0, max: 1, noNaN: true }),
    );
    const told = fc.option(
      fc.record({ name: fc.constantFrom('a', 'b', 'd'), done: fc.nat(5), seconds: fc.nat(8) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(work, told), { minLength: 1, maxLength: 30 }), async (rows) => {
        const { clock, account, feed, second } = await machine(3);
        feed.covered.add('a');
        let accounted = 0;
        for (const [each, calls] of rows) {
          accounted = second(each).totals?.joules ?? accounted;
          const to = clock.wall();
          if (calls)
            feed.sink?.counted({
              function: calls.name,
              from: to - 1,
              to,
              done: calls.done,
              failed: 0,
              seconds: calls.seconds,
            });
        }
        await account.close();
        expect(everything(account)).toBeCloseTo(account.sums.measuredJoules, 6);
        // All but what was drawn before the first edge of the account's time.
        expect(account.sums.measuredJoules).toBeLessThanOrEqual(accounted + 1e-6);
      }),
      { numRuns: 40 },
    );
  });
});
